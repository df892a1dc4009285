#include "vorrat/verbs/replan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <map>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/input/edit.h"
#include "vorrat/quantity/text.h"

namespace vorrat::verbs {
namespace {

using scenario::Fact;
using scenario::Scenario;
using store::Actual;

constexpr double seconds_per_quarter = units::quarter.value();
constexpr int weeks_per_quarter = 13;

std::string units_text(double count) { return fmt::format("{:.0f} units", std::max(0.0, count)); }

// Five digits: what is moved on by means is not known to more.
std::string text_of(AnyQuantity quantity) {
  quantity.value = std::strtod(fmt::format("{:.5g}", quantity.value).c_str(), nullptr);
  const std::string unit = natural_unit(quantity);
  return unit.empty() ? to_string(quantity) : to_string_in(quantity, unit);
}

using Writer = std::function<std::string(AnyQuantity)>;

// In the unit in which a cell is written: that of its first number.
Writer in_unit_of(const std::string& cell) {
  const std::size_t number = cell.find_first_not_of("+-0123456789.,_eE");
  if (number == std::string::npos) return text_of;
  const std::string rest = cell.substr(number);
  const std::string unit =
      rest.substr(rest.starts_with(' ') ? 1 : 0, std::min(rest.find(" to "), rest.find(" (")) - 1);
  const auto one = parse_quantity("1 " + unit);
  if (!one || one->value == 0.0) return text_of;
  return [unit, size = one->value](AnyQuantity quantity) {
    return fmt::format("{:.5g} {}", quantity.value / size, unit);
  };
}

// factor * fact + offset [base units], as a cell: a range stays a range, by its 10 and 90 % points.
std::string moved(const Fact& fact, double factor, double offset, const Writer& write) {
  const auto at = [&](AnyQuantity quantity) {
    quantity.value = std::max(0.0, factor * quantity.value + offset);
    return write(quantity);
  };
  const std::string low = at(fact.value.quantile(0.1)), high = at(fact.value.quantile(0.9));
  return fact.value.is_certain() || low == high ? at(fact.value.mean()) : low + " to " + high;
}

double amount(const Actual& entry) {
  const auto quantity = parse_quantity(entry.value);
  return quantity ? quantity->value : 0.0;
}

/// Moves one scenario; each step edits one file and says what it did.
class Mover {
 public:
  Mover(const store::Files& files, const Scenario& scenario, const std::vector<Actual>& actuals,
        Quarter first)
      : scenario_(scenario),
        actuals_(actuals),
        first_(first),
        elapsed_(quarters_between(scenario.horizon.first, first)) {
    result_.files = files;
    latest_ = scenario.horizon.known_on;
    for (const Actual& entry : actuals) {
      if (const auto day = parse_date(entry.date)) latest_ = std::max(latest_, *day);
    }
  }

  Replan run() {
    move_settings();
    move_gates();
    move_news();
    edit("offers.csv", [&](Grid& grid) { move_offers(grid); });
    edit("fleet.csv", [&](Grid& grid) { move_fleet(grid); });
    edit("workloads.csv", [&](Grid& grid) { move_workloads(grid); });
    edit("budget.csv", [&](Grid& grid) { move_budget(grid); });
    if (result_.files.contains("power_projects.csv"))
      edit("power_projects.csv", [&](Grid& grid) { move_windows(grid, "project"); });
    const bool has_licences = !of("licensed").empty();
    if (has_licences)
      note(
          "licences granted are kept beside the run and not applied: a scenario holds no balance "
          "of licences");
    return std::move(result_);
  }

 private:
  void note(std::string text) { result_.notes.push_back(std::move(text)); }

