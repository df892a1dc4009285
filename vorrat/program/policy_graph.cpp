#include "vorrat/program/policy_graph.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <utility>

#include "vorrat/base/error.h"

namespace vorrat::program {
namespace {

constexpr double probability_tolerance = 1e-9;

std::string title(const PolicyGraph& graph, std::size_t node) {
  const std::string& name = graph.nodes[node].name;
  return name.empty() ? fmt::format("node {}", node) : fmt::format("node \"{}\"", name);
}

void check_probability(double probability, const std::string& whose) {
  if (!(probability >= 0.0 && probability <= 1.0 + probability_tolerance)) {
    throw InvalidInput(
        fmt::format("{} has the probability {}, which is outside [0, 1]", whose, probability));
  }
}

double checked_sum(const std::vector<Arc>& arcs, std::size_t node_count, const std::string& from) {
  double sum = 0.0;
  for (const Arc& arc : arcs) {
    if (arc.child >= node_count) {
      throw InvalidInput(fmt::format("an arc from {} leads to node {}; there are {} nodes", from,
                                     arc.child, node_count));
    }
    check_probability(arc.probability, "an arc from " + from);
    sum += arc.probability;
  }
  return sum;
}

void check_shape(const PolicyGraph& graph, std::size_t n) {
  const StageTemplate& problem = graph.nodes[n].problem;
  const std::size_t states = graph.state_names.size();
  for (const auto* columns : {&problem.incoming, &problem.outgoing}) {
    const char* which = columns == &problem.incoming ? "incoming" : "outgoing";
    if (columns->size() != states) {
      throw InvalidInput(fmt::format("{} has {} {} columns, but the graph has {} states",
                                     title(graph, n), columns->size(), which, states));
    }
    for (std::size_t k = 0; k < states; ++k) {
      if ((*columns)[k] < problem.model.columns.size()) continue;
      throw InvalidInput(fmt::format(
          "the {} column of state \"{}\" in {} is {}, but its stage problem has {} columns", which,
          graph.state_names[k], title(graph, n), (*columns)[k], problem.model.columns.size()));
    }
  }
}

bool changes_row(Change::What what) {
  return what == Change::What::row_lower || what == Change::What::row_upper ||
         what == Change::What::row_both || what == Change::What::coefficient;
}

bool changes_column(Change::What what) {
  return !changes_row(what) && what != Change::What::objective_constant;
}

void check_change(const PolicyGraph& graph, std::size_t n, const Change& change) {
  const lp::Model& model = graph.nodes[n].problem.model;
  const bool with_row = changes_row(change.what);
  const bool with_column = changes_column(change.what) || change.what == Change::What::coefficient;
  if (with_row && change.row >= model.rows.size()) {
    throw InvalidInput(fmt::format("the noise of {} changes row {}; there are {} rows",
                                   title(graph, n), change.row, model.rows.size()));
  }
  if (with_column && change.column >= model.columns.size()) {
    throw InvalidInput(fmt::format("the noise of {} changes column {}; there are {} columns",
                                   title(graph, n), change.column, model.columns.size()));
  }
  if (std::isnan(change.value)) {
    throw InvalidInput(
        fmt::format("the noise of {} sets a value that is not a number", title(graph, n)));
  }
}

void check_noise(const PolicyGraph& graph, std::size_t n) {
  const std::vector<Realization>& noise = graph.nodes[n].noise;
  double sum = 0.0;
  for (const Realization& realization : noise) {
    check_probability(realization.probability, "the noise of " + title(graph, n));
    sum += realization.probability;
    for (const Change& change : realization.changes) check_change(graph, n, change);
  }
  if (!noise.empty() && std::abs(sum - 1.0) > probability_tolerance) {
    throw InvalidInput(fmt::format("the probabilities of the noise of {} sum to {}, not to 1",
                                   title(graph, n), sum));
  }
}

void check_node(const PolicyGraph& graph, std::size_t n) {
  check_shape(graph, n);
  try {
    graph.nodes[n].problem.model.check();
  } catch (const InvalidInput& fault) {
    throw InvalidInput(fmt::format("{}: {}", title(graph, n), fault.what()));
  }
  if (graph.nodes[n].problem.model.sense != graph.sense()) {
    throw InvalidInput(fmt::format(
        "{} {}, but {} {}: all nodes of a graph must agree", title(graph, 0),
        graph.sense() == lp::Sense::minimise ? "minimises" : "maximises", title(graph, n),
        graph.sense() == lp::Sense::minimise ? "maximises" : "minimises"));
  }
  check_noise(graph, n);
  const double sum = checked_sum(graph.nodes[n].arcs, graph.nodes.size(), title(graph, n));
  if (sum > 1.0 + probability_tolerance) {
    throw InvalidInput(
        fmt::format("the arcs from {} sum to {}, which is more than 1", title(graph, n), sum));
  }
}

}  // namespace

lp::Sense PolicyGraph::sense() const {
  return nodes.empty() ? lp::Sense::minimise : nodes.front().problem.model.sense;
}

bool PolicyGraph::is_cyclic() const {
  // Kahn's topological sort: what is left over lies on, or behind, a cycle.
  std::vector<std::size_t> incoming_arcs(nodes.size(), 0);
  for (const Node& node : nodes) {
    for (const Arc& arc : node.arcs) incoming_arcs[arc.child] += arc.probability > 0.0 ? 1 : 0;
  }
  std::vector<std::size_t> ready;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    if (incoming_arcs[n] == 0) ready.push_back(n);
  }
  for (std::size_t done = 0; done < ready.size(); ++done) {
    for (const Arc& arc : nodes[ready[done]].arcs) {
      if (arc.probability > 0.0 && --incoming_arcs[arc.child] == 0) ready.push_back(arc.child);
    }
  }
  return ready.size() < nodes.size();
}

