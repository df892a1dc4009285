#include "vorrat/tree/extensive_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "vorrat/base/error.h"

namespace vorrat::tree {
namespace {

// A stage problem under one realisation, without names, ready to be copied into the big model.
struct Outcome {
  lp::Model model;  // entries empty; see matrix
  lp::ColumnMatrix matrix;
};

Outcome outcome_of(const program::Node& node, std::size_t realization) {
  Outcome outcome{.model = program::realized(node.problem, realization_of(node, realization)),
                  .matrix = {}};
  outcome.matrix = lp::by_columns(outcome.model);
  outcome.model.entries.clear();
  for (lp::Column& column : outcome.model.columns) column.name.clear();
  for (lp::Row& row : outcome.model.rows) row.name.clear();
  return outcome;
}

std::string named(const std::string& name, const char* kind, std::size_t index) {
  return name.empty() ? fmt::format("{} {}", kind, index) : name;
}

}  // namespace

struct ExtensiveForm::State {
  program::PolicyGraph graph;
  ScenarioTree tree;
  lp::Model model;
  std::vector<std::vector<std::size_t>> columns;  // [tree node][stage column] -> model column
  std::vector<std::size_t> first_row;             // [tree node]
  std::vector<std::vector<double>> costs;         // [tree node][stage column], not weighted
  std::vector<double> constants;                  // [tree node], not weighted
  std::unique_ptr<lp::Solver> solver;

  void add_node(std::size_t n, const Outcome& outcome);
  void build();
};

void ExtensiveForm::State::add_node(std::size_t n, const Outcome& outcome) {
  const TreeNode& node = tree.nodes[n];
  const program::StageTemplate& problem = graph.nodes[node.graph_node].problem;
  std::vector<std::size_t>& place = columns[n];
  constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  place.assign(outcome.model.columns.size(), nowhere);
  for (std::size_t k = 0; k < problem.incoming.size(); ++k) {
    const bool is_first = node.parent == n;
    const auto& before = graph.nodes[tree.nodes[node.parent].graph_node].problem;
    place[problem.incoming[k]] = is_first ? k : columns[node.parent][before.outgoing[k]];
  }
  for (std::size_t j = 0; j < place.size(); ++j) {
    const lp::Column& column = outcome.model.columns[j];
    costs[n].push_back(column.cost);
    const double weighted = node.probability * column.cost;
    if (place[j] == nowhere) {
      place[j] = model.columns.size();
      model.columns.push_back({.lower = column.lower,
                               .upper = column.upper,
                               .cost = weighted,
                               .kind = column.kind,
                               .name = {}});
    } else {
      model.columns[place[j]].cost += weighted;
    }
  }
  first_row[n] = model.rows.size();
  model.rows.insert(model.rows.end(), outcome.model.rows.begin(), outcome.model.rows.end());
  const lp::ColumnMatrix& matrix = outcome.matrix;
  for (std::size_t j = 0; j < place.size(); ++j) {
    for (std::size_t e = matrix.start[j]; e < matrix.start[j + 1]; ++e) {
      model.entries.push_back(
          {.row = first_row[n] + matrix.row[e], .column = place[j], .value = matrix.value[e]});
    }
  }
  constants[n] = outcome.model.objective_constant;
  model.objective_constant += node.probability * constants[n];
}

void ExtensiveForm::State::build() {
  model.sense = graph.sense();
  for (double value : graph.initial_state)
    model.columns.push_back({.lower = value, .upper = value});
  columns.resize(tree.nodes.size());
  costs.resize(tree.nodes.size());
  first_row.resize(tree.nodes.size());
  constants.resize(tree.nodes.size());
  std::map<std::pair<std::size_t, std::size_t>, Outcome> outcomes;
  for (std::size_t n = 0; n < tree.nodes.size(); ++n) {
    const std::pair key{tree.nodes[n].graph_node, tree.nodes[n].realization};
    auto found = outcomes.find(key);
    if (found == outcomes.end()) {
      found = outcomes.emplace(key, outcome_of(graph.nodes[key.first], key.second)).first;
    }
    add_node(n, found->second);
  }
}

ExtensiveForm::ExtensiveForm(const program::PolicyGraph& graph, std::size_t max_nodes,
                             int max_depth)
    : state_(std::make_unique<State>()) {
  graph.check();
  state_->graph = graph;
  state_->tree = unfold(graph, max_nodes, max_depth);
  state_->build();
  state_->solver = lp::make_highs_solver();
  state_->solver->load(state_->model);
}

ExtensiveForm::~ExtensiveForm() = default;
ExtensiveForm::ExtensiveForm(ExtensiveForm&&) noexcept = default;
ExtensiveForm& ExtensiveForm::operator=(ExtensiveForm&&) noexcept = default;

const program::PolicyGraph& ExtensiveForm::graph() const { return state_->graph; }
const ScenarioTree& ExtensiveForm::tree() const { return state_->tree; }
std::string ExtensiveForm::solver_name() const { return state_->solver->name(); }
const lp::Model& ExtensiveForm::model() const { return state_->model; }

std::size_t ExtensiveForm::column_of(std::size_t node, std::size_t column) const {
  return state_->columns.at(node).at(column);
}

std::size_t ExtensiveForm::row_of(std::size_t node, std::size_t row) const {
  return state_->first_row.at(node) + row;
}

PlaceInTree ExtensiveForm::place_of_row(std::size_t row) const {
  const auto& first = state_->first_row;
  // The last node that starts at or before the row: nodes without rows start where the next does.
  const auto after = std::upper_bound(first.begin(), first.end(), row);
  const auto node = static_cast<std::size_t>(after - first.begin()) - 1;
  return {.node = node, .index = row - first[node]};
}

std::string ExtensiveForm::row_title(std::size_t row) const { return row_title(place_of_row(row)); }

std::string ExtensiveForm::row_title(const PlaceInTree& place) const {
  const TreeNode& node = state_->tree.nodes.at(place.node);
  const auto& rows = state_->graph.nodes[node.graph_node].problem.model.rows;
  return fmt::format("{} at {}", named(rows.at(place.index).name, "row", place.index),
                     title(state_->graph, node));
}

std::string ExtensiveForm::column_title(const PlaceInTree& place) const {
  const TreeNode& node = state_->tree.nodes.at(place.node);
  const auto& columns = state_->graph.nodes[node.graph_node].problem.model.columns;
  return fmt::format("{} at {}", named(columns.at(place.index).name, "column", place.index),
                     title(state_->graph, node));
}

std::vector<PlaceInTree> ExtensiveForm::rows_named(std::string_view name) const {
  std::vector<std::vector<std::size_t>> found(state_->graph.nodes.size());
  for (std::size_t g = 0; g < found.size(); ++g) {
    const auto& rows = state_->graph.nodes[g].problem.model.rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].name == name) found[g].push_back(i);
    }
  }
  std::vector<PlaceInTree> places;
  for (std::size_t n = 0; n < state_->tree.nodes.size(); ++n) {
    for (std::size_t i : found[state_->tree.nodes[n].graph_node])
      places.push_back({.node = n, .index = i});
  }
  return places;
}