  std::vector<const Actual*> of(const std::string& what, const std::string& subject = "") const {
    std::vector<const Actual*> found;
    for (const Actual& entry : actuals_) {
      const auto quarter = parse_quarter(entry.quarter);
      const bool has_passed =
          quarter && (*quarter < first_ || (*quarter == first_ && is_state(what)));
      if (entry.what == what && has_passed && (subject.empty() || entry.subject == subject))
        found.push_back(&entry);
    }
    std::stable_sort(found.begin(), found.end(), [](const Actual* a, const Actual* b) {
      return parse_quarter(a->quarter) < parse_quarter(b->quarter);
    });
    return found;
  }
  // What holds at a time, and not over one, may be known of the new first quarter already.
  static bool is_state(const std::string& what) {
    return what == "gate" || what == "demand" || what == "counted";
  }
  double sum(const std::string& what, const std::string& subject) const {
    double total = 0.0;
    for (const Actual* entry : of(what, subject)) total += amount(*entry);
    return total;
  }

  void edit(const std::string& file, const std::function<void(Grid&)>& change) {
    const auto found = result_.files.find(file);
    auto grid = found != result_.files.end()
                    ? read_grid(found->second)
                    : Grid{.columns = {"accelerator", "site", "quantity", "source", "date", "kind"},
                           .rows = {}};
    needs(grid.has_value(), "tables that were read before");
    const Grid before = *grid;
    change(*grid);
    if (grid->columns != before.columns || grid->rows != before.rows)
      result_.files[file] = write_grid(*grid);
  }

  void set_source(Grid& grid, std::size_t row, const std::string& column, const Actual& entry) {
    grid.set(row, column + "_source", entry.source);
    grid.set(row, column + "_date", entry.date);
    grid.set(row, column + "_kind", "reported");
  }

  void set(const std::string& path, const std::string& literal) {
    std::string& text = result_.files.at("scenario.toml");
    const auto changed = with_value(text, path, literal);
    if (!changed)
      throw InvalidInput(fmt::format(
          "scenario.toml: {} cannot be changed where it stands; write it on one line", path));
    text = *changed;
  }

  void move_settings() {
    const int quarters = scenario_.horizon.quarters - elapsed_;
    set("horizon.first", fmt::format("\"{}\"", to_string(first_)));
    set("horizon.quarters", std::to_string(quarters));
    note(fmt::format("the horizon begins in {} instead of {} and ends where it did, {} quarters on",
                     to_string(first_), to_string(scenario_.horizon.first), quarters));
    const Date known_on = std::min(latest_, last_day(first_));
    if (known_on != scenario_.horizon.known_on) {
      set("horizon.known_on", to_string(known_on));
      note(fmt::format("what is known, the rules in force among it, is that of {}",
                       to_string(known_on)));
    }
    if (!written_value(result_.files.at("scenario.toml"), "tree.branching")) return;
    std::string list;
    const auto& branching = scenario_.settings.branching;
    for (std::size_t i = static_cast<std::size_t>(elapsed_); i < branching.size(); ++i)
      list += fmt::format("{}{}", list.empty() ? "" : ", ", branching[i]);
    set("tree.branching", "[" + list + "]");
  }

  void move_gates() {
    for (const auto& gate : scenario_.gates) {
      const auto entries = of("gate", gate.id);
      const std::string& start = gate.states[gate.start].id;
      if (entries.empty()) {
        note(fmt::format("gate {}: no state was entered, so it starts in \"{}\" as before", gate.id,
                         start));
        continue;
      }
      const Actual& last = *entries.back();
      set(fmt::format("gates.{}.start", gate.id), fmt::format("\"{}\"", last.value));
      note(fmt::format("gate {}: starts in \"{}\", its state in {}", gate.id, last.value,
                       last.quarter));
    }
  }

  // News that has come is no news any more: a factor of 1.
  void move_news() {
    for (const auto& process : scenario_.market.processes) {
      if (!process.news || first_ < process.news_in) continue;
      const std::string name = scenario::to_string(process.moves);
      set(fmt::format("market.{}.news.value", name), "\"1\"");
      set(fmt::format("market.{}.news_in", name), fmt::format("\"{}\"", to_string(first_ + 1)));
      note(
          fmt::format("market of {}: its news of {} is known now; write what it made of the tables",
                      name, to_string(process.news_in)));
    }
  }

