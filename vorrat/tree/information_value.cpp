#include "vorrat/tree/information_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::tree {
namespace {

using program::Arc;
using program::Node;
using program::PolicyGraph;

struct Weighted {
  std::size_t node;
  lp::Model model;
  double weight;  // sums to 1 over the stage
};

// Exact where all values agree, also at infinity.
template <typename Get>
double mean(const std::vector<Weighted>& outcomes, Get get) {
  const double first = get(outcomes.front().model);
  double result = first;
  for (const Weighted& outcome : outcomes) {
    const double value = get(outcome.model);
    if (value != first) result += outcome.weight * (value - first);
  }
  return result;
}

bool same_shape(const PolicyGraph& graph, std::size_t a, std::size_t b) {
  const auto &p = graph.nodes[a].problem, &q = graph.nodes[b].problem;
  return p.model.rows.size() == q.model.rows.size() && p.incoming == q.incoming &&
         p.outgoing == q.outgoing &&
         std::equal(p.model.columns.begin(), p.model.columns.end(), q.model.columns.begin(),
                    q.model.columns.end(),
                    [](const lp::Column& x, const lp::Column& y) { return x.kind == y.kind; });
}

std::string name_of(const PolicyGraph& graph, std::size_t node) {
  return graph.nodes[node].name.empty() ? fmt::format("{}", node)
                                        : fmt::format("\"{}\"", graph.nodes[node].name);
}

Node mean_node(const PolicyGraph& graph, const std::vector<Weighted>& outcomes, int depth) {
  Node node;
  node.name = fmt::format("average of stage {}", depth + 1);
  node.stage = depth + 1;
  node.problem = graph.nodes[outcomes.front().node].problem;
  lp::Model& model = node.problem.model;
  for (const Weighted& outcome : outcomes) {
    if (same_shape(graph, outcomes.front().node, outcome.node)) continue;
    throw InvalidInput(fmt::format(
        "the average of stage {} is not defined: nodes {} and {} differ in shape", depth + 1,
        name_of(graph, outcomes.front().node), name_of(graph, outcome.node)));
  }
  for (std::size_t j = 0; j < model.columns.size(); ++j) {
    lp::Column& column = model.columns[j];
    column.lower = mean(outcomes, [j](const lp::Model& m) { return m.columns[j].lower; });
    column.upper = mean(outcomes, [j](const lp::Model& m) { return m.columns[j].upper; });
    column.cost = mean(outcomes, [j](const lp::Model& m) { return m.columns[j].cost; });
  }
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    model.rows[i].lower = mean(outcomes, [i](const lp::Model& m) { return m.rows[i].lower; });
    model.rows[i].upper = mean(outcomes, [i](const lp::Model& m) { return m.rows[i].upper; });
  }
  model.objective_constant =
      mean(outcomes, [](const lp::Model& m) { return m.objective_constant; });
  std::map<std::pair<std::size_t, std::size_t>, std::vector<double>> places;
  for (std::size_t w = 0; w < outcomes.size(); ++w) {
    for (const lp::Entry& entry : outcomes[w].model.entries) {
      auto& values = places[{entry.row, entry.column}];
      values.resize(outcomes.size(), 0.0);
      values[w] += entry.value;
    }
  }
  model.entries.clear();
  for (const auto& [place, values] : places) {
    double average = values.front();
    for (std::size_t w = 0; w < values.size(); ++w)
      average += outcomes[w].weight * (values[w] - values.front());
    model.entries.push_back({.row = place.first, .column = place.second, .value = average});
  }
  return node;
}

std::vector<double> follow(const PolicyGraph& graph, const std::vector<double>& reached) {
  std::vector<double> next(reached.size(), 0.0);
  for (std::size_t n = 0; n < reached.size(); ++n) {
    for (const Arc& arc : graph.nodes[n].arcs) next[arc.child] += reached[n] * arc.probability;
  }
  return next;
}

double sum_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (double v : values) sum += v;
  return sum;
}