std::vector<PlaceInTree> ExtensiveForm::columns_named(std::string_view name) const {
  std::vector<std::vector<std::size_t>> found(state_->graph.nodes.size());
  for (std::size_t g = 0; g < found.size(); ++g) {
    const auto& problem = state_->graph.nodes[g].problem;
    for (std::size_t j = 0; j < problem.model.columns.size(); ++j) {
      const bool comes_in =
          std::find(problem.incoming.begin(), problem.incoming.end(), j) != problem.incoming.end();
      if (!comes_in && problem.model.columns[j].name == name) found[g].push_back(j);
    }
  }
  std::vector<PlaceInTree> places;
  for (std::size_t n = 0; n < state_->tree.nodes.size(); ++n) {
    for (std::size_t j : found[state_->tree.nodes[n].graph_node])
      places.push_back({.node = n, .index = j});
  }
  return places;
}

Bounds ExtensiveForm::row_bounds(std::size_t node, std::size_t row) const {
  const lp::Row& r = state_->model.rows.at(row_of(node, row));
  return {.lower = r.lower, .upper = r.upper};
}

Bounds ExtensiveForm::column_bounds(std::size_t node, std::size_t column) const {
  const lp::Column& c = state_->model.columns.at(column_of(node, column));
  return {.lower = c.lower, .upper = c.upper};
}

void ExtensiveForm::set_row_bounds(std::size_t node, std::size_t row, double lower, double upper) {
  const std::size_t i = row_of(node, row);
  lp::Row& r = state_->model.rows.at(i);
  r.lower = lower;
  r.upper = upper;
  state_->solver->set_row_bounds(i, lower, upper);
}

void ExtensiveForm::set_column_bounds(std::size_t node, std::size_t column, double lower,
                                      double upper) {
  const std::size_t j = column_of(node, column);
  lp::Column& c = state_->model.columns[j];
  c.lower = lower;
  c.upper = upper;
  state_->solver->set_column_bounds(j, lower, upper);
}

void ExtensiveForm::set_cost(std::size_t node, std::size_t column, double cost) {
  const std::size_t j = column_of(node, column);
  double& current = state_->costs[node][column];
  // Added, not set: a state column carries the costs of every node that it goes through.
  state_->model.columns[j].cost += state_->tree.nodes[node].probability * (cost - current);
  current = cost;
  state_->solver->set_cost(j, state_->model.columns[j].cost);
}

lp::Answer ExtensiveForm::solve_whole(const lp::SolveOptions& options) {
  return state_->solver->solve(options);
}

ExtensiveForm::Result ExtensiveForm::solve(const lp::SolveOptions& options) {
  Result result{.answer = solve_whole(options), .primal = {}, .row_dual = {}, .stage_cost = {}};
  const lp::Answer& answer = result.answer;
  if (answer.primal.empty()) return result;
  const std::size_t nodes = state_->tree.nodes.size();
  result.primal.resize(nodes);
  result.stage_cost.resize(nodes);
  for (std::size_t n = 0; n < nodes; ++n) {
    double cost = state_->constants[n];
    for (std::size_t j = 0; j < state_->columns[n].size(); ++j) {
      result.primal[n].push_back(answer.primal[state_->columns[n][j]]);
      cost += state_->costs[n][j] * result.primal[n].back();
    }
    result.stage_cost[n] = cost;
  }
  if (answer.row_dual.empty()) return result;
  result.row_dual.resize(nodes);
  for (std::size_t n = 0; n < nodes; ++n) {
    const std::size_t end = n + 1 < nodes ? state_->first_row[n + 1] : state_->model.rows.size();
    for (std::size_t i = state_->first_row[n]; i < end; ++i) {
      result.row_dual[n].push_back(answer.row_dual[i] / state_->tree.nodes[n].probability);
    }
  }
  return result;
}

}  // namespace vorrat::tree
