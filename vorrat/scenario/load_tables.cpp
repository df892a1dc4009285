#include "vorrat/scenario/loader.h"

#include <fmt/format.h>

#include <cmath>

#include "vorrat/base/error.h"
#include "vorrat/quantity/text.h"

namespace vorrat::scenario {
namespace {

constexpr Dimension supply_dimension = dimensions::count / dimensions::time;

}  // namespace

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
    read_residency(row, workload);
    workload.runs = read_work_model(row, workload);
    scenario_.workloads.push_back(std::move(workload));
  });
}

Dimension Loader::work_dimension(const Record& row) {
  const auto demand = parse_uncertain(row.text("demand"));
  for (Dimension work : {dimensions::requests, dimensions::compute_work}) {
    if (demand && demand->dimension() == work / dimensions::time) return work;
  }
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

void Loader::read_offers() {
  for_each_row("offers.csv", "offer", [&](Record row) {
    Offer offer;
    offer.id = own_name(row, "offer", offer_ids_);
    offer.accelerator = accelerator(row);
    check_power_known(row, offer.accelerator);
    offer.seller = row.required<std::string>("seller");
    offer.route = row.value_or<std::string>("route", "");
    offer.exported_from = row.value_or<std::string>("exported_from", "");
    offer.owner = row.value_or<std::string>("owner", "");
    offer.owner_parent = row.value_or<std::string>("owner_parent", offer.owner);
    offer.site = reference(row, "site", site_ids_, "site", "sites.csv");
    offer.transaction = row.choice<Transaction>(
        "transaction", {{"buy", Transaction::buy}, {"lease", Transaction::lease}});
    const bool is_lease = offer.transaction == Transaction::lease;
    offer.price = fact(row, "price", is_lease ? dimensions::rent : dimensions::unit_price,
                       Bounds::positive());
    check_currency(row, "price", offer.price);
    compare_price(row, offer);
    // Duties come from the rules; a row may add one that no rule file holds.
    offer.duty.value = AnyQuantity{};
    if (row.has("duty")) offer.duty = fact(row, "duty", dimensions::none, Bounds::at_least(0));
    offer.place = row.spot("offer").place();
    read_timing(row, offer);
    offer.supply = fact(row, "supply", supply_dimension);
    offer.deposit =
        fact_or(row, "deposit", dimensions::none, Bounds::share(), is_lease ? "0 %" : "100 %",
                is_lease ? "rent is paid as it falls due" : "paid in full at order");
    if (!document_) row.has("gates");
    for (const std::string& id : document_ ? row.references("gates", gate_ids_, "gate") : Names()) {
      if (!id.empty()) offer.gates.push_back(index_of(gate_ids_, id));
    }
    scenario_.offers.push_back(std::move(offer));
  });
}

void Loader::read_timing(Record& row, Offer& offer) {
  offer.lead_time = fact(row, "lead_time", dimensions::time);
  // A quarter is 91.3 days, 13 weeks are 91: neither is meant to be more than the other.
  offer.lead_quarters = static_cast<int>(
      std::ceil(offer.lead_time.value.mean().value / units::quarter.value() - 0.01));
  const Horizon& horizon = scenario_.horizon;
  const auto quarter_or = [&](const char* key, Quarter fallback) {
    if (row.has(key)) return row.required<Quarter>(key);
    note_default(fmt::format("the {} quarter of {}", key, row.subject()),
                 vorrat::to_string(fallback), "that of the horizon");
    return fallback;
  };
  offer.first = quarter_or("first", horizon.first);
  offer.last = quarter_or("last", horizon.last());
  const auto is_quarter = [&](const char* key) { return parse_quarter(row.text(key)).has_value(); };
  if (has_horizon_ && is_quarter("first") && offer.first < horizon.first) {
    row.fault("first",
              fmt::format("the first quarter of {} is {}, which is before the horizon begins, {}",
                          row.subject(), vorrat::to_string(offer.first),
                          vorrat::to_string(horizon.first)),
              "write the first quarter in which it may be ordered from now on");
  }
  if (is_quarter("last") && is_quarter("first") && offer.last < offer.first) {
    row.fault("last", fmt::format("{} ends before it begins", row.subject()),
              "write a last quarter that is not before the first");
  }
  const bool is_lease = offer.transaction == Transaction::lease;
  if (is_lease && is_readable("offers.csv")) {
    const Duration term = row.required<Duration>("term", Bounds::positive());
    offer.term = std::max(1, static_cast<int>(std::lround(term / units::quarter)));
  } else if (!is_lease && row.has("term")) {
    row.fault("term", fmt::format("{} is a purchase and has no term", row.subject()),
              "leave the cell empty, or write lease as its transaction");
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
  std::set<std::pair<std::size_t, std::size_t>> seen;
  for_each_row("fleet.csv", "accelerator", [&](Record row) {
    FleetEntry entry;
    row.identify("accelerator");
    entry.accelerator = accelerator(row);
    check_power_known(row, entry.accelerator);
    entry.site = reference(row, "site", site_ids_, "site", "sites.csv");
    entry.quantity = fact(row, "quantity", dimensions::count);
    if (!seen.insert({entry.accelerator, entry.site}).second && !row.text("site").empty()) {
      row.fault(
          "accelerator",
          fmt::format("\"{}\" at \"{}\" stands twice", row.text("accelerator"), row.text("site")),
          "keep one of them");
    }
    scenario_.fleet.push_back(std::move(entry));
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
    scenario_.budget.push_back(std::move(entry));
  });
  // A row that could not be read may be the very one that would be missed.
  const bool is_whole = is_readable("budget.csv") && tables_.at("budget.csv").has_column("year") &&
                        tables_.at("budget.csv").has_column("account");
  if (is_whole && faults_.error_count() == faults_before) check_budget_years();
}

void Loader::check_budget_years() {
  if (!has_horizon_) return;
  for (const Account account : {Account::capital, Account::lease}) {
    const Transaction transaction =
        account == Account::capital ? Transaction::buy : Transaction::lease;
    const bool is_used =
        std::any_of(scenario_.offers.begin(), scenario_.offers.end(),
                    [&](const Offer& offer) { return offer.transaction == transaction; });
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