std::vector<Weighted> outcomes_of(const PolicyGraph& graph, const std::vector<double>& reached) {
  std::vector<Weighted> outcomes;
  const double total = sum_of(reached);
  for (std::size_t n = 0; n < reached.size(); ++n) {
    const Node& node = graph.nodes[n];
    for (std::size_t w = 0; w < std::max<std::size_t>(1, node.noise.size()); ++w) {
      const auto& realization = realization_of(node, w);
      const double weight = reached[n] / total * realization.probability;
      if (weight > 0.0) {
        outcomes.push_back(
            {.node = n, .model = program::realized(node.problem, realization), .weight = weight});
      }
    }
  }
  return outcomes;
}

// The rest of the program as seen from a node that has just been entered with `state`.
PolicyGraph seen_from(const PolicyGraph& graph, const TreeNode& node, std::vector<double> state) {
  PolicyGraph rest = graph;
  rest.initial_state = std::move(state);
  rest.root = {{.child = node.graph_node, .probability = 1.0}};
  program::Realization realization = realization_of(graph.nodes[node.graph_node], node.realization);
  realization.probability = 1.0;
  rest.nodes[node.graph_node].noise = {std::move(realization)};
  return rest;
}

// One scenario as a program without chance.
PolicyGraph scenario(const PolicyGraph& graph, const ScenarioTree& tree, std::size_t end) {
  PolicyGraph line{.state_names = graph.state_names,
                   .initial_state = graph.initial_state,
                   .root = {{.child = 0}},
                   .nodes = {}};
  for (std::size_t n : tree.path_to(end)) {
    const Node& visited = graph.nodes[tree.nodes[n].graph_node];
    Node node{.name = title(graph, tree.nodes[n]),
              .stage = visited.stage,
              .problem = visited.problem,
              .noise = {},
              .arcs = {}};
    node.problem.model =
        program::realized(visited.problem, realization_of(visited, tree.nodes[n].realization));
    if (!line.nodes.empty()) line.nodes.back().arcs = {{.child = line.nodes.size()}};
    line.nodes.push_back(std::move(node));
  }
  return line;
}

void fix_state(ExtensiveForm& form, std::size_t n, const std::vector<double>& state) {
  const auto& outgoing = form.graph().nodes[form.tree().nodes[n].graph_node].problem.outgoing;
  for (std::size_t k = 0; k < state.size(); ++k)
    form.set_column_bounds(n, outgoing[k], state[k], state[k]);
}

// Solver tolerance must not push the fixed state outside the bounds that it was found within.
void keep_within_bounds(const PolicyGraph& average, AveragePlan& plan) {
  const auto& problem = average.nodes[average.root.front().child].problem;
  for (std::size_t k = 0; k < plan.state.size(); ++k) {
    const lp::Column& column = problem.model.columns[problem.outgoing[k]];
    plan.state[k] = std::clamp(plan.state[k], column.lower, column.upper);
  }
}

void find_failed_futures(const ExtensiveForm& form, const lp::SolveOptions& options,
                         AveragePlan& plan) {
  const ScenarioTree& tree = form.tree();
  for (std::size_t n = 0; n < tree.nodes.size() && tree.nodes[n].depth <= 1; ++n) {
    if (tree.nodes[n].depth == 0) continue;
    ExtensiveForm rest(seen_from(form.graph(), tree.nodes[n], plan.state));
    if (rest.solve_whole(options).status == lp::Status::infeasible) {
      plan.failed.push_back(
          {.title = title(form.graph(), tree.nodes[n]), .probability = tree.nodes[n].probability});
    }
  }
}

std::string sentence_of_failures(const AveragePlan& plan) {
  if (plan.failed.empty()) return "the average plan cannot be carried out in the first stage";
  double probability = 0.0;
  for (const FailedFuture& future : plan.failed) probability += future.probability;
  return fmt::format("the average plan fails in {} future{} of probability {:.6g}",
                     plan.failed.size(), plan.failed.size() == 1 ? "" : "s", probability);
}

}  // namespace

