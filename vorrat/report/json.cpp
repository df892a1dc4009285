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
          {"apply", line.apply},
          {"arrives", line.arrives.empty() ? Json(nullptr) : Json(line.arrives)},
          {"waits_for_gates", line.waits_for_gates},
          {"lot", line.lot},
          {"worth_of_one_more", optional_number(line.worth_of_one_more)},
          {"worth_of_one_less", optional_number(line.worth_of_one_less)},
          {"law_status", line.law_status.empty() ? Json(nullptr) : Json(line.law_status)},
          {"law_sources", line.law_sources},
          {"why", line.why.empty() ? Json(nullptr) : Json(line.why)},
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
                     {"spent_p05", year.spent_p05},
                     {"spent_p50", year.spent_p50},
                     {"spent_p95", year.spent_p95},
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
          {"running_p05", line.running_p05},
          {"running_p50", line.running_p50},
          {"running_p95", line.running_p95},
          {"running_mean", line.running_mean},
          {"mean_idle", line.mean_idle},
          {"mean_installing", line.mean_installing}};
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
                     {"demand_p05", line.demand_p05},
                     {"demand_p50", line.demand_p50},
                     {"demand_p95", line.demand_p95},
                     {"odds_served", line.odds_served},
                     {"unserved_mean", line.unserved_mean},
                     {"unserved_share", line.unserved_share}});
  }
  return lines;
}

Json uses_json(const fleet::Plan& plan) {
  Json lines = Json::array();
  for (const auto& line : plan.uses) {
    lines.push_back({{"accelerator", line.accelerator},
                     {"site", line.site},
                     {"workload", line.workload},
                     {"running_mean", line.running_mean}});
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

Json power_json(const fleet::Plan& plan) {
  Json lines = Json::array();
  for (const auto& line : plan.power) {
    lines.push_back({{"quarter", line.stage},
                     {"site", line.site},
                     {"available_mean", line.available_mean},
                     {"built_mean", line.built_mean},
                     {"drawn_mean", line.drawn_mean}});
  }
  return lines;
}

Json licences_json(const fleet::Plan& plan) {
  Json lines = Json::array();
  for (const auto& line : plan.licences) {
    lines.push_back({{"quarter", line.stage},
                     {"offer", line.offer},
                     {"applied_mean", line.applied_mean},
                     {"pending_mean", line.pending_mean},
                     {"unused_mean", line.unused_mean},
                     {"waiting_mean", line.waiting_mean},
                     {"shipped_p05", line.shipped_p05},
                     {"shipped_p50", line.shipped_p50},
                     {"shipped_p95", line.shipped_p95},
                     {"shipped_mean", line.shipped_mean}});
  }
  return lines;
}

Json gates_json(const fleet::Plan& plan) {
  Json states = Json::array(), opens = Json::array();
  for (const auto& line : plan.gates) {
    states.push_back(
        {{"quarter", line.stage}, {"gate", line.gate}, {"state", line.state}, {"odds", line.odds}});
  }
  const auto quarter = [](const std::string& stage) {
    return stage.empty() ? Json(nullptr) : Json(stage);
  };
  for (const auto& date : plan.gate_dates) {
    opens.push_back({{"gate", date.gate},
                     {"odds_by_quarter", date.odds_by_stage},
                     {"p05", quarter(date.p05)},
                     {"p50", quarter(date.p50)},
                     {"p95", quarter(date.p95)}});
  }
  return {{"states", states}, {"opens", opens}};
}

Json method_json(const fleet::Method& method, bool solved) {
  Json log = Json::array();
  for (const auto& entry : method.log)
    log.push_back(
        {{"iteration", entry.iteration}, {"bound", entry.bound}, {"seconds", entry.seconds}});
  return {{"name", method.name},
          {"solver", method.solver},
          {"is_decomposed", method.is_decomposed()},
          {"is_sampled_cost", method.is_sampled_cost},
          {"half_width", method.half_width},
          {"paths", method.paths},
          {"target_gap", method.target_gap},
          {"converged", method.converged},
          {"reason", method.reason},
          {"regimes", method.regimes},
          {"levels", method.levels},
          {"outcomes", method.outcomes},
          {"solves", method.solves},
          {"hand_overs", method.hand_overs},
          {"relaxes_whole_numbers", method.relaxes_whole_numbers},
          {"tree_nodes", method.tree_nodes},
          {"leaves", method.leaves},
          {"rows", method.rows},
          {"columns", method.columns},
          {"sampled", method.sampled},
          {"iterations", method.iterations},
          {"resolves", method.resolves},
          {"end_value", method.end_value},
          {"end_value_mean", solved ? Json(method.end_value_mean) : Json(nullptr)},
          {"log", log}};
}

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
      {"power", power_json(plan)},
      {"licences", licences_json(plan)},
      {"gates", gates_json(plan)},
      {"service", service_json(plan)},
      {"uses", uses_json(plan)},
      {"limits", limits_json(plan)},
      {"clashes", plan.clashes},
      {"is_complete", plan.is_complete},
      {"other_trees", other_trees_json(plan)},
      {"method", method_json(method, solved)},
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
