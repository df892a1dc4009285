#include "brute_force.h"

#include <algorithm>

#include "vorrat/lp/solver.h"

namespace vorrat::insight {
namespace {

std::optional<double> solved(const lp::Model& model) {
  const auto solver = lp::make_highs_solver();
  solver->load(model);
  const lp::Answer answer = solver->solve({});
  if (answer.status != lp::Status::optimal) return std::nullopt;
  return answer.objective;
}

}  // namespace

BruteForce::BruteForce(const fleet::Problem& problem) : graph_(make_fleet_graph(problem)) {
  for (const program::Arc& arc : graph_.graph.root) walk(arc.child, arc.probability, {});
}

void BruteForce::walk(std::size_t node, double probability, std::vector<Visit> so_far) {
  const program::Node& here = graph_.graph.nodes[node];
  for (std::size_t w = 0; w < std::max<std::size_t>(1, here.noise.size()); ++w) {
    const double chance = probability * (here.noise.empty() ? 1.0 : here.noise[w].probability);
    if (chance <= 0.0) continue;
    std::vector<Visit> visits = so_far;
    visits.push_back({node, w});
    if (here.arcs.empty()) paths_.push_back({visits, chance});
    for (const program::Arc& arc : here.arcs) {
      if (arc.probability > 0.0) walk(arc.child, chance * arc.probability, visits);
    }
  }
}

std::size_t BruteForce::Program::order_column(const BruteForce& all, std::size_t path,
                                              std::size_t offer) const {
  const std::size_t column = all.graph_.nodes[0].layout.order[offer];
  return column == fleet::none ? fleet::none : first[path][0] + column;
}

BruteForce::Program BruteForce::program(const std::vector<Path>& paths,
                                        const Orders& forced) const {
  Program result;
  lp::Model& all = result.model;
  for (std::size_t p = 0; p < paths.size(); ++p) {
    result.probability.push_back(paths[p].probability);
    result.constant.push_back(0.0);
    auto& columns = result.first.emplace_back();
    auto& cost = result.cost.emplace_back();
    for (std::size_t t = 0; t < paths[p].visits.size(); ++t) {
      const Visit& visit = paths[p].visits[t];
      const program::Node& node = graph_.graph.nodes[visit.node];
      const lp::Model stage = node.noise.empty()
                                  ? node.problem.model
                                  : program::realized(node.problem, node.noise[visit.realization]);
      columns.push_back(all.columns.size());
      for (const lp::Column& column : stage.columns) {
        cost.push_back({0, all.columns.size(), column.cost});
        all.columns.push_back(column);
        all.columns.back().cost = 0.0;
      }
      result.constant.back() += stage.objective_constant;
      const std::size_t row = all.rows.size();
      all.rows.insert(all.rows.end(), stage.rows.begin(), stage.rows.end());
      for (const lp::Entry& entry : stage.entries)
        all.add_entry(row + entry.row, columns[t] + entry.column, entry.value);
      for (std::size_t k = 0; k < node.problem.incoming.size(); ++k) {
        const std::size_t in = columns[t] + node.problem.incoming[k];
        const double start = t == 0 ? graph_.graph.initial_state[k] : 0.0;
        const std::size_t balance = all.add_row({.lower = start, .upper = start});
        all.columns[in].lower = -lp::infinity;
        all.columns[in].upper = lp::infinity;
        all.add_entry(balance, in, 1.0);
        if (t == 0) continue;
        const auto& before = graph_.graph.nodes[paths[p].visits[t - 1].node].problem;
        all.add_entry(balance, columns[t - 1] + before.outgoing[k], -1.0);
      }
      // What is decided with the same past is the same.
      for (std::size_t q = 0; q < p; ++q) {
        if (!std::equal(paths[p].visits.begin(),
                        paths[p].visits.begin() + static_cast<std::ptrdiff_t>(t) + 1,
                        paths[q].visits.begin()))
          continue;
        for (std::size_t j = 0; j < stage.columns.size(); ++j) {
          const std::size_t tie = all.add_row({.lower = 0.0, .upper = 0.0});
          all.add_entry(tie, columns[t] + j, 1.0);
          all.add_entry(tie, result.first[q][t] + j, -1.0);
        }
        break;
      }
    }
  }
  const auto& layout = graph_.nodes[0].layout;
  for (const auto& [offer, thousands] : forced) {
    if (layout.order[offer] == fleet::none) {
      if (thousands > 0.0) all.rows[0] = {.lower = 1.0, .upper = 1.0};  // no such order: no plan
      continue;
    }
    for (std::size_t p = 0; p < paths.size(); ++p) {
      lp::Column& column = all.columns[result.order_column(*this, p, offer)];
      column.lower = column.upper = thousands;
    }
  }
  return result;
}

void BruteForce::minimise_mean(Program& program) {
  for (std::size_t p = 0; p < program.cost.size(); ++p) {
    for (const lp::Entry& term : program.cost[p])
      program.model.columns[term.column].cost += program.probability[p] * term.value;
    program.model.objective_constant += program.probability[p] * program.constant[p];
  }
}

std::optional<double> BruteForce::cost(const Orders& forced) const {
  Program all = program(paths_, forced);
  minimise_mean(all);
  return solved(all.model);
}

std::optional<double> BruteForce::cost_if_known() const {
  double sum = 0.0;
  for (const Path& path : paths_) {
    Program alone = program({path}, {});
    alone.probability = {1.0};
    minimise_mean(alone);
    const auto cost = solved(alone.model);
    if (!cost) return std::nullopt;
    sum += path.probability * *cost;
  }
  return sum;
}

std::optional<double> BruteForce::extreme(std::size_t offer, double sign, double cost_limit) const {
  Program all = program(paths_, {});
  double constant = 0.0;
  const std::size_t row = all.model.add_row({.upper = cost_limit});
  for (std::size_t p = 0; p < paths_.size(); ++p) {
    constant += paths_[p].probability * all.constant[p];
    for (const lp::Entry& term : all.cost[p])
      all.model.add_entry(row, term.column, paths_[p].probability * term.value);
  }
  all.model.rows[row].upper -= constant;
  const std::size_t column = all.order_column(*this, 0, offer);
  if (column == fleet::none) return std::nullopt;
  all.model.columns[column].cost = -sign;
  const auto found = solved(all.model);
  return found ? std::optional(-sign * *found) : std::nullopt;
}

// Rockafellar and Uryasev: the least of eta + E max(0, cost - eta) / tail.
std::optional<double> BruteForce::least_tail_mean(double tail) const {
  Program all = program(paths_, {});
  const std::size_t eta =
      all.model.add_column({.lower = -lp::infinity, .upper = lp::infinity, .cost = 1.0});
  for (std::size_t p = 0; p < paths_.size(); ++p) {
    const std::size_t excess = all.model.add_column({.cost = paths_[p].probability / tail});
    const std::size_t row = all.model.add_row({.lower = all.constant[p]});
    all.model.add_entry(row, excess, 1.0);
    all.model.add_entry(row, eta, 1.0);
    for (const lp::Entry& term : all.cost[p]) all.model.add_entry(row, term.column, -term.value);
  }
  return solved(all.model);
}

bool BruteForce::feasible_through(std::size_t node, const Orders& forced) const {
  std::vector<Path> some;
  std::ranges::copy_if(paths_, std::back_inserter(some), [node](const Path& path) {
    return path.visits.size() > 1 && path.visits[1].node == node;
  });
  return solved(program(some, forced).model).has_value();
}

std::vector<std::pair<std::size_t, double>> BruteForce::second_nodes() const {
  std::vector<std::pair<std::size_t, double>> nodes;
  for (const program::Arc& arc : graph_.graph.nodes[0].arcs)
    nodes.emplace_back(arc.child, arc.probability);
  return nodes;
}

}  // namespace vorrat::insight
