#include "vorrat/scenario/loader.h"

#include <fmt/format.h>

#include <cmath>
#include <tuple>

#include "vorrat/quantity/text.h"

namespace vorrat::scenario {
namespace {

constexpr Dimension supply_dimension = dimensions::count / dimensions::time;

/// A time's mean in quarters, rounded up. A quarter is 91.3 days, 13 weeks are 91: neither is meant
/// to be more than the other.
int quarters_of(const Fact& time) {
  return static_cast<int>(std::ceil(time.value.mean().value / units::quarter.value() - 0.01));
}

void sort_phases(std::vector<Offer::SupplyPhase>& phases) {
  std::stable_sort(phases.begin(), phases.end(),
                   [](const auto& a, const auto& b) { return a.from < b.from; });
}

}  // namespace

void Loader::read_offers() {
  for_each_row("offers.csv", "offer",
               [&](Record row) { offer_names_.push_back(row.text("offer")); });
  for_each_row("offers.csv", "offer", [&](Record row) {
    Offer offer;
    offer.id = own_name(row, "offer", offer_ids_);
    offer.accelerator = accelerator(row);
    check_power_known(row, offer.accelerator);
    offer.seller = row.required<std::string>("seller");
    seller_ids_.push_back(offer.seller);
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
    read_terms(row, offer);
    scenario_.offers.push_back(std::move(offer));
  });
  check_links();
}

void Loader::read_timing(Record& row, Offer& offer) {
  offer.lead_time = fact(row, "lead_time", dimensions::time);
  offer.installation =
      shared_fact_or(row, "installation", dimensions::time, {}, "0 weeks", "it runs on arrival");
  offer.install_quarters = quarters_of(offer.installation);
  offer.lead_quarters = quarters_of(offer.lead_time) + offer.install_quarters;
  read_window(row, offer.first, offer.last);
  const bool is_lease = offer.transaction == Transaction::lease;
  if (is_lease && is_readable("offers.csv")) {
    const Duration term = row.required<Duration>("term", Bounds::positive());
    offer.term = std::max(1, static_cast<int>(std::lround(term / units::quarter)));
  } else if (!is_lease && row.has("term")) {
    row.fault("term", fmt::format("{} is a purchase and has no term", row.subject()),
              "leave the cell empty, or write lease as its transaction");
  }
}

void Loader::read_window(Record& row, Quarter& first, Quarter& last) {
  const Horizon& horizon = scenario_.horizon;
  const auto quarter_or = [&](const char* key, Quarter fallback) {
    if (row.has(key)) return row.required<Quarter>(key);
    note_default(fmt::format("the {} quarter of {}", key, row.subject()),
                 vorrat::to_string(fallback), "that of the horizon");
    return fallback;
  };
  first = quarter_or("first", horizon.first);
  last = quarter_or("last", horizon.last());
  const auto is_quarter = [&](const char* key) { return parse_quarter(row.text(key)).has_value(); };
  if (has_horizon_ && is_quarter("first") && first < horizon.first) {
    row.fault(
        "first",
        fmt::format("the first quarter of {} is {}, which is before the horizon begins, {}",
                    row.subject(), vorrat::to_string(first), vorrat::to_string(horizon.first)),
        "write the first quarter in which it may be ordered from now on");
  }
  if (is_quarter("last") && is_quarter("first") && last < first) {
    row.fault("last", fmt::format("{} ends before it begins", row.subject()),
              "write a last quarter that is not before the first");
  }
}

void Loader::read_terms(Record& row, Offer& offer) {
  offer.slip = shared_fact_or(row, "slip", dimensions::none, Bounds::share(), "0 %",
                              "deliveries come when they are due");
  check_slip(row, offer);
  if (row.text("refund") == "none") {
    row.has("refund");
  } else {
    offer.refund = optional_fact(row, "refund", dimensions::none, Bounds::share(), "none",
                                 "orders cannot be cancelled");
  }
  offer.redirect_to = other_offer(row, "redirect_to");
  offer.downgrade_to = other_offer(row, "downgrade_to");
  offer.application_fee =
      cost_or_none(row, "application_fee", dimensions::unit_price, "applying is free");
  const auto whole = [&](const char* key) {
    if (row.has(key)) return row.required<Count>(key, Bounds::positive()).value();
    note_once(row, key, "1 unit", "any number may be ordered");
    return 0.0;
  };
  offer.rack = whole("rack");
  offer.minimum_order = whole("minimum_order");
  offer.follows_market = row.value_or<bool>("price_level", true);
}

std::optional<std::size_t> Loader::other_offer(Record& row, const std::string& key) {
  if (!row.has(key)) return std::nullopt;
  const std::string id = row.reference(key, offer_names_, "offer");
  if (id.empty()) return std::nullopt;
  const std::size_t other = index_of(offer_names_, id);
  links_.push_back({scenario_.offers.size(), key, row.spot(key), other});
  return other;
}

void Loader::check_slip(Record& row, const Offer& offer) {
  const std::string text = row.text("slip");
  if (text.empty() || offer.seller.empty()) return;
  const auto [known, is_new] = slips_.insert({offer.seller, text});
  if (is_new || known->second == text) return;
  row.fault("slip",
            fmt::format("the slip of {} is \"{}\", but another offer of {} says \"{}\"",
                        row.subject(), text, offer.seller, known->second),
            "a seller slips with all its deliveries together: write the same for all");
}

void Loader::check_links() {
  for (const Link& link : links_) {
    if (link.other < scenario_.offers.size())
      check_link(scenario_.offers[link.offer], link.key, link.spot, link.other);
  }
}

void Loader::check_link(const Offer& offer, const std::string& key, const Spot& spot,
                        std::size_t other_index) {
  const Offer& other = scenario_.offers[other_index];
  const std::string what = fmt::format("the {} of offer \"{}\"", spoken(key), offer.id);
  const auto fault = [&](const std::string& message, const std::string& hint) {
    faults_.add(spot.fault(what + message, hint));
  };
  if (&offer == &other) {
    fault(" is that offer itself", "name another offer, or leave the cell empty");
  } else if (offer.transaction == Transaction::lease || other.transaction == Transaction::lease) {
    fault(fmt::format(" is \"{}\", and one of them is a lease", other.id),
          "only purchases can be moved to one another");
  } else if (key == "redirect_to" && offer.seller != other.seller) {
    fault(fmt::format(" is \"{}\", which {} sells, not {}", other.id, other.seller, offer.seller),
          "orders can be moved among offers of one seller");
  }
}

void Loader::read_premium() {
  std::map<std::size_t, std::map<double, Spot>> cells;
  for_each_row("premium.csv", "offer", [&](Record row) {
    row.identify("offer");
    const std::string id = row.reference("offer", offer_names_, "offer");
    Offer::PremiumStep step;
    step.beyond =
        fact(row, "beyond", dimensions::none, {.least = 0, .most = 1, .excludes_least = true});
    step.premium = fact(row, "premium", dimensions::none, Bounds::positive());
    const std::size_t offer = index_of(offer_names_, id);
    if (id.empty() || offer >= scenario_.offers.size()) return;
    cells[offer][step.beyond.value.mean().value] = row.spot("premium");
    scenario_.offers[offer].premium.push_back(std::move(step));
  });
  for (const auto& [offer, spots] : cells) check_premium(scenario_.offers[offer], spots);
}

void Loader::check_premium(Offer& offer, const std::map<double, Spot>& cells) {
  const auto beyond = [](const Offer::PremiumStep& step) { return step.beyond.value.mean().value; };
  std::stable_sort(offer.premium.begin(), offer.premium.end(),
                   [&](const auto& a, const auto& b) { return beyond(a) < beyond(b); });
  for (std::size_t i = 1; i < offer.premium.size(); ++i) {
    const auto& [before, here] = std::tie(offer.premium[i - 1], offer.premium[i]);
    if (beyond(here) > beyond(before) &&
        here.premium.value.mean().value > before.premium.value.mean().value) {
      continue;
    }
    faults_.add(
        cells.at(beyond(here))
            .fault(fmt::format("the premium of offer \"{}\" does not rise from {} to {}", offer.id,
                               to_string(before.beyond.value), to_string(here.beyond.value)),
                   "write more for each step beyond a larger share"));
  }
}

void Loader::read_supply() {
  std::set<std::pair<std::string, Quarter>> seen;
  for_each_row("supply.csv", "offer", [&](Record row) {
    row.identify("offer");
    const std::string id = row.reference("offer", offer_names_, "offer");
    Offer::SupplyPhase phase;
    phase.from = row.required<Quarter>("from");
    phase.supply = fact(row, "supply", supply_dimension);
    if (!id.empty() && !seen.insert({id, phase.from}).second) {
      row.fault("from",
                fmt::format("the supply of offer \"{}\" from {} on stands twice", id,
                            vorrat::to_string(phase.from)),
                "keep one of them");
    }
    const std::size_t offer = index_of(offer_names_, id);
    if (id.empty() || offer >= scenario_.offers.size()) return;
    scenario_.offers[offer].supply_phases.push_back(std::move(phase));
  });
  for (Offer& offer : scenario_.offers) sort_phases(offer.supply_phases);
}

void Loader::read_seller_caps() {
  std::map<std::string, std::size_t> places;
  std::set<std::pair<std::string, Quarter>> seen;
  for_each_row("seller_caps.csv", "seller", [&](Record row) {
    row.identify("seller");
    const std::string id = row.reference("seller", seller_ids_, "seller of offers.csv");
    Offer::SupplyPhase phase;
    phase.from = row.required<Quarter>("from");
    phase.supply = fact(row, "supply", supply_dimension);
    if (id.empty()) return;
    if (!seen.insert({id, phase.from}).second) {
      row.fault("from",
                fmt::format("the cap of seller \"{}\" from {} on stands twice", id,
                            vorrat::to_string(phase.from)),
                "keep one of them");
    }
    const auto [place, is_new] = places.insert({id, scenario_.seller_caps.size()});
    if (is_new) scenario_.seller_caps.push_back({.seller = id, .phases = {}});
    scenario_.seller_caps[place->second].phases.push_back(std::move(phase));
  });
  for (SellerCap& cap : scenario_.seller_caps) sort_phases(cap.phases);
}

void Loader::read_power_projects() {
  Names ids;
  for_each_row("power_projects.csv", "project", [&](Record row) {
    PowerProject project;
    project.id = own_name(row, "project", ids);
    project.site = reference(row, "site", site_ids_, "site", "sites.csv");
    project.price = fact(row, "price", dimensions::money / dimensions::power, Bounds::positive());
    check_currency(row, "price", project.price);
    project.lead_time = fact(row, "lead_time", dimensions::time);
    project.lead_quarters = quarters_of(project.lead_time);
    project.supply = fact(row, "supply", dimensions::power);
    read_window(row, project.first, project.last);
    project.phase =
        shared_fact_or(row, "phase", dimensions::power, {}, "0 MW", "any amount can be begun");
    project.slip = shared_fact_or(row, "slip", dimensions::none, Bounds::share(), "0 %",
                                  "it is ready when it is due");
    project.end_share = shared_fact_or(row, "end_share", dimensions::none, Bounds::share(), "0 %",
                                       "it is worth nothing at the end");
    scenario_.power_projects.push_back(std::move(project));
  });
}

}  // namespace vorrat::scenario