  void move_offers(Grid& grid) {
    for (const auto& offer : scenario_.offers) {
      offer.transaction == scenario::Transaction::lease ? add_running(grid, offer)
                                                        : add_due(grid, offer);
    }
    const std::vector<std::string> gone = move_windows(grid, "offer");
    const auto is_gone = [&](const std::string& name) {
      return std::find(gone.begin(), gone.end(), name) != gone.end();
    };
    for (std::size_t r = 0; r < grid.rows.size(); ++r) {
      for (const char* column : {"redirect_to", "downgrade_to"}) {
        if (is_gone(grid.cell(grid.rows[r], column))) grid.set(r, column, "");
      }
    }
    for (const char* file : {"premium.csv", "supply.csv"}) {
      if (!result_.files.contains(file)) continue;
      edit(file, [&](Grid& steps) {
        std::erase_if(steps.rows,
                      [&](const Grid::Row& row) { return is_gone(steps.cell(row, "offer")); });
      });
    }
  }

  /// What can be begun from a first to a last quarter: names what is over and left out.
  std::vector<std::string> move_windows(Grid& grid, const std::string& name) {
    std::vector<std::string> gone;
    std::erase_if(grid.rows, [&](const Grid::Row& row) {
      const auto last = parse_quarter(grid.cell(row, "last"));
      if (!last || !(*last < first_)) return false;
      gone.push_back(grid.cell(row, name));
      note(fmt::format("{} {}: on offer until {}, so it is left out", name, gone.back(),
                       to_string(*last)));
      return true;
    });
    for (std::size_t r = 0; r < grid.rows.size(); ++r) {
      const auto begins = parse_quarter(grid.cell(grid.rows[r], "first"));
      if (begins && *begins < first_) grid.set(r, "first", to_string(first_));
    }
    return gone;
  }

  // What was ordered and is still to come; what came first was ordered first.
  void add_due(Grid& grid, const scenario::Offer& offer) {
    double came = sum("delivered", offer.id);
    for (const Actual* order : of("ordered", offer.id)) {
      const Quarter ordered = *parse_quarter(order->quarter);
      const double due = std::max(0.0, amount(*order) - came);
      came = std::max(0.0, came - amount(*order));
      if (due < 0.5) continue;
      const std::size_t row = add_offer(grid, offer, "-due-" + order->quarter, due, *order);
      const int left = std::max(0, offer.lead_quarters - quarters_between(ordered, first_));
      grid.set(row, "lead_time", fmt::format("{} weeks", left * weeks_per_quarter));
      AnyQuantity price = offer.price.value.mean();
      // A price must be positive: one thousandth of the whole stands for nothing left to pay.
      price.value *= std::max(1.0 - offer.deposit.value.mean().value, 0.001);
      grid.set(row, "price", text_of(price));
      grid.set(row, "deposit", "0 %");
    }
  }

  // What is still rented.
  void add_running(Grid& grid, const scenario::Offer& offer) {
    for (const Actual* order : of("ordered", offer.id)) {
      const int left = offer.term - quarters_between(*parse_quarter(order->quarter), first_);
      if (left < 1 || amount(*order) < 0.5) continue;
      const std::size_t row =
          add_offer(grid, offer, "-running-" + order->quarter, amount(*order), *order);
      grid.set(row, "lead_time", "0 weeks");
      grid.set(row, "term", fmt::format("{} weeks", left * weeks_per_quarter));
    }
  }

