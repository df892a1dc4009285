#include "vorrat/rules/item.h"

#include <fmt/format.h>

#include "vorrat/base/error.h"

namespace vorrat::rules {
namespace {

Decimal checked(const Item& item, const char* what, double value) {
  if (!(value >= 0)) {
    throw InvalidInput(fmt::format("the {} of \"{}\" is {}, which is not a positive number", what,
                                   item.id, value));
  }
  return Decimal(value);
}

Decimal product(const Item& item, const Rating& rating) {
  if (rating.bits <= 0) {
    throw InvalidInput(fmt::format("the rating of \"{}\" in {} has a bit length of {}", item.id,
                                   rating.format, rating.bits));
  }
  return checked(item, "rating", rating.dense_tops) * Decimal(rating.bits);
}

// The rating with the highest product; none if there is no rating.
const Rating* decisive_rating(const Item& item) {
  const Rating* best = nullptr;
  for (const auto& rating : item.ratings) {
    if (best == nullptr || product(item, *best) < product(item, rating)) best = &rating;
  }
  return best;
}

Measurement known(Decimal value, Decimal divisor = Decimal(1.0)) {
  return {Measurement::State::known, value, divisor, {}};
}

Measurement missing(std::string what) {
  return {Measurement::State::not_given, {}, Decimal(1.0), std::move(what)};
}

Measurement tpp(const Item& item) {
  const Rating* best = decisive_rating(item);
  return best == nullptr ? missing("no rating is given") : known(product(item, *best));
}

Measurement performance_density(const Item& item) {
  if (item.process == Process::planar) {
    return {Measurement::State::does_not_apply, {}, Decimal(1.0), "all logic dies are planar"};
  }
  const Measurement total = tpp(item);
  if (total.state != Measurement::State::known) return total;
  if (!item.die_area_mm2) return missing("the die area is not given");
  const Decimal area = checked(item, "die area", *item.die_area_mm2);
  if (area == Decimal(0.0)) throw InvalidInput(fmt::format("the die area of \"{}\" is 0", item.id));
  return known(total.value, area);
}

Measurement bandwidth(const Item& item, const char* what, const std::optional<double>& value) {
  if (!value) return missing(fmt::format("the {} is not given", what));
  return known(checked(item, what, *value));
}

Measurement dram_plus_io(const Item& item) {
  const auto dram = measured(item, Measure::dram_bandwidth);
  const auto io = measured(item, Measure::io_bandwidth);
  if (dram.state != Measurement::State::known) return dram;
  if (io.state != Measurement::State::known) return io;
  return known(dram.value + io.value);
}

}  // namespace

Answer SaleInUs::on(Date day) const {
  if (ever == Answer::no) return Answer::no;
  if ((from && day < *from) || (until && day > *until)) return Answer::no;
  return from ? Answer::yes : Answer::unknown;
}

Measurement measured(const Item& item, Measure measure) {
  switch (measure) {
    case Measure::tpp:
      return tpp(item);
    case Measure::performance_density:
      return performance_density(item);
    case Measure::dram_bandwidth:
      return bandwidth(item, "DRAM bandwidth", item.dram_gb_per_s);
    case Measure::io_bandwidth:
      return bandwidth(item, "input and output bandwidth", item.io_gb_per_s);
    case Measure::dram_plus_io_bandwidth:
      return dram_plus_io(item);
    case Measure::memory_bandwidth_density:
      return bandwidth(item, "memory bandwidth density", item.memory_density_gb_per_s_mm2);
  }
  return missing("not measured");
}

std::string arithmetic(const Item& item, Measure measure) {
  const Measurement m = measured(item, measure);
  if (m.state != Measurement::State::known) return m.missing;
  switch (measure) {
    case Measure::tpp: {
      const Rating& best = *decisive_rating(item);
      return fmt::format("TPP = {} ({}) x {} = {}", to_string(Decimal(best.dense_tops)),
                         best.format, best.bits, to_string(m.value));
    }
    case Measure::performance_density:
      // Shown to six digits; compared in full.
      return fmt::format("performance density = {} / {} mm2 = {:.6g}", to_string(m.value),
                         to_string(m.divisor), m.value.to_double() / m.divisor.to_double());
    case Measure::dram_bandwidth:
      return fmt::format("DRAM bandwidth = {} GB/s", to_string(m.value));
    case Measure::io_bandwidth:
      return fmt::format("input and output bandwidth = {} GB/s", to_string(m.value));
    case Measure::dram_plus_io_bandwidth:
      return fmt::format("DRAM + input and output bandwidth = {} + {} = {} GB/s",
                         to_string(Decimal(*item.dram_gb_per_s)),
                         to_string(Decimal(*item.io_gb_per_s)), to_string(m.value));
    case Measure::memory_bandwidth_density:
      return fmt::format("memory bandwidth density = {} GB/s/mm2", to_string(m.value));
  }
  return {};
}

}  // namespace vorrat::rules
