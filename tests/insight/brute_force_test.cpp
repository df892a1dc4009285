// Every figure of the insight folder against a second way to it, on random small problems.
#include "brute_force.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "vorrat/fleet/random_problem.h"
#include "vorrat/insight/alternatives.h"
#include "vorrat/insight/averages.h"
#include "vorrat/insight/break_even.h"
#include "vorrat/insight/edits.h"
#include "vorrat/insight/information.h"
#include "vorrat/insight/regret.h"
#include "vorrat/insight/small_problems.h"
#include "vorrat/insight/waiting.h"

namespace vorrat::insight {
namespace {

constexpr double million = 1e6;

/// Random problems whose paths can be written out: at most 16 of them.
class RandomSmall {
 public:
  fleet::Problem next() {
    for (;; ++seed_) {
      fleet::RandomProblem random(seed_);
      fleet::Problem problem = seed_ % 2 == 0 ? random.make() : random.make_with_law();
      if (problem.stage_count() > 3) continue;
      problem.branching.assign(problem.stage_count() - 1, 16);
      std::size_t paths = 1;
      for (std::size_t t = 1; t < problem.stage_count(); ++t) paths *= 2 * problem.regime_count();
      if (paths > 16) continue;
      ++seed_;
      return problem;
    }
  }
  std::uint64_t seed() const { return seed_ - 1; }