  // The offer again, for `count` in the first quarter, free of what only new orders are bound by.
  std::size_t add_offer(Grid& grid, const scenario::Offer& offer, const std::string& suffix,
                        double count, const Actual& entry) {
    const auto place = std::find_if(grid.rows.begin(), grid.rows.end(), [&](const Grid::Row& row) {
      return grid.cell(row, "offer") == offer.id;
    });
    needs(place != grid.rows.end(), "a row for each offer");
    grid.rows.push_back(Grid::Row(*place));
    const std::size_t row = grid.rows.size() - 1;
    grid.set(row, "offer", offer.id + suffix);
    grid.set(row, "first", to_string(first_));
    grid.set(row, "last", to_string(first_));
    grid.set(row, "supply", fmt::format("{:.0f} units/quarter", count));
    grid.set(row, "price_level", "no");
    grid.set(row, "confirmed", "yes");
    for (const char* column : {"installation", "refund", "redirect_to", "downgrade_to",
                               "application_fee", "rack", "minimum_order"}) {
      if (grid.place_of(column)) grid.set(row, column, "");
    }
    set_source(grid, row, "supply", entry);
    note(fmt::format("offer {}: {:.0f} that are bound, offered in {} to be taken",
                     offer.id + suffix, count, to_string(first_)));
    return row;
  }

  /// The share that `quarters` leave, at the mean of an attrition.
  static double survival(const Fact& attrition, int quarters) {
    const double yearly = attrition.value.mean().value * 4 * seconds_per_quarter;
    return std::pow(std::max(0.0, 1.0 - yearly), 0.25 * quarters);
  }

  /// Accelerators of one kind at one site; the rows of fleet.csv that hold them.
  struct Pool {
    std::string part, place;
    std::vector<std::size_t> rows;
    const Actual* counted = nullptr;  // the last count
    double delivered = 0.0;           // since then, or since the old first quarter
  };

  void move_fleet(Grid& grid) {
    needs(grid.rows.size() == scenario_.fleet.size(), "one row of fleet.csv for each entry");
    std::vector<std::size_t> gone = retired_rows();
    for (const Pool& pool : pools_of()) {
      move_pool(grid, pool);
      if (pool.counted && pool.rows.size() > 1)
        gone.insert(gone.end(), pool.rows.begin() + 1, pool.rows.end());
    }
    std::sort(gone.rbegin(), gone.rend());
    gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
    for (const std::size_t row : gone) grid.rows.erase(grid.rows.begin() + static_cast<long>(row));
  }

  std::vector<std::size_t> retired_rows() const {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < scenario_.fleet.size(); ++row) {
      const auto& retires = scenario_.fleet[row].retires;
      if (retires && *retires <= first_) rows.push_back(row);
    }
    return rows;
  }

  std::vector<const Actual*> counts_of(std::size_t accelerator, std::size_t site) const {
    return of("counted",
              scenario_.accelerators[accelerator].id + " at " + scenario_.sites[site].id);
  }

  std::vector<Pool> pools_of() const {
    std::map<std::pair<std::size_t, std::size_t>, Pool> pools;
    const auto at = [&](std::size_t accelerator, std::size_t site) -> Pool& {
      Pool& pool = pools[{accelerator, site}];
      pool.part = scenario_.accelerators[accelerator].id;
      pool.place = scenario_.sites[site].id;
      const auto counts = counts_of(accelerator, site);
      if (!counts.empty()) pool.counted = counts.back();
      return pool;
    };
    for (std::size_t part = 0; part < scenario_.accelerators.size(); ++part) {
      for (std::size_t site = 0; site < scenario_.sites.size(); ++site) {
        if (!counts_of(part, site).empty()) at(part, site);
      }
    }
    for (std::size_t row = 0; row < scenario_.fleet.size(); ++row)
      at(scenario_.fleet[row].accelerator, scenario_.fleet[row].site).rows.push_back(row);
    for (const auto& offer : scenario_.offers) {
      if (offer.transaction != scenario::Transaction::buy) continue;
      Pool& pool = at(offer.accelerator, offer.site);
      const Quarter from = pool.counted ? *parse_quarter(pool.counted->quarter) : Quarter{};
      for (const Actual* entry : of("delivered", offer.id)) {
        if (!(*parse_quarter(entry->quarter) < from)) pool.delivered += amount(*entry);
      }
    }
    std::vector<Pool> list;
    for (auto& [place, pool] : pools) list.push_back(std::move(pool));
    return list;
  }

