// Buy x now at 1 each; demand is 10 or 20 with even odds; what is missing costs 3 each. Best: x =
// 20, cost 20, since the last ten are missed in half the futures and 3 / 2 > 1.
#include <cmath>
#include <cstdio>

#include "vorrat/tree/extensive_form.h"

int main() {
  using vorrat::program::Change;
  vorrat::program::PolicyGraph graph;
  graph.state_names = {"stock"};
  graph.initial_state = {0.0};
  vorrat::program::StageTemplate buy, serve;
  buy.incoming = {buy.model.add_column({.lower = -vorrat::lp::infinity})};
  buy.outgoing = {buy.model.add_column({.cost = 1.0})};
  serve.incoming = {serve.model.add_column({.lower = -vorrat::lp::infinity})};
  serve.outgoing = {serve.model.add_column({})};
  const auto missing = serve.model.add_column({.cost = 3.0});
  const auto demand = serve.model.add_row({.lower = 0.0});
  serve.model.add_entry(demand, serve.incoming[0], 1.0);
  serve.model.add_entry(demand, missing, 1.0);
  graph.nodes.push_back(
      {.name = "now", .stage = 1, .problem = buy, .noise = {}, .arcs = {{.child = 1}}});
  graph.nodes.push_back({.name = "later", .stage = 2, .problem = serve, .noise = {}, .arcs = {}});
  for (const double level : {10.0, 20.0}) {
    graph.nodes[1].noise.push_back(
        {.probability = 0.5,
         .changes = {{.what = Change::What::row_lower, .row = demand, .value = level}},
         .name = {}});
  }
  graph.root = {{.child = 0}};
  vorrat::tree::ExtensiveForm form(graph);
  const double cost = form.solve({}).answer.objective;
  std::printf("cost %.6f\n", cost);
  return std::abs(cost - 20.0) < 1e-6 ? 0 : 1;
}