 private:
  std::uint64_t seed_ = 0;
};

template <typename Claim>
void for_random_problems(int count, Claim claim) {
  RandomSmall random;
  for (int i = 0; i < count; ++i) {
    const fleet::Problem problem = random.next();
    claim(problem);
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << random.seed();
  }
}

double tolerance(double cost) { return 1e-6 * (1.0 + std::abs(cost)); }

void expect_same(const std::optional<double>& found, const std::optional<double>& expected,
                 double scale) {
  ASSERT_EQ(found.has_value(), expected.has_value());
  EXPECT_NEAR(found.value_or(0.0), expected.value_or(0.0), tolerance(scale));
}

TEST(BruteForce, AgreesOnTheWorthOfOrderingNowAndOfWaiting) {
  int ordered = 0, waits = 0;
  for_random_problems(60, [&](const fleet::Problem& problem) {
    const auto study = by_tree(problem, {})(problem);
    const Waiting waiting = worth_of_waiting(*study, 0.0);
    const BruteForce all(problem);
    const double best = *all.cost();
    BruteForce::Orders nothing;
    for (std::size_t o = 0; o < problem.offers.size(); ++o) nothing.emplace_back(o, 0.0);
    ASSERT_TRUE(waiting.all);
    EXPECT_NEAR(*waiting.all / million, *all.cost(nothing) - best, tolerance(best));
    EXPECT_GE(*waiting.all / million, -tolerance(best));
    for (std::size_t o = 0; o < problem.offers.size(); ++o) {
      if (!waiting.lines[o].now_against_waiting) continue;
      // At least a lot: as good as the plan where it has that much, else exactly a lot.
      const double lot = waiting.lines[o].lot / 1e3;
      double with = *all.cost({{o, lot}});
      if (*all.extreme(o, 1.0, best + 1e-9 * (1.0 + std::abs(best))) >= lot) with = best;
      EXPECT_NEAR(*waiting.lines[o].now_against_waiting / million, *all.cost({{o, 0.0}}) - with,
                  2 * tolerance(best));
      (*waiting.lines[o].now_against_waiting > 0.0 ? ordered : waits) += 1;
    }
  });
  EXPECT_GT(ordered, 10);
  EXPECT_GT(waits, 10);
}

TEST(BruteForce, AgreesOnTheValueOfInformation) {
  std::uint64_t made = 0;
  int undefined = 0, positive = 0;
  for_random_problems(60, [&](fleet::Problem problem) {
    // So that some average plans cannot be carried out.
    if (++made % 3 == 0) {
      problem = newsvendor();
      RandomStream stream(made, "newsvendor");
      problem.workloads[0].minimum_service = 0.6 + 0.4 * stream.uniform(0);
      problem.noise = {};
      set_demands(problem, {100 * stream.uniform(1), 100 * stream.uniform(2)});
    }
    const auto found = information(problem, {});
    const BruteForce all(problem);
    const auto best = all.cost();
    ASSERT_EQ(found.has_value(), best.has_value());
    if (!found) return;
    EXPECT_NEAR(found->cost / million, *best, tolerance(*best));
    expect_same(
        found->cost_if_known ? std::optional(*found->cost_if_known / million) : std::nullopt,
        all.cost_if_known(), *best);
    EXPECT_GE(*found->perfect_information / million, -tolerance(*best));
    ASSERT_TRUE(found->promised);
    EXPECT_NEAR(*found->promised / million, *BruteForce(average(problem)).cost(), tolerance(*best));
    BruteForce::Orders orders;
    for (std::size_t o = 0; o < problem.offers.size(); ++o)
      orders.emplace_back(o,
                          found->average_orders[o] < 1e-6 ? 0.0 : found->average_orders[o] / 1e3);
    const auto kept = all.cost(orders);
    if (kept) {
      ASSERT_TRUE(found->average_cost) << found->why_undefined;
      EXPECT_NEAR(*found->average_cost / million, *kept, tolerance(*best));
      EXPECT_GE(*found->stochastic_solution / million, -tolerance(*best));
      positive += *found->stochastic_solution / million > tolerance(*best) ? 1 : 0;
    } else {
      ++undefined;
      EXPECT_FALSE(found->stochastic_solution);
      EXPECT_EQ(found->why_undefined.substr(0, 9), "undefined");
      const auto nodes = all.second_nodes();
      EXPECT_EQ(found->failed.empty(), std::ranges::all_of(nodes, [&](const auto& node) {
                  return all.feasible_through(node.first, orders);
                }));
    }
    for (const Uncertainty& uncertainty : uncertainties(problem)) {
      const std::string name = to_string(problem, uncertainty);
      const auto line = std::ranges::find(found->uncertainties, name, &UncertaintyWorth::name);
      ASSERT_NE(line, found->uncertainties.end());
      const fleet::Problem changed = without(problem, uncertainty);
      expect_same(line->cost_without ? std::optional(*line->cost_without / million) : std::nullopt,
                  BruteForce(changed).cost(), *best);
      // Switched off it has no worth left.
      EXPECT_EQ(std::ranges::count(uncertainties(changed), uncertainty), 0);
    }
  });
  EXPECT_GE(positive, 3);
  EXPECT_GE(undefined, 3);
}

TEST(BruteForce, AgreesThatBreakEvensAreWhereTheAnswerChanges) {
  int found = 0;
  for_random_problems(50, [&](const fleet::Problem& problem) {
    const StudyMaker make = by_tree(problem, {});
    std::vector<Dial> asked;
    for (std::size_t g = 0; g < problem.gates.size(); ++g)
      asked.push_back(odds_dial(problem, g, GateOdds::passes));
    asked.push_back(price_dial(problem, 0));
    const double lot = lot_of(problem, 0);
    // Ordering pays where a lot or more is cheaper than none.
    const auto pays = [&](const fleet::Problem& changed) {
      const BruteForce all(changed);
      const double none = *all.cost({{0, 0.0}});
      const double best = *all.cost(), slack = 1e-9 * (1.0 + std::abs(best));
      const double some =
          *all.extreme(0, 1.0, best + slack) >= lot ? best : all.cost({{0, lot}}).value_or(none);
      return none - some > 10 * slack;
    };
    for (const Dial& dial : asked) {
      const auto line = break_even(make, problem, dial, 0, lot, 1e-4);
      if (!line || !line->at) continue;
      ++found;
      EXPECT_EQ(line->is_ordered, pays(problem)) << dial.name;
      const double step = 1e-3;
      const bool is_factor = dial.neutral == 1.0;
      const double up = is_factor ? line->setting * (1 + step) : line->setting + step;
      const double down = is_factor ? line->setting / (1 + step) : line->setting - step;
      EXPECT_NE(pays(dial.turned(problem, up)), pays(dial.turned(problem, down))) << dial.name;
    }
  });
  EXPECT_GT(found, 15);
}

TEST(BruteForce, AgreesOnHowFarEachLineMayMove) {
  int moved = 0;
  for_random_problems(50, [&](const fleet::Problem& problem) {
    const auto study = by_tree(problem, {})(problem);
    const NearBest found = near_best(*study, 0.05, 3, {});
    const BruteForce all(problem);
    const double best = *all.cost(), limit = best + 0.05 * std::abs(best);
    for (const NearBestRange& range : found.ranges) {
      const auto offer = std::ranges::find(problem.offers, range.offer, &fleet::Offer::id);
      const auto o = static_cast<std::size_t>(offer - problem.offers.begin());
      // The search is exact to 1e-6 of what is supplied.
      EXPECT_NEAR(range.least / 1e3, *all.extreme(o, -1.0, limit), 2e-5 * (1 + offer->supply[0]));
      EXPECT_NEAR(range.most / 1e3, *all.extreme(o, 1.0, limit), 2e-5 * (1 + offer->supply[0]));
    }
    for (const Alternative& alternative : found.alternatives) {
      BruteForce::Orders orders;
      for (std::size_t o = 0; o < problem.offers.size(); ++o)
        orders.emplace_back(o, alternative.ordered[o] < 1e-6 ? 0.0 : alternative.ordered[o] / 1e3);
      EXPECT_NEAR(*all.cost(orders), alternative.cost / million, 10 * tolerance(best));
      EXPECT_LE(alternative.cost / million, limit + 10 * tolerance(best));
      moved += alternative.moved > 0.01 ? 1 : 0;
    }
  });
  EXPECT_GT(moved, 20);
}

TEST(BruteForce, AgreesOnTheRiskFrontier) {
  std::uint64_t made = 0;
  int hedged = 0;
  for_random_problems(60, [&](fleet::Problem problem) {
    // Random fleets seldom have anything to insure with: every third is a dear newsvendor.
    if (++made % 3 == 0) {
      problem = newsvendor();
      problem.offers[0].price = 20 + 30 * RandomStream(made, "newsvendor").uniform(0);
    }
    fleet::FleetSolver solver(problem, {});
    const BruteForce all(problem);
    const double best = *all.cost();
    const auto points = solver.risk_frontier(0.25, {0.0, 0.25, 0.5, 0.75, 1.0});
    ASSERT_EQ(points.size(), 5u);
    EXPECT_NEAR(points.front().mean, best, tolerance(best));
    EXPECT_NEAR(points.back().tail_mean, *all.least_tail_mean(0.25), tolerance(best));
    for (std::size_t i = 1; i < points.size(); ++i) {
      EXPECT_GE(points[i].mean, points[i - 1].mean - tolerance(best));
      EXPECT_LE(points[i].tail_mean, points[i - 1].tail_mean + tolerance(best));
    }
    // The tail of all outcomes is their mean.
    EXPECT_NEAR(solver.risk_frontier(1.0, {1.0}).front().tail_mean, best, tolerance(best));
    hedged += points.back().mean > best + 100 * tolerance(best) ? 1 : 0;
  });
  EXPECT_GE(hedged, 10);
}

TEST(BruteForce, AgreesOnStressesRulesAndOtherEnds) {
  int dearer = 0;
  for_random_problems(50, [&](const fleet::Problem& problem) {
    const StudyMaker make = by_tree(problem, {});
    const double best = *BruteForce(problem).cost();
    const auto same = [&](const fleet::Problem& changed) {
      const auto cost = make(changed)->cost();
      expect_same(cost, BruteForce(changed).cost(), best);
      return *cost;
    };
    for (const Stress& stress :
         {Stress{.kind = Stress::Kind::shut, .stage = 1}, Stress{.kind = Stress::Kind::only_lesser},
          Stress{.kind = Stress::Kind::third_site_only, .home = {0}}}) {
      const double cost = same(stressed(problem, stress));
      // Taking options away never makes it cheaper.
      EXPECT_GE(cost, best - tolerance(best)) << to_string(problem, stress);
      dearer += cost > best + 100 * tolerance(best) ? 1 : 0;
    }
    same(stressed(problem, {.kind = Stress::Kind::delay, .quarters = 1}));
    same(with_end_value(problem, 0.5));
    same(with_horizon(problem, problem.stage_count() - 1));
    const auto first = make(problem)->best({});
    const Regret regret = regret_of_rules(problem, first->ordered, 1, 1, {});
    for (const RuleLine& line : regret.lines) {
      ASSERT_TRUE(line.cost);
      EXPECT_GE(*line.cost / million, best - tolerance(best)) << to_string(line.rule);
    }
    EXPECT_NEAR(*regret.lines[0].cost / million, best, tolerance(best));
    EXPECT_NEAR(*regret.lines[1].cost / million,
                *BruteForce(restricted(problem, Rule::all_now, {})).cost(), tolerance(best));
    EXPECT_NEAR(*regret.lines[4].cost / million,
                *BruteForce(restricted(problem, Rule::never_import, {})).cost(), tolerance(best));
  });
  EXPECT_GT(dearer, 10);
}

}  // namespace
}  // namespace vorrat::insight