  void move_pool(Grid& grid, Pool pool) {
    if (pool.rows.empty()) {
      if (!pool.counted && pool.delivered < 0.5) return;
      pool.rows.push_back(add_pool(grid, pool));
    }
    if (pool.counted) pool.rows.resize(1);
    // What came is added to the first row of its pool.
    for (const std::size_t row : pool.rows)
      move_row(grid, pool, row, row == pool.rows.front() ? pool.delivered : 0.0);
  }

  void move_row(Grid& grid, const Pool& pool, std::size_t row, double delivered) {
    scenario::FleetEntry entry = {.quantity = {.value = Uncertain(*parse_quantity("0 units"))}};
    if (row < scenario_.fleet.size()) entry = scenario_.fleet[row];
    if (entry.age)
      grid.set(row, "age", moved(*entry.age, 1.0, elapsed_ * seconds_per_quarter, text_of));
    Fact count = entry.quantity;
    Quarter from = scenario_.horizon.first;
    if (pool.counted) {
      count.value = Uncertain(*parse_quantity(pool.counted->value));
      from = *parse_quarter(pool.counted->quarter);
    }
    const double left = survival(entry.attrition.value_or(scenario_.fleet_terms.attrition),
                                 quarters_between(from, first_));
    const std::string text = moved(count, left, delivered, [](const AnyQuantity& quantity) {
      return units_text(quantity.value);
    });
    set_count(grid, row, text, pool.counted);
    note(fmt::format("fleet: {} {} at {} ({}, less {:.1f} % attrition, plus {:.0f} delivered)",
                     text, pool.part, pool.place,
                     pool.counted ? "as counted for " + pool.counted->quarter : "as before",
                     100 * (1 - left), delivered));
  }

  static std::size_t add_pool(Grid& grid, const Pool& pool) {
    grid.rows.emplace_back(grid.columns.size());
    const std::size_t row = grid.rows.size() - 1;
    grid.set(row, "accelerator", pool.part);
    grid.set(row, "site", pool.place);
    return row;
  }

  void set_count(Grid& grid, std::size_t row, const std::string& text, const Actual* entry) {
    grid.set(row, "quantity", text);
    grid.set(row, "quantity_source", entry ? entry->source : "moved on by vorrat actuals");
    grid.set(row, "quantity_date",
             entry ? entry->date : to_string(std::min(latest_, last_day(first_))));
    grid.set(row, "quantity_kind", entry ? "reported" : "derived");
  }

  void move_workloads(Grid& grid) {
    for (std::size_t r = 0; r < grid.rows.size(); ++r) {
      const std::string id = grid.cell(grid.rows[r], "workload");
      const auto workload = std::find_if(scenario_.workloads.begin(), scenario_.workloads.end(),
                                         [&](const auto& known) { return known.id == id; });
      if (workload != scenario_.workloads.end()) move_workload(grid, r, *workload);
    }
  }

  void move_workload(Grid& grid, std::size_t row, const scenario::Workload& workload) {
    const auto entries = of("demand", workload.id);
    const int from = entries.empty() ? 0
                                     : quarters_between(scenario_.horizon.first,
                                                        *parse_quarter(entries.back()->quarter));
    const double growth = workload.growth.value.mean().value * seconds_per_quarter;
    const double fade = workload.growth_fade.value.mean().value * seconds_per_quarter;
    double factor = 1.0;
    for (int t = from + 1; t <= elapsed_; ++t) factor *= 1.0 + growth * std::pow(1.0 - fade, t - 1);
    Fact demand = workload.demand;
    if (!entries.empty()) demand.value = Uncertain(*parse_quantity(entries.back()->value));
    const std::string cell =
        entries.empty() ? grid.cell(grid.rows[row], "demand") : entries.back()->value;
    grid.set(row, "demand", moved(demand, factor, 0.0, in_unit_of(cell)));
    if (!entries.empty()) set_source(grid, row, "demand", *entries.back());
    note(fmt::format("demand of {}: {} ({}, grown by {:.1f} %)", workload.id,
                     grid.cell(grid.rows[row], "demand"),
                     entries.empty() ? "as before" : "as entered for " + entries.back()->quarter,
                     100 * (factor - 1)));
    if (fade > 0) grid.set(row, "growth", faded(workload.growth, std::pow(1.0 - fade, elapsed_)));
  }

