#include "vorrat/quantity/claim.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "vorrat/base/diagnostics.h"

namespace vorrat {
namespace {

using Kind = Expression::Kind;

// What "about" allows to either side.
constexpr double about = 0.1;
// A slip of a unit is looked for with this much room, beyond rounding.
constexpr double room = 0.005;

InvalidInput unknown_figure(const Expression& name, const Figures& figures) {
  std::vector<std::string> known;
  for (const auto& [figure, value] : figures) known.push_back(figure);
  const std::string hint = did_you_mean(name.name, known);
  return InvalidInput(fmt::format("there is no figure \"{}\"{}{}", full_name(name),
                                  hint.empty() ? "" : "; ", hint));
}

const Figure& figure_of(const Expression& name, const Figures& figures) {
  const auto found = figures.find(full_name(name));
  if (found == figures.end()) throw unknown_figure(name, figures);
  return found->second;
}

AnyQuantity point(const Expression& formula, const Figures& figures) {
  return evaluate(formula, [&](const Expression& name) { return figure_of(name, figures).value; });
}

QuantityInterval range(const Expression& formula, const Figures& figures) {
  return evaluate_interval(
      formula, [&](const Expression& name) { return figure_of(name, figures).stands_for; });
}

// What `says` says: a figure as written, else a formula behind a word of relation.
Figure read_said(const std::string& says, const Figures& figures) {
  const auto written = parse_figure(says);
  if (written) return *written;
  std::string_view rest = says;
  const Relation relation = take_relation(rest);
  const auto formula = parse_expression(rest);
  bool has_names = false;
  if (formula) for_each_name(*formula, [&](const Expression&) { has_names = true; });
  if (!has_names) throw ClaimFault{false, written.error()};
  try {
    Figure said{.relation = relation, .value = point(*formula, figures)};
    said.ends = {said.value, said.value};
    said.stands_for = range(*formula, figures);
    return said;
  } catch (TextFault& fault) {
    fault.position += static_cast<int>(says.size() - rest.size());
    throw ClaimFault{false, fault};
  }
}

bool is_exactly(double a, double b) {
  return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

QuantityInterval widened(QuantityInterval ends, double share) {
  ends.low.value -= share * std::abs(ends.low.value);
  ends.high.value += share * std::abs(ends.high.value);
  return ends;
}

Verdict verdict_of(const Judgement& j) {
  const double found = j.found.value, low = j.found_range.low.value,
               high = j.found_range.high.value;
  const auto choose = [](bool holds, bool may_hold) {
    if (holds) return Verdict::holds;
    return may_hold ? Verdict::holds_within_rounding : Verdict::does_not_hold;
  };
  switch (j.said.relation) {
    case Relation::less:
    case Relation::at_most:
      return choose(high <= j.said.value.value, low <= j.said.stands_for.high.value);
    case Relation::more:
    case Relation::at_least:
      return choose(low >= j.said.value.value, high >= j.said.stands_for.low.value);
    default:
      break;
  }
  const double share = j.said.relation == Relation::about ? about : 0;
  const QuantityInterval wide = widened(j.said.stands_for, share);
  const bool overlaps = low <= wide.high.value && high >= wide.low.value;
  if (j.said.relation == Relation::equals)
    return choose(is_exactly(found, j.said.value.value), overlaps);
  const QuantityInterval ends = widened(j.said.ends, share);
  return choose(found >= ends.low.value && found <= ends.high.value, overlaps);
}

// Whether the claim would hold within rounding if the value found were divided by `factor`.
bool would_hold(const Judgement& j, double factor) {
  if (j.said.relation != Relation::equals && j.said.relation != Relation::about &&
      j.said.relation != Relation::range) {
    return false;
  }
  // The range found may be open to one side, and an open range meets any factor: so only the value.
  Judgement scaled = j;
  scaled.found.value /= factor;
  scaled.found_range = widened({scaled.found, scaled.found}, room);
  return verdict_of(scaled) != Verdict::does_not_hold;
}

struct UnitSlip {
  double factor;
  std::string_view words;
  bool (*applies)(const Dimension&);
};

bool has_data(const Dimension& d) { return d.data != 0; }
bool has_compute(const Dimension& d) { return d.compute != 0; }
bool has_time(const Dimension& d) { return d.time != 0; }
bool is_power_or_energy(const Dimension& d) { return d.energy != 0; }
bool is_counted_in_myriads(const Dimension& d) {
  return d.money != 0 || d.count != 0 || d.tokens != 0;
}

constexpr std::array unit_slips = std::to_array<UnitSlip>(
    {{8, "bits for bytes (a factor of 8)", has_data},
     {2, "sparse for dense ratings (a factor of 2)", has_compute},
     {12, "a month for a year (a factor of 12)", has_time},
     {4, "a quarter for a year (a factor of 4)", has_time},
     {24, "an hour for a day (a factor of 24)", has_time},
     {365.25, "a day for a year (a factor of 365)", has_time},
     {8766, "power for energy over a year (a factor of 8766)", is_power_or_energy},
     {3.6, "watt-hours for joules (a factor of 3.6)", is_power_or_energy},
     {1e4, "万 (ten thousand) left out (a factor of 10^4)", is_counted_in_myriads}});

void look_for_powers_of_ten(Judgement& j) {
  for (const int k : {1, -1, 2, -2, 3, -3, 4, -4, 6, -6, 9, -9}) {
    if (would_hold(j, std::pow(10.0, k))) {
      j.slips.push_back(fmt::format("looks like a slip of 10^{}", std::abs(k)));
    }
  }
}

void look_for_units(Judgement& j) {
  for (const UnitSlip& slip : unit_slips) {
    if (!slip.applies(j.found.dimension)) continue;
    if (would_hold(j, slip.factor) || would_hold(j, 1 / slip.factor)) {
      j.slips.push_back(fmt::format("looks like {}", slip.words));
    }
  }
}

// One currency taken for another, at a rate among the figures.
void look_for_currencies(Judgement& j, const Figures& figures) {
  if (j.found.dimension.money == 0) return;
  for (const auto& [name, figure] : figures) {
    if (!figure.value.is_exchange_rate()) continue;
    const double rate = figure.value.value;
    if (would_hold(j, rate) || would_hold(j, 1 / rate)) {
      j.slips.push_back(fmt::format("looks like {} taken for {}", figure.value.currency.code(),
                                    figure.value.per_currency.code()));
    }
  }
}

// What was found is 10^k times a figure of the list, which would do.
void look_for_figures(Judgement& j, const Figures& figures) {
  for (const auto& [name, figure] : figures) {
    if (!same_kind(figure.value, j.found) || figure.value.value == 0) continue;
    for (const int k : {1, -1, 2, -2, 3, -3}) {
      const double scaled = j.found.value / std::pow(10.0, k);
      if (scaled < figure.stands_for.low.value || scaled > figure.stands_for.high.value) continue;
      Judgement mended = j;
      mended.found = figure.value;
      mended.found_range = figure.stands_for;
      if (verdict_of(mended) == Verdict::does_not_hold) continue;
      j.slips.push_back(fmt::format("looks like a slip of 10^{}: \"{}\" is {}", std::abs(k), name,
                                    to_string(figure.value)));
    }
  }
}

void collect_terms(const Expression& e, std::vector<Expression>& terms) {
  if (e.kind == Kind::add || (e.kind == Kind::call && e.name == "sum")) {
    for (const Expression& operand : e.operands) collect_terms(operand, terms);
  } else {
    terms.push_back(e);
  }
}

void look_for_missing_columns(Judgement& j, const Expression& formula, const Figures& figures) {
  std::vector<Expression> terms;
  collect_terms(formula, terms);
  if (terms.size() < 3) return;
  for (std::size_t left_out = 0; left_out < terms.size(); ++left_out) {
    Expression sum{.kind = Kind::call, .name = "sum"};
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (i != left_out) sum.operands.push_back(terms[i]);
    }
    Judgement without = j;
    without.found = point(sum, figures);
    without.found_range = range(sum, figures);
    if (verdict_of(without) == Verdict::does_not_hold) continue;
    const Expression& term = terms[left_out];
    j.slips.push_back(fmt::format(
        "looks like a missing column: the sum without {}",
        term.kind == Kind::name ? "\"" + full_name(term) + "\"" : to_string(point(term, figures))));
  }
}

void set_factors(Judgement& j) {
  const double low = j.said.ends.low.value, high = j.said.ends.high.value;
  const double found = j.found.value;
  if (!(low * found > 0) || !(high * found > 0)) {
    j.least_factor = j.most_factor = 0;
    return;
  }
  j.least_factor = std::min(found / low, found / high);
  j.most_factor = std::max(found / low, found / high);
}

// Four digits are enough to compare.
std::string rounded(const AnyQuantity& quantity) {
  return to_string_in(quantity, natural_unit(quantity), 4);
}

std::string factor_text(double factor) {
  const double shown = factor < 1 ? 1 / factor : factor;
  return shown < 10 ? fmt::format("{:.2f}", shown) : fmt::format("{:.0f}", shown);
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds:
      return "holds";
    case Verdict::holds_within_rounding:
      return "holds within rounding";
    case Verdict::does_not_hold:
      return "does not hold";
  }
  return "";
}

Judgement judge(const Claim& claim, const Figures& figures) {
  const auto formula = parse_expression(claim.formula);
  if (!formula) throw ClaimFault{true, formula.error()};
  Judgement j;
  try {
    j.found = point(*formula, figures);
    j.found_range = range(*formula, figures);
  } catch (const TextFault& fault) {
    throw ClaimFault{true, fault};
  }
  j.said = read_said(claim.says, figures);
  if (!same_kind(j.said.value, j.found)) {
    throw ClaimFault{
        false,
        {0, static_cast<int>(claim.says.size()),
         fmt::format(
             "the formula gives {}, but this is {}",
             j.found.is_exchange_rate() ? "an exchange rate" : name_with_article(j.found.dimension),
             j.said.value.is_exchange_rate() ? "an exchange rate"
                                             : name_with_article(j.said.value.dimension)),
         "write both in one kind and currency"}};
  }
  j.verdict = verdict_of(j);
  if (j.verdict != Verdict::does_not_hold) return j;
  set_factors(j);
  look_for_missing_columns(j, *formula, figures);
  look_for_powers_of_ten(j);
  look_for_figures(j, figures);
  look_for_units(j);
  look_for_currencies(j, figures);
  return j;
}

std::string to_string(const Judgement& j) {
  std::string text = fmt::format("{}: {}", to_string(j.verdict), rounded(j.found));
  if (j.verdict == Verdict::holds_within_rounding &&
      j.found_range.low.value != j.found_range.high.value) {
    text += fmt::format(" ({} to {} within rounding)", rounded(j.found_range.low),
                        rounded(j.found_range.high));
  }
  if (j.verdict != Verdict::does_not_hold) return text;
  if (j.most_factor == 0) {
    text += ", of the other sign";
  } else {
    const double near = std::abs(std::log(j.least_factor)) < std::abs(std::log(j.most_factor))
                            ? j.least_factor
                            : j.most_factor;
    const double far = near == j.least_factor ? j.most_factor : j.least_factor;
    text +=
        fmt::format(", too {} by a factor of {}", near > 1 ? "large" : "small", factor_text(near));
    if (factor_text(near) != factor_text(far)) text += fmt::format(" to {}", factor_text(far));
  }
  for (const std::string& slip : j.slips) text += "; " + slip;
  return text;
}

}  // namespace vorrat