PolicyGraph expected_value_graph(const PolicyGraph& graph) {
  graph.check();
  if (graph.is_cyclic()) {
    throw InvalidInput("the average of a policy graph with a cycle is not defined");
  }
  PolicyGraph average{.state_names = graph.state_names,
                      .initial_state = graph.initial_state,
                      .root = {{.child = 0}},
                      .nodes = {}};
  std::vector<double> reached(graph.nodes.size(), 0.0);
  for (const Arc& arc : graph.root) reached[arc.child] += arc.probability;
  double here = sum_of(reached);
  for (int depth = 0; here > 0.0; ++depth) {
    average.nodes.push_back(mean_node(graph, outcomes_of(graph, reached), depth));
    reached = follow(graph, reached);
    const double there = sum_of(reached);
    if (there > 0.0) {
      average.nodes.back().arcs = {
          {.child = average.nodes.size(), .probability = std::min(1.0, there / here)}};
    }
    here = there;
  }
  return average;
}

AveragePlan average_plan(const PolicyGraph& graph, const lp::SolveOptions& options) {
  const PolicyGraph average = expected_value_graph(graph);
  AveragePlan plan;
  const auto believed = ExtensiveForm(average).solve(options);
  plan.status = believed.answer.status;
  if (plan.status != lp::Status::optimal) {
    plan.why_undefined =
        fmt::format("the average-future problem is {}", lp::to_string(plan.status));
    return plan;
  }
  plan.promised_cost = believed.answer.objective;
  plan.first_decisions = believed.primal.front();
  for (std::size_t column : average.nodes.front().problem.outgoing)
    plan.state.push_back(plan.first_decisions[column]);
  keep_within_bounds(average, plan);

  ExtensiveForm form(graph);
  for (std::size_t n = 0; n < form.tree().nodes.size() && form.tree().nodes[n].depth == 0; ++n)
    fix_state(form, n, plan.state);
  const lp::Answer real = form.solve_whole(options);
  if (real.status == lp::Status::optimal) {
    plan.expected_cost = real.objective;
  } else if (real.status == lp::Status::infeasible) {
    find_failed_futures(form, options, plan);
    plan.why_undefined = sentence_of_failures(plan);
  } else {
    plan.why_undefined =
        fmt::format("the program with the average plan fixed is {}", lp::to_string(real.status));
  }
  return plan;
}

WaitAndSee wait_and_see(const PolicyGraph& graph, const lp::SolveOptions& options) {
  graph.check();
  const ScenarioTree tree = unfold(graph);
  WaitAndSee result;
  double expected = 0.0;
  for (std::size_t n = 0; n < tree.nodes.size(); ++n) {
    const double probability = tree.ending_probability(n);
    if (probability == 0.0) continue;
    const lp::Answer answer = ExtensiveForm(scenario(graph, tree, n)).solve_whole(options);
    if (answer.status != lp::Status::optimal) {
      result.why_undefined = fmt::format("the scenario that ends at {} is {}",
                                         title(graph, tree.nodes[n]), lp::to_string(answer.status));
      return result;
    }
    result.costs.push_back(answer.objective);
    result.probabilities.push_back(probability);
    expected += probability * answer.objective;
  }
  result.expected_cost = expected;
  return result;
}

InformationValue information_value(const PolicyGraph& graph, const lp::SolveOptions& options) {
  InformationValue value;
  const lp::Answer answer = ExtensiveForm(graph).solve_whole(options);
  value.status = answer.status;
  value.optimum = answer.objective;
  value.average = average_plan(graph, options);
  value.known = wait_and_see(graph, options);
  if (value.status != lp::Status::optimal) return value;
  const double sign = graph.sense() == lp::Sense::minimise ? 1.0 : -1.0;
  if (value.average.expected_cost)
    value.stochastic_solution = sign * (*value.average.expected_cost - value.optimum);
  if (value.known.expected_cost)
    value.perfect_information = sign * (value.optimum - *value.known.expected_cost);
  return value;
}

}  // namespace vorrat::tree
