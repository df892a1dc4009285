#include "vorrat/report/json.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace vorrat::report {
namespace {

using Json = nlohmann::ordered_json;

Json optional_number(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json order_json(const fleet::OrderLine& line) {
  return {{"offer", line.offer},
          {"accelerator", line.accelerator},
          {"seller", line.seller},
          {"route", line.route},
          {"site", line.site},
          {"transaction", line.transaction},
          {"quantity", line.quantity},
          {"unit_price", line.unit_price},
          {"cost", line.cost},
          {"pay_now", line.pay_now},
          {"arrives", line.arrives.empty() ? Json(nullptr) : Json(line.arrives)},
          {"waits_for_gates", line.waits_for_gates},
          {"lot", line.lot},
          {"worth_of_one_more", optional_number(line.worth_of_one_more)},
          {"worth_of_one_less", optional_number(line.worth_of_one_less)},
          {"law_status", line.law_status.empty() ? Json(nullptr) : Json(line.law_status)},
          {"law_sources", line.law_sources},
          {"why_none", line.why_none.empty() ? Json(nullptr) : Json(line.why_none)}};
}

Json money_json(const fleet::Plan& plan) {
  Json lines = Json::array();
  for (const auto& line : plan.money) {
    lines.push_back({{"year", line.year},
                     {"purpose", line.purpose},
                     {"kind", line.kind},
                     {"amount", static_cast<double>(line.cents) / 100.0},
                     {"cents", line.cents}});
  }
  Json years = Json::array();
  for (const auto& year : plan.years) {
    years.push_back({{"year", year.year},
                     {"account", year.account},
                     {"budget", static_cast<double>(year.budget_cents) / 100.0},
                     {"spent", static_cast<double>(year.spent_cents) / 100.0},
                     {"budget_cents", year.budget_cents},
                     {"spent_cents", year.spent_cents}});
  }
  return {{"lines", lines}, {"years", years}};
}

Json fleet_line_json(const fleet::FleetLine& line) {
  return {{"accelerator", line.accelerator},
          {"p05", line.p05},
          {"p50", line.p50},
          {"p95", line.p95},
          {"mean", line.mean},
          {"mean_idle", line.mean_idle}};
}

/// One entry a quarter: all accelerators together, then each.
Json fleet_json(const fleet::Plan& plan) {
  Json quarters = Json::array();
  for (const auto& line : plan.fleet) {
    if (quarters.empty() || quarters.back()["quarter"] != line.stage) {
      quarters.push_back({{"quarter", line.stage}, {"accelerators", Json::array()}});
    }
    Json& quarter = quarters.back();
    if (line.accelerator == "all") {
      const Json together = fleet_line_json(line);
      for (const auto& [key, value] : together.items()) {
        if (key != "accelerator") quarter[key] = value;
      }
    } else {
      quarter["accelerators"].push_back(fleet_line_json(line));
    }
  }
  return quarters;
}

Json service_json(const fleet::Plan& plan) {
  Json lines = Json::array();
  for (const auto& line : plan.service) {
    lines.push_back({{"quarter", line.stage},
                     {"workload", line.workload},
                     {"unit", line.unit},
                     {"demand_mean", line.demand_mean},
                     {"odds_served", line.odds_served},
                     {"unserved_mean", line.unserved_mean},
                     {"unserved_share", line.unserved_share}});
  }
  return lines;
}

Json limits_json(const fleet::Plan& plan) {
  Json lines = Json::array();
  for (const auto& line : plan.limits) {
    lines.push_back({{"kind", line.kind},
                     {"name", line.name},
                     {"unit", line.unit == "money" ? plan.currency : line.unit},
                     {"step", line.step},
                     {"gain_per_unit_up", optional_number(line.gain_per_unit_up)},
                     {"loss_per_unit_down", optional_number(line.loss_per_unit_down)},
                     {"odds_binding", line.odds_binding}});
  }
  return lines;
}

}  // namespace

namespace {

Json other_trees_json(const fleet::Plan& plan) {
  Json trees = Json::array();
  for (const auto& tree : plan.other_trees) {
    trees.push_back(
        {{"seed", tree.seed}, {"objective", tree.objective}, {"quantities", tree.quantities}});
  }
  return trees;
}

}  // namespace

std::string to_json(const fleet::Plan& plan, const RunFacts& facts) {
  const fleet::Method& method = plan.method;
  Json orders = Json::array(), not_ordered = Json::array();
  for (const auto& line : plan.orders) orders.push_back(order_json(line));
  for (const auto& line : plan.not_ordered) not_ordered.push_back(order_json(line));
  const bool solved = plan.status == fleet::PlanStatus::optimal;
  const auto number = [&](double value) { return solved ? Json(value) : Json(nullptr); };
  const Json result = {
      {"status", to_string(plan.status)},
      {"message", plan.message},
      {"currency", plan.currency},
      {"objective", number(plan.objective)},
      {"bound", number(plan.bound)},
      {"gap", number(plan.gap)},
      {"unserved_cost", number(plan.unserved_cost)},
      {"seconds", method.seconds},
      {"seed", method.seed},
      {"orders", orders},
      {"not_ordered", not_ordered},
      {"money", money_json(plan)},
      {"fleet", fleet_json(plan)},
      {"service", service_json(plan)},
      {"limits", limits_json(plan)},
      {"clashes", plan.clashes},
      {"is_complete", plan.is_complete},
      {"other_trees", other_trees_json(plan)},
      {"method",
       {{"name", method.name},
        {"solver", method.solver},
        {"tree_nodes", method.tree_nodes},
        {"leaves", method.leaves},
        {"rows", method.rows},
        {"columns", method.columns},
        {"sampled", method.sampled},
        {"iterations", method.iterations},
        {"resolves", method.resolves},
        {"end_value", method.end_value},
        {"end_value_mean", number(method.end_value_mean)}}},
      {"scenario", facts.scenario},
      {"title", facts.title},
      {"known_on", facts.known_on},
      {"input_hash", facts.input_hash},
      {"version", facts.version},
      {"assumptions", facts.assumptions},
      {"notes", facts.notes},
      {"caution", "conditional on these inputs, not a forecast; not legal advice"}};
  return result.dump(2) + "\n";
}

std::string to_json(const Diagnostics& diagnostics) {
  static constexpr const char* severities[] = {"error", "warning", "note"};
  const auto position = [](int value) { return value > 0 ? Json(value) : Json(nullptr); };
  Json faults = Json::array();
  for (const Fault& fault : diagnostics.faults()) {
    faults.push_back({{"severity", severities[static_cast<std::size_t>(fault.severity)]},
                      {"file", fault.place.file},
                      {"line", position(fault.place.line)},
                      {"column", position(fault.place.column)},
                      {"width", fault.width},
                      {"message", fault.message},
                      {"hint", fault.hint},
                      {"excerpt", fault.excerpt}});
  }
  const Json result = {{"status", diagnostics.has_errors() ? "invalid_input" : "ok"},
                       {"faults", faults}};
  // Excerpts may hold bytes that are no UTF-8: they are replaced, not refused.
  return result.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace vorrat::report