void PolicyGraph::check() const {
  if (nodes.empty()) throw InvalidInput("the policy graph has no nodes");
  if (initial_state.size() != state_names.size()) {
    throw InvalidInput(fmt::format("the policy graph has {} states but {} initial values",
                                   state_names.size(), initial_state.size()));
  }
  for (std::size_t k = 0; k < initial_state.size(); ++k) {
    if (std::isfinite(initial_state[k])) continue;
    throw InvalidInput(
        fmt::format("the initial value of state \"{}\" is not finite", state_names[k]));
  }
  const double sum = checked_sum(root, nodes.size(), "the root");
  if (std::abs(sum - 1.0) > probability_tolerance) {
    throw InvalidInput(fmt::format("the arcs from the root sum to {}, not to 1", sum));
  }
  for (std::size_t n = 0; n < nodes.size(); ++n) check_node(*this, n);
}

lp::Model realized(const StageTemplate& problem, const Realization& realization) {
  lp::Model model = problem.model;
  std::map<std::pair<std::size_t, std::size_t>, double> coefficients;
  for (const Change& change : realization.changes) {
    switch (change.what) {
      case Change::What::row_lower:
        model.rows[change.row].lower = change.value;
        break;
      case Change::What::row_upper:
        model.rows[change.row].upper = change.value;
        break;
      case Change::What::row_both:
        model.rows[change.row].lower = model.rows[change.row].upper = change.value;
        break;
      case Change::What::column_lower:
        model.columns[change.column].lower = change.value;
        break;
      case Change::What::column_upper:
        model.columns[change.column].upper = change.value;
        break;
      case Change::What::column_both:
        model.columns[change.column].lower = model.columns[change.column].upper = change.value;
        break;
      case Change::What::cost:
        model.columns[change.column].cost = change.value;
        break;
      case Change::What::coefficient:
        coefficients[{change.row, change.column}] = change.value;
        break;
      case Change::What::objective_constant:
        model.objective_constant = change.value;
        break;
    }
  }
  if (!coefficients.empty()) {
    // A change replaces, and the template may hold one place in several entries.
    std::erase_if(model.entries, [&](const lp::Entry& entry) {
      return coefficients.contains({entry.row, entry.column});
    });
    for (const auto& [place, value] : coefficients) {
      model.entries.push_back({.row = place.first, .column = place.second, .value = value});
    }
  }
  return model;
}

}  // namespace vorrat::program
