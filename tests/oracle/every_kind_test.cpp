// Decomposition on every kind of program and risk measure, each against an oracle that knows
// nothing of cuts.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

#include "tests/oracle/cost_to_go.h"
#include "tests/oracle/nested_risk.h"
#include "tests/oracle/random_program.h"
#include "vorrat/base/random.h"
#include "vorrat/sddp/train.h"
#include "vorrat/tree/extensive_form.h"

namespace vorrat::oracle {
namespace {

double sign_of(const program::PolicyGraph& graph) {
  return graph.sense() == lp::Sense::minimise ? 1.0 : -1.0;
}

/// How many programs: the full number with VORRAT_LONG_TESTS=1 in the environment.
std::uint64_t rounds(std::uint64_t normal, std::uint64_t full) {
  return std::getenv("VORRAT_LONG_TESTS") != nullptr ? full : normal;
}

/// The bounds of a run, none of which passes the optimum, and the last of which is there.
void expect_optimum(const program::PolicyGraph& graph, const sddp::TrainResult& result,
                    double optimum, const std::string& where) {
  const double sign = sign_of(graph), tolerance = 1e-6 * std::max(1.0, std::abs(optimum));
  EXPECT_EQ(result.status, sddp::TrainStatus::converged) << where << ": " << result.reason;
  EXPECT_NEAR(result.bound, optimum, tolerance) << where;
  for (const sddp::LogEntry& entry : result.log)
    EXPECT_LE(sign * entry.bound, sign * optimum + tolerance) << where;
}

/// Every node's cuts at some state, against `exact`: the optimum, if it can be met, of a program.
template <typename Exact>
int expect_cuts_below(const program::PolicyGraph& graph, const sddp::TrainResult& result,
                      std::uint64_t number, double allowance, Exact exact) {
  const RandomStream random(9, "states");
  int compared = 0;
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    if (graph.nodes[n].arcs.empty()) continue;
    const auto x = random_state(*result.policy, n, random, number);
    if (x.empty()) continue;  // no path came here
    const auto [rest, going_on] = cost_to_go(graph, n, x);
    const std::optional<double> optimum = exact(rest);
    if (!optimum) continue;
    ++compared;
    const double cost = going_on * sign_of(graph) * *optimum;
    EXPECT_LE(result.policy->futures()[n].at(x),
              cost + allowance + 1e-5 * std::max(1.0, std::abs(cost)))
        << number << ", node " << n;
  }
  return compared;
}

sddp::Options options_for(std::uint64_t number) {
  sddp::Options options{.iterations = static_cast<int>(rounds(2'000, 20'000)),
                        .gap = 1e-7,
                        .seed = number,
                        .exact_nodes = 300};
  options.selection = number % 2 == 1 ? sddp::CutSelection::all : sddp::CutSelection::useful;
  options.paths_per_iteration = number % 5 == 0 ? 3 : 1;
  options.sharing = number % 7 == 0 ? sddp::Sharing::none : sddp::Sharing::family;
  options.reuse = number % 4 == 0 ? 0.3 : 0.0;
  return options;
}

std::optional<double> optimum_of_tree(const program::PolicyGraph& graph) {
  const auto answer = tree::ExtensiveForm(graph).solve_whole({});
  if (answer.status != lp::Status::optimal) return std::nullopt;
  return answer.objective;
}

TEST(EveryKind, OfStatesBoundsNoiseAndUnitsReachesTheOptimum) {
  int met = 0, compared = 0;
  std::int64_t solves = 0, hand_overs = 0;
  for (std::uint64_t number = 0; number < rounds(500, 10'000); ++number) {
    const auto graph = odd_program(number);
    const auto optimum = optimum_of_tree(graph);
    if (!optimum) continue;
    auto options = options_for(number);
    if (number % 3 == 1) options.cuts = sddp::CutKind::multiple;
    const auto result = sddp::train(graph, options);
    expect_optimum(graph, result, *optimum, std::to_string(number));
    compared += expect_cuts_below(graph, result, number, 0.0, optimum_of_tree);
    solves += result.solves;
    hand_overs += result.hand_overs;
    ++met;
  }
  EXPECT_GT(met, 400);
  EXPECT_GT(compared, met);
  EXPECT_LE(hand_overs, solves / 1'000);
}

TEST(EveryKind, OfRiskReachesTheOptimumOfItsNestedProgram) {
  const std::pair<const char*, NestedRisk> risks[] = {
      {"cvar(0.3)", {.cvar = 1.0, .tail = 0.3}},
      {"worst_case", {.worst_case = 1.0}},
      {"0.6 expectation + 0.4 cvar(0.2)", {.expectation = 0.6, .cvar = 0.4, .tail = 0.2}},
      {"0.5 expectation + 0.2 worst_case + 0.3 cvar(0.5)",
       {.expectation = 0.5, .worst_case = 0.2, .cvar = 0.3, .tail = 0.5}},
      {"expectation", {.expectation = 1.0}}};
  int met = 0, compared = 0;
  for (std::uint64_t number = 0; number < rounds(300, 3'000); ++number) {
    const auto& [name, risk] = risks[number % std::size(risks)];
    const auto graph = number % 2 == 0 ? random_program(number) : odd_program(number);
    const auto optimum = nested_optimum(graph, risk);
    if (!optimum) continue;
    auto options = options_for(number);
    options.risk = program::parse_risk_measure(name);
    const auto result = sddp::train(graph, options);
    expect_optimum(graph, result, *optimum, std::to_string(number) + " " + name);
    compared += expect_cuts_below(
        graph, result, number, 0.0,
        [&risk = risk](const program::PolicyGraph& rest) { return nested_optimum(rest, risk); });
    ++met;
  }
  EXPECT_GT(met, 200);
  EXPECT_GT(compared, met);
}

// The first `stages` stages of a program that goes on for ever.
program::PolicyGraph unrolled(const program::PolicyGraph& graph, std::size_t stages) {
  program::PolicyGraph result = graph;
  result.nodes.clear();
  for (std::size_t t = 0; t < stages; ++t) {
    for (program::Node node : graph.nodes) {
      for (program::Arc& arc : node.arcs) arc.child += (t + 1) * graph.nodes.size();
      if (t + 1 == stages) node.arcs.clear();
      result.nodes.push_back(std::move(node));
    }
  }
  return result;
}

// The optimum lies between that of the first stages alone and that and the most that the rest can
// cost; so does the nested one.
TEST(EveryKind, OfCycleReachesTheOptimumOfItsFirstStages) {
  const double going_on = 0.2;
  const std::size_t depth = 8;
  for (std::uint64_t number = 0; number < rounds(20, 600); ++number) {
    const auto graph = random_cycle(number, going_on);
    const double sign = sign_of(graph);
    const bool is_mean = number % 3 != 2;
    const NestedRisk risk = is_mean ? NestedRisk{.expectation = 1.0}
                                    : NestedRisk{.expectation = 0.5, .cvar = 0.5, .tail = 0.4};
    const auto first = nested_optimum(unrolled(graph, depth), risk);
    ASSERT_TRUE(first) << number;
    const double least = sign * *first;
    const double rest = std::pow(going_on, depth) / (1.0 - going_on) * 1.5e6;
    auto options = options_for(number);
    options.iterations = static_cast<int>(rounds(300, 2'000));
    options.gap = 0.0;
    options.first_check = 0;
    options.simulation_paths = 2;
    options.mean_paths = 0;
    if (number % 3 == 1) options.cuts = sddp::CutKind::multiple;
    if (!is_mean) options.risk = program::parse_risk_measure("0.5 expectation + 0.5 cvar(0.4)");
    const auto result = sddp::train(graph, options);
    const double tolerance = 1e-6 * std::max(1.0, least);
    for (const sddp::LogEntry& entry : result.log)
      EXPECT_LE(sign * entry.bound, least + rest + tolerance) << number;
    EXPECT_GE(sign * result.bound, least - tolerance) << number;
    const int compared =
        expect_cuts_below(graph, result, number, rest, [&](const program::PolicyGraph& then) {
          return nested_optimum(unrolled(then, depth), risk);
        });
    EXPECT_GT(compared, 0) << number;
  }
}

// min over x of (cost of handing x on) + going_on * log(mean of exp(a Q(x))) / a, by golden
// section.
class EntropicByHand {
 public:
  EntropicByHand(const program::PolicyGraph& graph, double aversion)
      : graph_(graph), aversion_(aversion) {}

  double optimum() const {
    const double golden = (std::sqrt(5.0) - 1.0) / 2.0;
    double a = 0.0,
           b = graph_.nodes[0].problem.model.columns[graph_.nodes[0].problem.outgoing[0]].upper;
    while (b - a > 1e-9) {
      const double x = b - golden * (b - a), y = a + golden * (b - a);
      (cost(x) <= cost(y) ? b : a) = cost(x) <= cost(y) ? y : x;
    }
    return cost((a + b) / 2.0);
  }

 private:
  double cost(double x) const {
    program::PolicyGraph now = graph_;
    now.nodes.resize(1);
    now.nodes[0].arcs.clear();
    lp::Column& out = now.nodes[0].problem.model.columns[now.nodes[0].problem.outgoing[0]];
    out.lower = out.upper = x;
    const auto first = tree::ExtensiveForm(now).solve_whole({});
    if (first.status != lp::Status::optimal) return 1e6 * (1.0 + x);  // too much to hand on
    double mean = 0.0, going_on = 0.0;
    for (const program::Arc& arc : graph_.nodes[0].arcs) going_on += arc.probability;
    for (const program::Arc& arc : graph_.nodes[0].arcs) {
      for (program::Realization r : graph_.nodes[arc.child].noise) {
        const double probability = arc.probability * r.probability / going_on;
        r.probability = 1.0;
        program::PolicyGraph then = graph_;
        then.nodes = {graph_.nodes[arc.child]};
        then.nodes[0].noise = {r};
        then.initial_state = {x};
        const auto later = tree::ExtensiveForm(then).solve_whole({});
        mean += probability * std::exp(aversion_ * sign_of(graph_) * later.objective);
      }
    }
    return sign_of(graph_) * first.objective + going_on * std::log(mean) / aversion_;
  }

  const program::PolicyGraph& graph_;
  double aversion_;
};

TEST(EveryKind, OfEntropicRiskReachesTheOptimumByHand) {
  int met = 0;
  for (std::uint64_t number = 0; met < 3; ++number) {
    const auto graph = random_program(number);
    const bool is_small = graph.state_names.size() == 1 && graph.nodes.back().stage == 2;
    if (!is_small || graph.nodes[1].problem.model.columns.size() < 5) continue;  // no penalty
    auto options = options_for(number);
    options.risk = program::entropic(0.2);
    expect_optimum(graph, sddp::train(graph, options),
                   sign_of(graph) * EntropicByHand(graph, 0.2).optimum(), std::to_string(number));
    ++met;
  }
}

}  // namespace
}  // namespace vorrat::oracle
