#include "vorrat/scenario/loader.h"

#include <fmt/format.h>

#include <cmath>

#include "vorrat/base/error.h"
#include "vorrat/quantity/text.h"

namespace vorrat::scenario {

std::optional<Record> Loader::section(Record& root, const std::string& key,
                                      const std::string& what) {
  auto record = root.table(key, what);
  if (!record && root.text(key).empty() && !root.has(key)) {
    faults_.add_error("scenario.toml", fmt::format("the section [{}] is missing", key),
                      fmt::format("write [{}] and its keys", key));
  }
  return record;
}

void Loader::read_settings(const Node& node) {
  Record root(node, "scenario file", faults_);
  if (auto record = section(root, "scenario", "scenario")) {
    scenario_.name = record->required<std::string>("name");
    scenario_.title = record->required<std::string>("title");
    scenario_.note = record->value_or<std::string>("note", "");
    record->finish();
  }
  if (auto record = section(root, "buyer", "buyer")) read_buyer(*record);
  if (auto record = section(root, "horizon", "horizon")) read_horizon(*record);
  if (auto record = section(root, "money", "money")) read_money(*record);
  if (auto record = section(root, "end_value", "end value")) read_end_value(*record);
  read_accounts(root.table("accounts", "accounts"));
  if (auto record = section(root, "fleet", "fleet")) read_fleet_terms(*record);
  read_tree(root, node);
  read_options(root.table("settings", "settings"));
  read_risk(root.table("risk", "risk"));
  read_market(root.table("market", "market"));
  read_noise(root.table("noise", "noise"));
  read_switches(root.table("uncertainty", "uncertainty"));
  if (auto record = root.table("gates", "gates")) read_gates(*record);
  root.finish();
}

void Loader::read_options(std::optional<Record> record) {
  Settings& settings = scenario_.settings;
  if (record && record->has("seed")) {
    settings.seed = static_cast<unsigned long long>(record->required<int>("seed"));
  } else {
    note_default("the seed of the settings", std::to_string(settings.seed),
                 "any will do; results carry it");
  }
  if (record && record->has("lot")) {
    settings.lot = record->required<Count>("lot", Bounds::positive()).value();
  } else {
    note_default("the lot of the settings", fmt::format("{:.0f} units", settings.lot),
                 "orders are told in thousands");
  }
  if (!record) {
    note_default("the method of the settings", "sddp", "for many quarters");
    return;
  }
  read_solving(*record);
  record->finish();
}

void Loader::read_solving(Record& record) {
  Settings& settings = scenario_.settings;
  if (record.has("method")) {
    settings.method = record.choice<Settings::Method>(
        "method", {{"sddp", Settings::Method::sddp}, {"tree", Settings::Method::tree}});
  } else {
    note_default("the method of the settings", "sddp", "for many quarters");
  }
  settings.gap = record.value_or<double>("gap", settings.gap);
  if (record.has("time_limit")) {
    const Duration limit = record.required<Duration>("time_limit", Bounds::positive());
    settings.seconds = limit / units::second;
  }
  settings.whole_numbers = record.value_or<bool>("whole_numbers", false);
  if (settings.whole_numbers && settings.method == Settings::Method::sddp) {
    record.fault("whole_numbers", "whole numbers need the method \"tree\"",
                 "write method = \"tree\", or plan amounts of any size");
  }
}

void Loader::read_risk(std::optional<Record> record) {
  if (!record) {
    note_default("the risk of the scenario", "none", "futures count by their odds alone");
    return;
  }
  Risk& risk = scenario_.risk;
  risk.weight = record->value_or<double>("weight", 0, Bounds::share());
  if (record->has("level")) {
    risk.level = record->required<double>("level", {.most = 1, .excludes_least = true});
  } else {
    risk.level = 0.05;
    note_default("the level of the risk", "5 %", "the share of futures that counts as the worst");
  }
  if (risk.counts() && scenario_.settings.method == Settings::Method::tree) {
    record->fault("weight", "the tree method takes the expectation only",
                  "write method = \"sddp\", or leave [risk] out");
  }
  record->finish();
}

void Loader::read_accounts(std::optional<Record> record) {
  for (const Account account : {Account::capital, Account::lease}) {
    const std::string name = to_string(account);
    auto one = record ? record->table(name, fmt::format("account \"{}\"", name)) : std::nullopt;
    AccountTerms& terms = scenario_.accounts[static_cast<std::size_t>(account)];
    if (one) {
      terms.carry_over = fact(*one, "carry_over", dimensions::none, Bounds::share());
      one->finish();
    } else {
      note_default(fmt::format("the carry-over of account \"{}\"", name), "0 %",
                   "what is left lapses at the end of the year");
    }
  }
  if (record) record->finish();
}

void Loader::read_buyer(Record& record) {
  scenario_.buyer.name = record.required<std::string>("name");
  scenario_.buyer.headquarters = record.required<std::string>("headquarters");
  scenario_.buyer.ultimate_parent = record.required<std::string>("ultimate_parent");
  record.finish();
}

void Loader::read_horizon(Record& record) {
  Horizon& horizon = scenario_.horizon;
  horizon.first = record.required<Quarter>("first");
  horizon.quarters = record.required<int>("quarters", Bounds::between(1, 40));
  horizon.known_on = record.required<Date>("known_on");
  has_horizon_ = horizon.first.year > 0 && horizon.quarters > 0;
  if (!record.text("known_on").empty()) known_on_ = horizon.known_on;
  if (has_horizon_ && known_on_ && *known_on_ > last_day(horizon.first)) {
    record.fault("known_on",
                 fmt::format("known_on is {}, when the first quarter, {}, is over",
                             vorrat::to_string(*known_on_), vorrat::to_string(horizon.first)),
                 "the first decision is taken in the first quarter, so write a day before its end");
  }
  record.finish();
}

void Loader::read_money(Record& record) {
  MoneyTerms& money = scenario_.money;
  const std::string code = record.required<std::string>("currency");
  try {
    if (!code.empty()) money.currency = Currency(code);
  } catch (const InvalidInput& fault) {
    record.fault("currency", fault.what(), "write three capital letters, as in USD");
  }
  currencies_.insert(money.currency);
  money.price_date = record.required<Date>("price_date");
  if (known_on_ && money.price_date > *known_on_) {
    record.fault("price_date", "the price date is after known_on", "use what was known by then");
  }
  money.discount_rate = fact(record, "discount_rate", dimensions::frequency);
  if (auto exchange = record.table("exchange", "exchange rates")) {
    for (const std::string& key : exchange->keys()) read_exchange(*exchange, key);
    exchange->finish();
  }
  record.finish();
}

void Loader::read_exchange(Record& record, const std::string& key) {
  Fact rate;
  rate.value = record.exchange_rate(key);
  rate.source = record.source_of(key);
  check_source_date(record, key, rate.source);
  const AnyQuantity& kind = rate.value.kind();
  const Currency own = scenario_.money.currency;
  try {
    currencies_.insert(Currency(key));  // a bad rate is said here, not where it is used
  } catch (const InvalidInput& fault) {
    record.fault(key, fault.what());
    return;
  }
  if (!kind.is_exchange_rate() || own.is_none()) return;
  if (kind.currency.code() != key || kind.per_currency != own) {
    record.fault(key,
                 fmt::format("the rate of {} is \"{}\", which is not {} per {}", key,
                             record.text(key), key, own.code()),
                 fmt::format("write it as in \"7 {}/{}\"", key, own.code()));
    return;
  }
  scenario_.money.exchange.push_back({kind.currency, rate});
}

void Loader::read_end_value(Record& record) {
  EndValue& end = scenario_.end_value;
  if (record.has("method")) {
    end.method = record.choice<EndValue::Method>(
        "method", {{"replacement", EndValue::Method::replacement},
                   {"straight_line", EndValue::Method::straight_line},
                   {"service", EndValue::Method::service},
                   {"none", EndValue::Method::none}});
  } else {
    note_default("the method of the end value", "replacement",
                 "what the fleet can still serve, at the cost of replacing it");
  }
  end.economic_life = fact(record, "economic_life", dimensions::time, Bounds::positive());
  end.residual_share = fact_or(record, "residual_share", dimensions::none, Bounds::share(), "100 %",
                               "all of the value counts");
  record.finish();
}

void Loader::read_fleet_terms(Record& record) {
  scenario_.fleet_terms.attrition =
      fact_or(record, "attrition", dimensions::frequency, {}, "0 %/year", "nothing is lost");
  scenario_.fleet_terms.power_overhead =
      fact(record, "power_overhead", dimensions::none, Bounds::at_least(0));
  record.finish();
}

void Loader::read_tree(Record& root, const Node& node) {
  const std::size_t wanted =
      has_horizon_ ? static_cast<std::size_t>(scenario_.horizon.quarters) - 1 : 0;
  std::vector<std::size_t>& branching = scenario_.settings.branching;
  const auto tree = root.table("tree", "tree");
  const Node* list = tree ? node.find("tree")->find("branching") : nullptr;
  if (tree) {
    Record record = *tree;
    record.has("branching");
    record.finish();
  }
  if (!list) {
    for (std::size_t stage = 0; stage < wanted; ++stage) {
      branching.push_back(stage < 4 ? 5 - stage : 1);
    }
    scenario_.defaults.push_back({"the branching of the tree", fmt::format("{}", join(branching)),
                                  "fewer futures are told apart the later they begin"});
    return;
  }
  for (const Node& item : list->items) {
    const auto count = parse_quantity(item.text);
    const bool is_whole = item.kind == NodeKind::number && count && count->value >= 1 &&
                          count->value == std::floor(count->value);
    if (!is_whole) {
      faults_.add(item.spot.fault(
          fmt::format("a number of branches is \"{}\", which is not a whole number from 1 on",
                      item.text),
          "write how many children a node of that quarter has at most"));
    }
    branching.push_back(is_whole ? static_cast<std::size_t>(count->value) : 1);
  }
  if (has_horizon_ && branching.size() != wanted) {
    faults_.add(list->spot.fault(
        fmt::format("the branching of the tree has {} numbers for a horizon of {} quarter{}",
                    branching.size(), scenario_.horizon.quarters, wanted == 0 ? "" : "s"),
        wanted == 0 ? "write [] or leave [tree] out: after the first quarter nothing comes"
                    : fmt::format("write {}, one for each quarter after the first", wanted)));
  }
}

std::string Loader::join(const std::vector<std::size_t>& numbers) {
  std::string text;
  for (std::size_t number : numbers) text += fmt::format("{}{}", text.empty() ? "" : ", ", number);
  return "[" + text + "]";
}

}  // namespace vorrat::scenario