  static std::string faded(const Fact& growth, double factor) {
    const auto percent = [&](double rate) {
      return fmt::format("{:.4g} %/quarter", 100 * rate * factor * seconds_per_quarter);
    };
    if (growth.value.is_certain()) return percent(growth.value.mean().value);
    return percent(growth.value.quantile(0.1).value) + " to " +
           percent(growth.value.quantile(0.9).value);
  }

  void move_budget(Grid& grid) {
    std::erase_if(grid.rows, [&](const Grid::Row& row) {
      return std::atoi(grid.cell(row, "year").c_str()) < first_.year;
    });
    for (std::size_t r = 0; r < grid.rows.size(); ++r) {
      drop_past_revision(grid, r);
      if (std::atoi(grid.cell(grid.rows[r], "year").c_str()) != first_.year) continue;
      const std::string account = grid.cell(grid.rows[r], "account");
      for (const auto& budget : scenario_.budget) {
        if (budget.year == first_.year && account == scenario::to_string(budget.account))
          take_spent(grid, r, account, budget);
      }
    }
  }

  void drop_past_revision(Grid& grid, std::size_t row) {
    const auto revised = parse_quarter(grid.cell(grid.rows[row], "revised"));
    if (!revised || first_ < *revised) return;
    grid.set(row, "revision", "");
    grid.set(row, "revised", "");
    note(fmt::format("{} budget of {}: its revision of {} is over; write the amount it left",
                     grid.cell(grid.rows[row], "account"), grid.cell(grid.rows[row], "year"),
                     to_string(*revised)));
  }

  void take_spent(Grid& grid, std::size_t row, const std::string& account,
                  const scenario::BudgetEntry& budget) {
    double spent = 0.0;  // [the budget's currency]
    const Actual* last = nullptr;
    AnyQuantity one = budget.amount.value.mean();
    one.value = 1.0;
    const double rate = scenario_.in_currency(one).value;
    for (const Actual* entry : of("spent", account)) {
      if (parse_quarter(entry->quarter)->year != first_.year) continue;
      spent += scenario_.in_currency(*parse_quantity(entry->value)).value / rate;
      last = entry;
    }
    const bool begins_with_year = first_.number == 1;
    if (!last) {
      if (!begins_with_year)
        note(fmt::format("{} budget of {}: nothing was entered as spent, so it stays whole",
                         account, first_.year));
      return;
    }
    if (budget.amount.value.mean().value < spent)
      note(fmt::format("{} budget of {}: more was spent than there was", account, first_.year));
    grid.set(row, "amount", moved(budget.amount, 1.0, -spent, text_of));
    set_source(grid, row, "amount", *last);
    note(fmt::format("{} budget of {}: {} are left", account, first_.year,
                     grid.cell(grid.rows[row], "amount")));
  }

  const Scenario& scenario_;  // both outlive the Mover, a local of replan()
  const std::vector<Actual>& actuals_;
  Quarter first_;
  int elapsed_;  // quarters from the old first to the new
  Date latest_;
  Replan result_;
};

}  // namespace

Replan replan(const store::Files& files, const Scenario& scenario,
              const std::vector<Actual>& actuals, Quarter first) {
  needs(scenario.horizon.first < first && first <= scenario.horizon.last(),
        "a quarter of the horizon after its first one");
  return Mover(files, scenario, actuals, first).run();
}

}  // namespace vorrat::verbs
