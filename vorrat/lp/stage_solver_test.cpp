#include "vorrat/lp/stage_solver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"
#include "vorrat/lp/certificate.h"

namespace vorrat::lp {
namespace {

/// Draws one after the other from a stream.
class Dice {
 public:
  Dice(std::uint64_t seed, const char* name) : stream_(seed, name) {}
  double uniform(double low, double high) { return low + (high - low) * stream_.uniform(next_++); }
  bool chance(double odds) { return uniform(0, 1) < odds; }
  std::size_t below(std::size_t count) {
    return std::min(count - 1, static_cast<std::size_t>(uniform(0, static_cast<double>(count))));
  }

 private:
  RandomStream stream_;
  std::uint64_t next_ = 0;
};

enum class Temper { plain, degenerate, badly_scaled };

/// A random LP with every kind of column and row; one in four has no feasible point by design.
Model random_stage(Dice& dice, Temper temper, std::size_t rows, std::size_t columns) {
  Model model;
  model.sense = dice.chance(0.5) ? Sense::minimise : Sense::maximise;
  const bool whole = temper == Temper::degenerate;
  const auto number = [&](double low, double high) {
    const double value = dice.uniform(low, high);
    return whole ? std::round(value) : value;
  };
  std::vector<double> point, unit;
  for (std::size_t j = 0; j < columns; ++j) {
    unit.push_back(temper == Temper::badly_scaled ? std::pow(10.0, dice.uniform(-3, 3)) : 1.0);
    const double x = number(-3, 3) * unit[j];
    point.push_back(x);
    Column column{x - std::abs(number(0, 4)) * unit[j], x + std::abs(number(0, 4)) * unit[j],
                  number(-4, 4) / unit[j]};
    const double kind = dice.uniform(0, 1);
    if (kind < 0.1) column.lower = -infinity;
    if (kind > 0.05 && kind < 0.3) column.upper = infinity;
    if (kind > 0.95) column.lower = column.upper = x;
    model.add_column(column);
  }
  const bool may_fail = dice.chance(0.25);
  for (std::size_t i = 0; i < rows; ++i) {
    const double row_unit =
        temper == Temper::badly_scaled ? std::pow(10.0, dice.uniform(-3, 3)) : 1.0;
    double activity = 0.0;
    model.add_row({});
    for (std::size_t j = 0; j < columns; ++j) {
      if (!dice.chance(0.35)) continue;
      const double value = number(-4, 4) * row_unit / unit[j];
      model.add_entry(i, j, value);
      activity += value * point[j];
    }
    if (may_fail) activity += number(-3, 3) * row_unit;
    const double room = (dice.chance(0.3) ? 0.0 : std::abs(number(0, 3))) * row_unit;
    const double kind = dice.uniform(0, 1);
    if (kind < 0.7) model.rows[i].lower = activity - room;
    if (kind > 0.4 && kind < 0.97) model.rows[i].upper = activity + room;
  }
  return model;
}

/// How often the long tests repeat: the full numbers with VORRAT_LONG_TESTS=1 in the environment.
std::uint64_t rounds(std::uint64_t normal, std::uint64_t full) {
  return std::getenv("VORRAT_LONG_TESTS") != nullptr ? full : normal;
}

/// Expects the same verdict, and the same optimum to 1e-6. Both verdicts carry proofs, so where an
/// LP is on the edge (feasible only within tolerance) both may be right: `on_edge` counts those.
void expect_agreement(const Answer& ours, const Answer& theirs, const std::string& where,
                      int& on_edge) {
  ASSERT_NE(ours.status, Status::failed) << where << ": " << ours.message;
  if (theirs.status == Status::failed) return;
  if (ours.status != theirs.status) {
    const bool edge = ours.status == Status::infeasible || theirs.status == Status::infeasible;
    ASSERT_TRUE(edge) << where << ": " << to_string(ours.status) << " against "
                      << to_string(theirs.status);
    ++on_edge;
    return;
  }
  if (ours.status == Status::optimal) {
    ASSERT_NEAR(ours.objective, theirs.objective, 1e-6 * std::max(1.0, std::abs(theirs.objective)))
        << where;
  }
}

TEST(StageSolver, AgreesWithHighsOnRandomStages) {
  if (!has_highs()) GTEST_SKIP();
  const auto highs = make_highs_solver();
  int on_edge = 0;
  std::int64_t solves = 0, hand_overs = 0, hand_overs_of_bad = 0;
  int optimal = 0, infeasible = 0, unbounded = 0;
  for (std::uint64_t seed = 0; seed < rounds(2'000, 20'000); ++seed) {
    Dice dice(seed, "random stages");
    const auto temper = static_cast<Temper>(seed % 3);
    const Model model = random_stage(dice, temper, 1 + dice.below(25), 1 + dice.below(40));
    StageSolver stage;
    stage.load(model);
    highs->load(model);
    const Answer ours = stage.solve({});
    expect_agreement(ours, highs->solve({}), "seed " + std::to_string(seed), on_edge);
    if (HasFatalFailure()) return;
    ++(ours.status == Status::optimal      ? optimal
       : ours.status == Status::infeasible ? infeasible
                                           : unbounded);
    ++solves;
    (temper == Temper::badly_scaled ? hand_overs_of_bad : hand_overs) += stage.counts().hand_overs;
  }
  RecordProperty("hand_overs", static_cast<int>(hand_overs));
  RecordProperty("hand_overs_of_badly_scaled", static_cast<int>(hand_overs_of_bad));
  printf("%d optimal, %d infeasible, %d unbounded, %d on the edge, %d + %d handed over\n", optimal,
         infeasible, unbounded, on_edge, static_cast<int>(hand_overs),
         static_cast<int>(hand_overs_of_bad));
  EXPECT_GT(optimal, solves / 3);
  EXPECT_GT(infeasible, solves / 30);
  EXPECT_GT(unbounded, solves / 100);
  EXPECT_LE(hand_overs, solves / 10'000);
  EXPECT_LE(hand_overs_of_bad, solves / 100);
  EXPECT_LE(on_edge, solves / 1'000);
}

/// One random small change, the same to both.
void change(Dice& dice, const Model& shape, double scale, Solver& one, Solver& other,
            CurrentModel& now) {
  const std::size_t base_rows = shape.rows.size();
  const std::size_t i = dice.below(now.row_count());
  const std::size_t j = dice.below(now.column_count());
  const double by = dice.uniform(-1, 1) * scale;
  const auto both = [&](auto what) {
    what(one);
    what(other);
    what(now);
  };
  switch (dice.below(12)) {
    default:
      both([&](auto& lp) { lp.set_row_bounds(i, now.row_lower[i] + by, now.row_upper[i] + by); });
      break;
    case 6: {
      // A bound comes or goes.
      const bool had = now.lower[j] > -infinity;
      const double lower = had ? -infinity : std::min(now.upper[j], 0.0) - std::abs(by);
      both([&](auto& lp) { lp.set_column_bounds(j, lower, now.upper[j]); });
      break;
    }
    case 7: {
      const double at = std::isfinite(now.lower[j]) ? now.lower[j] : by;
      both([&](auto& lp) { lp.set_column_bounds(j, at, at + std::abs(by) * 4); });
      break;
    }
    case 8: {
      const double cost = shape.columns[j].cost + by;
      both([&](auto& lp) { lp.set_cost(j, cost); });
      break;
    }
    case 9: {
      const double value = dice.chance(0.2) ? 0.0 : 3 * by / scale;
      both([&](auto& lp) { lp.set_coefficient(i, j, value); });
      break;
    }
    case 10: {
      std::vector<std::size_t> columns;
      std::vector<double> values;
      for (std::size_t c = j; c < std::min(now.column_count(), j + 4); ++c) {
        columns.push_back(c);
        values.push_back(std::round(dice.uniform(-3, 3)));
      }
      const double upper = std::round(dice.uniform(2, 20));
      one.add_row(-infinity, upper, columns, values);
      other.add_row(-infinity, upper, columns, values);
      now.add_row(-infinity, upper, columns, values);
      break;
    }
    case 11:
      if (now.row_count() > base_rows) {
        const std::size_t first = base_rows + dice.below(now.row_count() - base_rows);
        both([&](auto& lp) { lp.remove_rows_from(first); });
      }
      break;
  }
}

TEST(StageSolver, AgreesWithHighsThroughRandomSequencesOfChanges) {
  if (!has_highs()) GTEST_SKIP();
  int on_edge = 0;
  std::int64_t solves = 0, hand_overs = 0, hand_overs_of_bad = 0, perturbations = 0, inversions = 0;
  for (std::uint64_t seed = 0; seed < rounds(12, 200); ++seed) {
    Dice dice(seed, "random sequences");
    const auto temper = static_cast<Temper>(seed % 3);
    const Model model = random_stage(dice, temper, 4 + dice.below(16), 6 + dice.below(24));
    StageSolver stage;
    const auto highs = make_highs_solver();
    stage.load(model);
    highs->load(model);
    CurrentModel now(model);
    for (int step = 0; step < 1'000; ++step) {
      change(dice, model, temper == Temper::badly_scaled ? dice.uniform(0.001, 100) : 1.0, stage,
             *highs, now);
      const std::string where = "seed " + std::to_string(seed) + ", step " + std::to_string(step);
      expect_agreement(stage.solve({}), highs->solve({}), where, on_edge);
      if (HasFatalFailure()) return;
      ++solves;
    }
    (temper == Temper::badly_scaled ? hand_overs_of_bad : hand_overs) += stage.counts().hand_overs;
    perturbations += stage.counts().perturbations;
    inversions += stage.counts().inversions;
  }
  printf("%ld solves, %d on the edge, %ld + %ld handed over, %ld perturbations, %ld inversions\n",
         static_cast<long>(solves), on_edge, static_cast<long>(hand_overs),
         static_cast<long>(hand_overs_of_bad), static_cast<long>(perturbations),
         static_cast<long>(inversions));
  EXPECT_LE(hand_overs, solves / 10'000);
  EXPECT_LE(hand_overs_of_bad, solves / 1'000);
  EXPECT_LE(on_edge, solves / 500);
}

// min theta + 2 x, 0 <= x <= 4, theta >= 10 - 3 x, theta >= 1 - x / 2: x = 3.6, theta = -0.8.
Model first_stage(Sense sense) {
  const double sign = sense == Sense::minimise ? 1.0 : -1.0;
  Model model;
  model.sense = sense;
  model.add_column({0, 4, sign * 2});
  model.add_column({-infinity, infinity, 1});
  model.add_row({0, infinity});
  model.add_entry(0, 0, 1);
  return model;
}

TEST(StageSolver, TakesCutsAsTheyComeAndNamesThoseThatBind) {
  for (const Sense sense : {Sense::minimise, Sense::maximise}) {
    const double sign = sense == Sense::minimise ? 1.0 : -1.0;
    CutPool pool(1, sense);
    StageSolver stage{StageSolver::StandBy()};
    stage.load(first_stage(sense));
    const std::size_t states[] = {0}, thetas[] = {1};
    stage.use_cuts(&pool, states, thetas);
    EXPECT_EQ(stage.resolve(), Status::unbounded);
    pool.append(std::vector{-3.0 * sign}, 10.0 * sign);
    EXPECT_EQ(stage.resolve(), Status::optimal);
    EXPECT_NEAR(stage.objective(), sign * 6.0, 1e-9);  // x = 4, theta = -2
    pool.append(std::vector{-0.5 * sign}, 1.0 * sign);
    EXPECT_EQ(stage.resolve(1), Status::optimal);
    EXPECT_NEAR(stage.objective(), sign * 6.0, 1e-9) << "asked for one cut only";
    EXPECT_EQ(stage.resolve(), Status::optimal);
    EXPECT_NEAR(stage.objective(), sign * 6.4, 1e-9);
    EXPECT_NEAR(stage.primal()[0], 3.6, 1e-9);
    EXPECT_NEAR(stage.primal()[1], sign * -0.8, 1e-9);
    ASSERT_EQ(stage.active_cuts().size(), 2u);
    double total = 0.0;
    for (const auto& active : stage.active_cuts()) total += active.dual;
    EXPECT_NEAR(total, 1.0, 1e-9) << "theta's cost is shared among the cuts";
    EXPECT_EQ(stage.resolve(1), Status::optimal);
    EXPECT_NEAR(stage.objective(), sign * 6.0, 1e-9) << "asked for one cut again";
    stage.use_cuts(nullptr, {}, {});
    EXPECT_EQ(stage.resolve(), Status::unbounded);
  }
}

// min s, s = w + level, -2 <= w <= 0, s >= 0: at level 0 only w = 0 is left. A level that rounding
// left below 0 is no proof that nothing is.
TEST(StageSolver, TakesALevelThatRoundingLeftBelowZeroForZero) {
  Model model;
  model.add_column({-2, 0, 0});
  model.add_column({0, infinity, 1});
  model.add_row({3, 3});
  model.add_entry(0, 0, -1);
  model.add_entry(0, 1, 1);
  StageSolver stage;
  stage.load(model);
  ASSERT_EQ(stage.resolve(), Status::optimal);
  EXPECT_DOUBLE_EQ(stage.objective(), 1.0);
  stage.set_row_bounds(0, -4e-15, -4e-15);
  ASSERT_EQ(stage.resolve(), Status::optimal);
  EXPECT_NEAR(stage.objective(), 0.0, 1e-9);
  stage.set_row_bounds(0, -1e-3, -1e-3);
  EXPECT_EQ(stage.resolve(), Status::infeasible);
}

// A stand-by that drops the smallest numbers answers another LP.
class Careless final : public Solver {
 public:
  void load(const Model& model) override { rows_ = model.rows.size(); }
  void set_row_bounds(std::size_t, double, double) override {}
  void set_column_bounds(std::size_t, double, double) override {}
  void set_cost(std::size_t, double) override {}
  void set_coefficient(std::size_t, std::size_t, double) override {}
  std::size_t add_row(double, double, std::span<const std::size_t>,
                      std::span<const double>) override {
    return rows_++;
  }
  void remove_rows_from(std::size_t first) override { rows_ = first; }
  Answer solve(const SolveOptions&) override {
    return {.status = Status::optimal, .objective = 7, .primal = {0, 0}, .row_dual = {0, 0}};
  }
  std::size_t column_count() const override { return 2; }
  std::size_t row_count() const override { return rows_; }
  std::string name() const override { return "careless"; }

 private:
  std::size_t rows_ = 0;
};

// min x, 1e-14 x + y >= 1, y <= 0: x = 1e14 by a pivot that nobody should trust, so it is handed
// over.
TEST(StageSolver, DoesNotTakeAStandBysWord) {
  Model model;
  model.add_column({0, infinity, 1});
  model.add_column({-5, 0, 0});
  model.add_row({1, infinity});
  model.add_entry(0, 0, 1e-14);
  model.add_entry(0, 1, 1);
  model.add_row({-1, infinity});
  model.add_entry(1, 0, 1);
  StageSolver stage([] { return std::make_unique<Careless>(); });
  stage.load(model);
  EXPECT_EQ(stage.resolve(), Status::failed);
  EXPECT_EQ(stage.counts().hand_overs, 1);
  const Answer answer = stage.solve({});
  EXPECT_EQ(answer.status, Status::failed);
  EXPECT_EQ(answer.message, "the stand-by's answer does not hold: row 0 is missed by 1");
}

// min x + 9 z, x + y - 1e-50 z >= 2, y <= 1, and z at ten million where nothing else will do:
// neither the tiny number nor the large one may hide that x is cheaper.
TEST(StageSolver, ProvesWhatItAnswersDespiteNumbersNextToNothing) {
  for (const double tiny : {1e-9, 1e-14, 1e-30, 1e-99, 1e-300}) {
    Model model;
    model.add_column({0, infinity, 1});
    model.add_column({0, 1, 0});
    model.add_column({0, infinity, 9});
    model.add_column({0, infinity, 1e7});
    model.add_row({2, infinity});
    for (std::size_t j = 0; j < 4; ++j) model.add_entry(0, j, j == 2 ? -tiny : 1);
    model.add_row({0, 0});
    model.add_entry(1, 0, 1);
    model.add_entry(1, 2, -1);
    model.add_entry(1, 1, tiny);
    StageSolver stage{StageSolver::StandBy()};
    stage.load(model);
    ASSERT_EQ(stage.resolve(), Status::optimal) << tiny;
    EXPECT_NEAR(stage.objective(), 10.0, 1e-6) << tiny;
    EXPECT_NEAR(stage.bound(), 10.0, 1e-6) << tiny;
    EXPECT_LE(stage.bound(), stage.objective() + 1e-12) << tiny;
  }
}

TEST(StageSolver, RefusesWholeNumbers) {
  Model model = first_stage(Sense::minimise);
  model.columns[0].kind = ColumnKind::integer;
  StageSolver stage;
  EXPECT_THROW(stage.load(model), Unavailable);
}

/// A lazy pool must end at the optimum of the LP that holds every cut as a row.
TEST(StageSolver, LazyCutsGiveTheOptimumOfAllCutsAsRows) {
  if (!has_highs()) GTEST_SKIP();
  for (std::uint64_t seed = 0; seed < rounds(30, 300); ++seed) {
    Dice dice(seed, "lazy cuts");
    const std::size_t states = 1 + dice.below(6), thetas = 1 + dice.below(2);
    const Sense sense = seed % 2 == 0 ? Sense::minimise : Sense::maximise;
    const double sign = sense == Sense::minimise ? 1.0 : -1.0;
    Model model;
    model.sense = sense;
    std::vector<std::size_t> state_columns, theta_columns;
    for (std::size_t s = 0; s < states; ++s) {
      state_columns.push_back(model.add_column({0, dice.uniform(5, 10), 0}));
    }
    for (std::size_t t = 0; t < thetas; ++t) {
      theta_columns.push_back(
          model.add_column({sign > 0 ? 0.0 : -infinity, sign > 0 ? infinity : 0.0, 1}));
    }
    // State = before + bought - spilled; buying costs, with a shared budget of volume.
    const std::size_t budget = model.add_row({-infinity, 8});
    for (std::size_t s = 0; s < states; ++s) {
      const std::size_t row = model.add_row({2, 2});
      model.add_entry(row, state_columns[s], 1);
      const std::size_t buy = model.add_column({0, infinity, sign * dice.uniform(1, 4)});
      model.add_entry(row, buy, -1);
      model.add_entry(row, model.add_column({0, infinity, 0}), 1);
      model.add_entry(budget, buy, 1);
    }
    CutPool pool(states, sense);
    StageSolver stage{StageSolver::StandBy()};
    stage.load(model);
    stage.use_cuts(&pool, state_columns, theta_columns);
    const auto highs = make_highs_solver();
    highs->load(model);
    for (int step = 0; step < 150; ++step) {
      const std::size_t theta = dice.below(thetas);
      std::vector<double> slope;
      std::vector<std::size_t> columns = state_columns;
      std::vector<double> values;
      for (std::size_t s = 0; s < states; ++s) {
        slope.push_back(-sign * (dice.chance(0.3) ? 0.0 : dice.uniform(0, 6)));
        values.push_back(-slope.back());
      }
      columns.push_back(theta_columns[theta]);
      values.push_back(1.0);
      const double rhs = sign * dice.uniform(0, 30);
      pool.append(slope, rhs, theta);
      highs->add_row(sign > 0 ? rhs : -infinity, sign > 0 ? infinity : rhs, columns, values);
      const std::size_t row = 1 + dice.below(states);
      const double inflow = dice.uniform(0, 4);
      stage.set_row_bounds(row, inflow, inflow);
      highs->set_row_bounds(row, inflow, inflow);
      ASSERT_EQ(stage.resolve(), Status::optimal);
      const Answer theirs = highs->solve({});
      ASSERT_EQ(theirs.status, Status::optimal);
      ASSERT_NEAR(stage.objective(), theirs.objective,
                  1e-6 * std::max(1.0, std::abs(theirs.objective)))
          << "seed " << seed << ", step " << step;
      ASSERT_NEAR(stage.bound(), stage.objective(), 1e-8 * std::max(1.0, stage.objective()));
    }
    EXPECT_EQ(stage.counts().hand_overs, 0);
  }
}

}  // namespace
}  // namespace vorrat::lp
