// The answer in at most five sentences, each figure a cell of a table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

using fleet::Plan;

Piece say(std::string text) { return {.words = std::move(text), .place = {}}; }

Piece figure(const std::string& table, std::size_t row, const std::string& column) {
  return {.words = {}, .place = Piece::Place{.table = table, .column = column, .row = row}};
}

/// The numbers of a column with their rows, words and empty cells left out.
std::vector<std::pair<std::size_t, double>> numbers(const DataTable& table,
                                                    const std::string& column) {
  std::vector<std::pair<std::size_t, double>> result;
  const std::size_t c = table.column_index(column);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (const auto* value = std::get_if<double>(&table.rows[r][c])) result.emplace_back(r, *value);
  }
  return result;
}

Sentence order_sentence(const Plan& plan) {
  if (plan.orders.empty()) return {say("Order nothing this quarter.")};
  Sentence sentence = {say("Order now ")};
  for (std::size_t r = 0; r < plan.orders.size(); ++r) {
    if (r > 0) sentence.push_back(say(r + 1 == plan.orders.size() ? " and " : ", "));
    sentence.push_back(figure("orders", r, "quantity"));
    sentence.push_back(say(" "));
    sentence.push_back(figure("orders", r, "accelerator"));
    sentence.push_back(say(" for "));
    sentence.push_back(figure("orders", r, "site"));
  }
  const std::size_t total = plan.orders.size() > 1 ? plan.orders.size() : 0;
  sentence.push_back(say(": "));
  sentence.push_back(figure("orders", total, "commitment"));
  sentence.push_back(say(" committed in all, of which "));
  sentence.push_back(figure("orders", total, "pay_now"));
  sentence.push_back(say(" falls due this quarter."));
  return sentence;
}

Sentence cost_sentence() {
  return {say("Expected over the horizon, discounted: "),
          figure("cost", 0, "amount"),
          say(" of spending, "),
          figure("cost", 1, "amount"),
          say(" counted for demand that goes unserved and "),
          figure("cost", 2, "amount"),
          say(" for what the fleet is worth at the end: "),
          figure("cost", 3, "amount"),
          say(" in all.")};
}

/// The worst quarter of any workload.
Sentence service_sentence(const DataTable& table) {
  const auto shares = numbers(table, "unserved_share");
  const auto worst =
      std::max_element(shares.begin(), shares.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  if (worst == shares.end()) return {};
  if (worst->second <= 0.0) return {say("All demand is served in every quarter and future.")};
  const std::size_t row = worst->first;
  return {say("Demand is served worst for "),
          figure("service", row, "workload"),
          say(" in "),
          figure("service", row, "quarter"),
          say(": "),
          figure("service", row, "unserved_share"),
          say(" of it is expected to go unserved, and the odds that all is served are "),
          figure("service", row, "odds_served"),
          say(".")};
}

/// The limit whose step up is worth most.
Sentence limit_sentence(const DataTable& table) {
  const std::size_t step = table.column_index("step");
  std::size_t row = 0;
  double most = 0.0;
  for (const auto& [r, gain] : numbers(table, "gain_up")) {
    const auto* width = std::get_if<double>(&table.rows[r][step]);
    if (width == nullptr || gain * *width <= most) continue;
    most = gain * *width;
    row = r;
  }
  if (most == 0.0)
    return {say("No limit that was tried would make the plan cheaper if it gave way.")};
  return {say("Of the limits tried, "),
          figure("limits", row, "limit"),
          say(" holds the plan back most: one more ("),
          figure("limits", row, "per"),
          say(") is worth "),
          figure("limits", row, "gain_up"),
          say(", and it binds in "),
          figure("limits", row, "odds_binding"),
          say(" of futures.")};
}

std::string complete_or_not(const Plan& plan) {
  return plan.is_complete ? "." : "; it was interrupted, and some worths and prices are missing.";
}

/// Of a plan by decomposition.
Sentence gap_sentence(const Plan& plan) {
  const fleet::Method& method = plan.method;
  if (std::isnan(plan.gap)) {
    return {say("Its policy costs "),
            figure("accuracy", 0, "cost"),
            say(" +/- "),
            figure("accuracy", 0, "half_width"),
            say(" on average; with the worst futures weighed as asked, no plan is below "),
            figure("accuracy", 0, "bound"),
            say(complete_or_not(plan))};
  }
  Sentence sentence = {say("No plan costs less than "), figure("accuracy", 0, "bound"),
                       say(", and this one costs "), figure("accuracy", 0, "cost")};
  if (method.is_sampled_cost)
    sentence.insert(sentence.end(), {say(" +/- "), figure("accuracy", 0, "half_width")});
  sentence.insert(sentence.end(), {say(": a gap of "), figure("accuracy", 0, "gap"),
                                   say(method.converged ? ", within the target of "
                                                        : ", NOT within the target of "),
                                   figure("accuracy", 0, "target")});
  if (!method.converged)
    sentence.insert(sentence.end(), {say(" ("), figure("method", 3, "value"), say(")")});
  sentence.push_back(say(complete_or_not(plan)));
  return sentence;
}

Sentence accuracy_sentence(const Plan& plan) {
  if (plan.method.is_decomposed()) return gap_sentence(plan);
  Sentence sentence = {say("On these futures no plan costs less than "),
                       figure("accuracy", 0, "bound")};
  if (!plan.other_trees.empty()) {
    sentence.insert(sentence.end(),
                    {say("; drawn with "), figure("accuracy", 0, "seeds"),
                     say(" other seeds, the cost runs from "), figure("accuracy", 0, "lowest"),
                     say(" to "), figure("accuracy", 0, "highest")});
  }
  sentence.push_back(say(complete_or_not(plan)));
  return sentence;
}

std::vector<Sentence> no_plan_sentences(const Plan& plan) {
  if (plan.status != fleet::PlanStatus::infeasible) {
    return {{say(fmt::format("No plan: {}{}{}.", to_string(plan.status),
                             plan.message.empty() ? "" : ", ", plan.message))}};
  }
  if (!plan.clashes.empty()) {
    return {{say("No plan keeps all limits.")},
            {say("In each group of limits below, one must give way.")}};
  }
  return {
      {say("No plan keeps all limits.")},
      {say("Not even with every limit lifted: see the fleet, the offers and their lead times.")}};
}

}  // namespace

std::vector<Sentence> answer_sentences(const Plan& plan, const Tables& tables) {
  if (plan.status != fleet::PlanStatus::optimal) return no_plan_sentences(plan);
  std::vector<Sentence> sentences = {order_sentence(plan), cost_sentence()};
  if (const DataTable* service = tables.find("service"))
    sentences.push_back(service_sentence(*service));
  if (const DataTable* limits = tables.find("limits")) sentences.push_back(limit_sentence(*limits));
  sentences.push_back(accuracy_sentence(plan));
  std::erase_if(sentences, [](const Sentence& sentence) { return sentence.empty(); });
  return sentences;
}

}  // namespace vorrat::report
