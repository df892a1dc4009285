#include "vorrat/scenario/loader.h"

#include <fmt/format.h>

#include <cmath>
#include <tuple>

#include "vorrat/base/error.h"
#include "vorrat/quantity/text.h"

namespace vorrat::scenario {
void Loader::read_sites() {
  for_each_row("sites.csv", "site", [&](Record row) {
    Site site;
    site.id = own_name(row, "site", site_ids_);
    site.title = row.required<std::string>("title");
    site.jurisdiction = row.required<std::string>("jurisdiction");
    site.owner = row.required<std::string>("owner");
    site.pue = fact(row, "pue", dimensions::none, Bounds::between(1, 4));
    site.electricity = fact(row, "electricity", dimensions::energy_price);
    check_currency(row, "electricity", site.electricity);
    compare_electricity(row, site);
    if (row.has("place")) site.place = read_coordinates(row);
    scenario_.sites.push_back(std::move(site));
  });
}

std::optional<Site::Coordinates> Loader::read_coordinates(Record& row) {
  const std::string text = row.text("place");
  const std::size_t comma = text.find(',');
  const auto number = [](const std::string& part) { return parse_quantity(part); };
  if (comma != std::string::npos) {
    const auto latitude = number(text.substr(0, comma));
    const auto longitude = number(text.substr(comma + 1));
    if (latitude && longitude && latitude->dimension == dimensions::none &&
        longitude->dimension == dimensions::none && std::abs(latitude->value) <= 90 &&
        std::abs(longitude->value) <= 180) {
      return Site::Coordinates{latitude->value, longitude->value};
    }
  }
  row.fault("place",
            fmt::format("the place of {} is \"{}\", which is not a latitude and a longitude",
                        row.subject(), text),
            "write degrees north and east, as in \"60.79, 11.07\"");
  return std::nullopt;
}

void Loader::read_power() {
  std::set<std::pair<std::size_t, Quarter>> seen;
  for_each_row("power.csv", "site", [&](Record row) {
    row.identify("site");
    const std::size_t site = reference(row, "site", site_ids_, "site", "sites.csv");
    Site::PowerPhase phase;
    phase.from = row.required<Quarter>("from");
    phase.power = fact(row, "power", dimensions::power);
    if (site >= scenario_.sites.size() || row.text("site") != scenario_.sites[site].id) return;
    if (!seen.insert({site, phase.from}).second) {
      row.fault("from",
                fmt::format("the power of site \"{}\" from {} on stands twice",
                            scenario_.sites[site].id, vorrat::to_string(phase.from)),
                "keep one of them");
    }
    scenario_.sites[site].power.push_back(std::move(phase));
  });
  if (!is_readable("power.csv")) return;
  for (Site& site : scenario_.sites) {
    std::sort(site.power.begin(), site.power.end(),
              [](const auto& a, const auto& b) { return a.from < b.from; });
    if (!site.power.empty() || site.id.empty()) continue;
    faults_.add_error("power.csv", fmt::format("site \"{}\" has no power", site.id),
                      "write a row with the quarter from which it has some");
  }
}

void Loader::read_workloads() {
  for_each_row("workloads.csv", "workload", [&](Record row) {
    Workload workload;
    workload.id = own_name(row, "workload", workload_ids_);
    workload.title = row.required<std::string>("title");
    workload.work = work_dimension(row);
    workload.demand = fact(row, "demand", workload.work / dimensions::time, Bounds::positive());
    workload.growth =
        fact(row, "growth", dimensions::frequency, Bounds::at_least(-1 / units::quarter.value()));
    workload.growth_fade =
        fact_or(row, "growth_fade", dimensions::frequency,
                Bounds::between(0, 1 / units::quarter.value()), "0 %/quarter", "it does not fade");
    workload.peak_factor = fact_or(row, "peak_factor", dimensions::none, Bounds::at_least(1), "1",
                                   "demand is even over the day");
    workload.minimum_service = fact_or(row, "minimum_service", dimensions::none, Bounds::share(),
                                       "0 %", "all of it may go unserved");
    workload.unserved_price = fact(row, "unserved_price", dimensions::money / workload.work);
    check_currency(row, "unserved_price", workload.unserved_price);
    if (row.has("first")) workload.first = row.required<Quarter>("first");
    workload.software_gain = shared_fact_or(row, "software_gain", dimensions::frequency, {},
                                            "0 %/quarter", "throughput stays as it is");
    read_residency(row, workload);
    workload.runs = read_work_model(row, workload);
    scenario_.workloads.push_back(std::move(workload));
  });
}

// What the demand is of; where that cannot be read, what its price is for, so that one fault does
// not look like four.
Dimension Loader::work_dimension(const Record& row) {
  const auto demand = parse_uncertain(row.text("demand")),
             price = parse_uncertain(row.text("unserved_price"));
  const std::initializer_list<Dimension> works = {dimensions::tokens, dimensions::requests,
                                                  dimensions::compute_work};
  for (const Dimension work : works)
    if (demand && demand->dimension() == work / dimensions::time) return work;
  for (const Dimension work : works)
    if (price && price->dimension() == dimensions::money / work) return work;
  return dimensions::tokens;
}

void Loader::read_residency(Record& row, Workload& workload) {
  if (!is_readable("sites.csv")) {
    row.required<std::string>("sites");
    return;
  }
  for (const std::string& id : row.references("sites", site_ids_, "site")) {
    const std::size_t site = index_of(site_ids_, id);
    if (!id.empty()) workload.sites.push_back(site);
  }
  if (row.text("sites").empty()) {
    row.fault("sites", fmt::format("{} may run nowhere", row.subject()),
              "name the sites where it may run, separated by \";\"");
  }
}

void Loader::read_throughput() {
  std::set<std::pair<std::string, std::string>> seen;
  for_each_row("throughput.csv", "accelerator", [&](Record row) {
    Throughput entry;
    row.identify("accelerator");
    const std::string id = row.reference("accelerator", accelerator_ids_, "accelerator");
    entry.workload = reference(row, "workload", workload_ids_, "workload", "workloads.csv");
    if (entry.workload >= scenario_.workloads.size()) return;
    const Workload& workload = scenario_.workloads[entry.workload];
    if (workload.id != row.text("workload")) return;
    entry.rate = fact(row, "throughput", workload.work / dimensions::time / dimensions::count,
                      Bounds::positive());
    entry.serving_cost =
        cost_or_none(row, "serving_cost", dimensions::rent, "serving costs electricity alone");
    if (!seen.insert({id, workload.id}).second) {
      row.fault("workload",
                fmt::format("the throughput of \"{}\" for \"{}\" stands twice", id, workload.id),
                "keep one of them");
    }
    for (std::size_t i = 0; i < scenario_.accelerators.size(); ++i) {
      if (scenario_.accelerators[i].id != id) continue;
      entry.accelerator = i;
      scenario_.throughput.push_back(entry);
    }
  });
}

void Loader::read_fleet() {
  std::set<std::tuple<std::size_t, std::size_t, std::string, std::string>> seen;
  for_each_row("fleet.csv", "accelerator", [&](Record row) {
    FleetEntry entry;
    row.identify("accelerator");
    entry.accelerator = accelerator(row);
    check_power_known(row, entry.accelerator);
    entry.site = reference(row, "site", site_ids_, "site", "sites.csv");
    entry.quantity = fact(row, "quantity", dimensions::count);
    read_aging(row, entry);
    const bool is_new =
        seen.insert({entry.accelerator, entry.site, row.text("age"), row.text("retires")}).second;
    if (!is_new && !row.text("site").empty()) {
      row.fault(
          "accelerator",
          fmt::format("\"{}\" at \"{}\" stands twice", row.text("accelerator"), row.text("site")),
          "keep one of them, or tell them apart by their age");
    }
    scenario_.fleet.push_back(std::move(entry));
  });
}

void Loader::read_aging(Record& row, FleetEntry& entry) {
  entry.age = optional_fact(row, "age", dimensions::time, {}, "new", "it ages with what is bought");
  if (row.has("retires")) {
    entry.retires = row.required<Quarter>("retires");
  } else {
    note_once(row, "retires", "never", "nothing retires within the horizon");
  }
  entry.attrition =
      optional_fact(row, "attrition", dimensions::frequency, {}, "that of [fleet]", "one for all");
  entry.resale = optional_fact(row, "resale", dimensions::unit_price, {}, "not sold",
                               "nothing is sold before the end");
  if (entry.resale) check_currency(row, "resale", *entry.resale);
  const Bounds fall = Bounds::between(0, 1 / units::year.value());
  if (!row.has("resale_fall")) {
    entry.resale_fall = filled_in(row, "resale_fall", "0 %/year");
    if (entry.resale) note_once(row, "resale_fall", "0 %/year", "the price stays");
    return;
  }
  entry.resale_fall = fact(row, "resale_fall", dimensions::frequency, fall);
  if (!entry.resale) {
    row.fault("resale_fall", fmt::format("{} has no resale price that could fall", row.subject()),
              "write the price of the first quarter under resale, or leave the cell empty");
  }
}

void Loader::read_minimum_fleet() {
  Names ids;
  for_each_row("minimum_fleet.csv", "minimum fleet", [&](Record row) {
    MinimumFleet minimum;
    minimum.id = own_name(row, "minimum", ids);
    minimum.from = row.required<Quarter>("from");
    minimum.quantity = fact(row, "quantity", dimensions::count);
    Names parts;
    for (const catalog::Accelerator& part : scenario_.accelerators) parts.push_back(part.id);
    for (const std::string& id :
         row.references("accelerators", parts, "accelerator of this scenario"))
      if (!id.empty()) minimum.accelerators.push_back(index_of(parts, id));
    if (minimum.accelerators.empty()) note_once(row, "accelerators", "all", "any of them counts");
    if (!is_readable("sites.csv")) {
      row.has("sites");
      return;
    }
    for (const std::string& id : row.references("sites", site_ids_, "site"))
      if (!id.empty()) minimum.sites.push_back(index_of(site_ids_, id));
    if (minimum.sites.empty()) note_once(row, "sites", "all", "it counts everywhere");
    scenario_.minimum_fleets.push_back(std::move(minimum));
  });
}

void Loader::read_budget() {
  const std::size_t faults_before = faults_.error_count();
  for_each_row("budget.csv", "budget", [&](Record row) {
    BudgetEntry entry;
    row.identify("year");
    entry.year = row.required<int>("year", Bounds::between(1900, 2200));
    entry.account =
        row.choice<Account>("account", {{"capital", Account::capital}, {"lease", Account::lease}});
    const std::string account = row.text("account");
    entry.amount = fact(row, "amount", dimensions::money);
    check_currency(row, "amount", entry.amount);
    if (has_horizon_ && entry.year > 0 && entry.year < scenario_.horizon.first.year) {
      row.fault("year",
                fmt::format("the year of a budget is {}, which is before the horizon begins, {}",
                            entry.year, vorrat::to_string(scenario_.horizon.first)),
                "write a year of the horizon");
    }
    if (!account.empty() && entry.year > 0 && scenario_.budget_of(entry.year, entry.account)) {
      row.fault("year", fmt::format("the {} budget of {} stands twice", account, entry.year),
                "keep one of them");
    }
    read_revision(row, entry);
    scenario_.budget.push_back(std::move(entry));
  });
  // A row that could not be read may be the very one that would be missed.
  const bool is_whole = is_readable("budget.csv") && tables_.at("budget.csv").has_column("year") &&
                        tables_.at("budget.csv").has_column("account");
  if (is_whole && faults_.error_count() == faults_before) check_budget_years();
}

void Loader::read_revision(Record& row, BudgetEntry& entry) {
  entry.revision = optional_fact(row, "revision", dimensions::money, Bounds::any(), "none",
                                 "budgets stay as they are");
  const bool is_dated = row.has("revised");
  if (is_dated) entry.revised = row.required<Quarter>("revised");
  if (!entry.revision && is_dated) {
    row.fault("revised", fmt::format("{} has no revision", row.subject()),
              "write what is added to it under revision, or leave the cell empty");
  }
  if (!entry.revision) return;
  check_currency(row, "revision", *entry.revision);
  if (!is_dated) {
    row.fault("revision", fmt::format("the revision of {} has no quarter", row.subject()),
              "write the quarter in which it becomes known under revised");
    return;
  }
  const bool fits = entry.revised.year == entry.year && entry.revised > scenario_.horizon.first;
  if (!has_horizon_ || entry.revised.year == 0 || fits) return;
  row.fault("revised",
            fmt::format("the budget of {} is revised in {}", entry.year,
                        vorrat::to_string(entry.revised)),
            "write a quarter of that year, after the first of the horizon");
}

void Loader::check_budget_years() {
  if (!has_horizon_) return;
  for (const Account account : {Account::capital, Account::lease}) {
    const Transaction transaction =
        account == Account::capital ? Transaction::buy : Transaction::lease;
    const bool is_used =
        std::any_of(scenario_.offers.begin(), scenario_.offers.end(),
                    [&](const Offer& offer) { return offer.transaction == transaction; }) ||
        (account == Account::capital && !scenario_.power_projects.empty());
    for (int year = scenario_.horizon.first.year; year <= scenario_.horizon.last().year; ++year) {
      if (!is_used || scenario_.budget_of(year, account)) continue;
      faults_.add_error("budget.csv",
                        fmt::format("there is no {} budget for {}", to_string(account), year),
                        "write a row for it; an amount of 0 forbids spending");
    }
  }
}

bool Loader::is_confirmed(Record& row) { return row.value_or<bool>("confirmed", false); }

std::optional<AnyQuantity> Loader::converted(const Fact& money) const {
  if (money.value.mean().value <= 0) return std::nullopt;
  try {
    return scenario_.in_currency(money.value.mean());
  } catch (const InvalidInput&) {
    return std::nullopt;
  }
}

void Loader::compare_price(Record& row, const Offer& offer) {
  const bool confirmed = is_confirmed(row);
  if (offer.accelerator >= scenario_.accelerators.size()) return;
  const catalog::Accelerator& part = scenario_.accelerators[offer.accelerator];
  if (confirmed || part.id != row.text("accelerator")) return;
  const auto record = price_on_record(catalog_, part, offer.transaction);
  note_if_far(row, "price", offer.price, record, fmt::format("for {}", part.id));
}

void Loader::compare_electricity(Record& row, const Site& site) {
  const bool confirmed = is_confirmed(row);
  const auto record = electricity_on_record(catalog_, site.jurisdiction);
  if (!confirmed)
    note_if_far(row, "electricity", site.electricity, record, "for " + site.jurisdiction);
}

void Loader::note_if_far(Record& row, const std::string& key, const Fact& money,
                         const std::optional<OnRecord>& record, const std::string& of_what) {
  const auto mean = converted(money);
  if (!mean || !record) return;
  const auto low = in_scenario_currency(record->low);
  const auto high = in_scenario_currency(record->high);
  if (!low || !high) return;
  const double factor = factor_off(mean->value, low->value, high->value);
  if (factor < far_off && factor > 1 / far_off) return;
  row.fault(key,
            fmt::format("the {} of {} is \"{}\", {} the catalogue's {} {}", key, row.subject(),
                        row.text(key), times_off(factor), record->text, of_what),
            "a slip of a power of ten? If it is meant, write yes in a column \"confirmed\"");
}

std::optional<AnyQuantity> Loader::in_scenario_currency(const AnyQuantity& money) const {
  try {
    return scenario_.in_currency(money);
  } catch (const InvalidInput&) {
    return std::nullopt;
  }
}

}  // namespace vorrat::scenario
