// What every LP backend must do. Each test runs on each backend that is built in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <thread>

#include "vorrat/base/random.h"
#include "vorrat/lp/certificate.h"
#include "vorrat/lp/solver.h"
#include "vorrat/lp/stage_solver.h"

namespace vorrat::lp {
namespace {

struct Backend {
  std::string name;
  std::function<std::unique_ptr<Solver>()> make;
  bool solves_integers;
};

void PrintTo(const Backend& backend, std::ostream* out) { *out << backend.name; }

/// A backend together with what it was told, so that every answer is judged from outside.
class Judge {
 public:
  Judge(std::unique_ptr<Solver> solver, const Model& model)
      : solver_(std::move(solver)), current_(model) {
    model.check();
    solver_->load(model);
  }

  void set_row_bounds(std::size_t row, double lower, double upper) {
    current_.set_row_bounds(row, lower, upper);
    solver_->set_row_bounds(row, lower, upper);
  }
  void set_column_bounds(std::size_t column, double lower, double upper) {
    current_.set_column_bounds(column, lower, upper);
    solver_->set_column_bounds(column, lower, upper);
  }
  void set_cost(std::size_t column, double cost) {
    current_.set_cost(column, cost);
    solver_->set_cost(column, cost);
  }
  void set_coefficient(std::size_t row, std::size_t column, double value) {
    current_.set_coefficient(row, column, value);
    solver_->set_coefficient(row, column, value);
  }
  std::size_t add_row(double lower, double upper, const std::vector<std::size_t>& columns,
                      const std::vector<double>& values) {
    current_.add_row(lower, upper, columns, values);
    return solver_->add_row(lower, upper, columns, values);
  }
  void remove_rows_from(std::size_t first) {
    current_.remove_rows_from(first);
    solver_->remove_rows_from(first);
  }

  /// Solves and proves the answer, whatever it is.
  Answer solve(const SolveOptions& options = {}) {
    Answer answer = solver_->solve(options);
    EXPECT_EQ(solver_->row_count(), current_.row_count());
    EXPECT_EQ(solver_->column_count(), current_.column_count());
    if (answer.status == Status::optimal) {
      Answer again = answer;
      recompute(current_, again);
      EXPECT_EQ(fault_of_optimal(current_, again), "");
      EXPECT_EQ(again.row_activity.size(), answer.row_activity.size());
      EXPECT_NEAR(again.objective, answer.objective,
                  1e-7 * std::max(1.0, std::abs(again.objective)));
      EXPECT_NEAR(again.bound, answer.bound, 1e-7 * std::max(1.0, std::abs(again.bound)));
      EXPECT_LE(answer.gap, 1e-6);
    } else if (answer.status == Status::infeasible && !current_.has_integers()) {
      EXPECT_TRUE(proves_infeasible(current_, answer.ray));
    } else if (answer.status == Status::unbounded && !current_.has_integers()) {
      EXPECT_TRUE(improves_for_ever(current_, answer.ray));
      EXPECT_EQ(fault_of_point(current_, answer), "");
    } else {
      EXPECT_NE(answer.status, Status::failed) << answer.message;
    }
    return answer;
  }

  /// The optimum, or NaN with a failure.
  double optimum() {
    const Answer answer = solve();
    EXPECT_EQ(answer.status, Status::optimal) << answer.message;
    return answer.status == Status::optimal ? answer.objective : std::nan("");
  }

  const CurrentModel& current() const { return current_; }

 private:
  std::unique_ptr<Solver> solver_;
  CurrentModel current_;
};

class SolverConformance : public testing::TestWithParam<Backend> {
 protected:
  Judge judge(const Model& model) { return Judge(GetParam().make(), model); }
  Status status_of(const Model& model) { return judge(model).solve().status; }
};

Model with_rows(const std::vector<Column>& columns, const std::vector<Row>& rows,
                const std::vector<std::vector<double>>& matrix) {
  Model model;
  for (const Column& column : columns) model.add_column(column);
  for (const Row& row : rows) model.add_row(row);
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    for (std::size_t j = 0; j < matrix[i].size(); ++j) model.add_entry(i, j, matrix[i][j]);
  }
  return model;
}

// max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: x = 2, y = 6, 36; duals 0, 1.5, 1.
// Source: Hillier and Lieberman, "Introduction to Operations Research", the Wyndor Glass problem.
Model wyndor() {
  Model model =
      with_rows({{0, infinity, 3}, {0, infinity, 5}},
                {{-infinity, 4}, {-infinity, 12}, {-infinity, 18}}, {{1, 0}, {0, 2}, {3, 2}});
  model.sense = Sense::maximise;
  return model;
}

TEST_P(SolverConformance, SolvesWyndorGlassWithItsDuals) {
  const Answer answer = judge(wyndor()).solve();
  ASSERT_EQ(answer.status, Status::optimal);
  EXPECT_NEAR(answer.objective, 36.0, 1e-9);
  EXPECT_NEAR(answer.bound, 36.0, 1e-9);
  EXPECT_NEAR(answer.primal[0], 2.0, 1e-9);
  EXPECT_NEAR(answer.primal[1], 6.0, 1e-9);
  EXPECT_NEAR(answer.row_activity[0], 2.0, 1e-9);
  EXPECT_NEAR(answer.row_activity[2], 18.0, 1e-9);
  EXPECT_NEAR(answer.row_dual[0], 0.0, 1e-9);
  EXPECT_NEAR(answer.row_dual[1], 1.5, 1e-9);
  EXPECT_NEAR(answer.row_dual[2], 1.0, 1e-9);
}

TEST_P(SolverConformance, AddsTheObjectiveConstant) {
  Model model = wyndor();
  model.objective_constant = -100.0;
  EXPECT_NEAR(judge(model).optimum(), -64.0, 1e-9);
}

TEST_P(SolverConformance, SolvesAModelWithoutRowsFromItsBounds) {
  const Model model =
      with_rows({{-2, 5, 1}, {-1, 7, -2}, {3, 3, 4}, {-infinity, infinity, 0}}, {}, {});
  EXPECT_NEAR(judge(model).optimum(), -2.0 - 14.0 + 12.0, 1e-12);
  EXPECT_EQ(status_of(with_rows({{0, infinity, -1}}, {}, {})), Status::unbounded);
}

TEST_P(SolverConformance, SolvesAModelWithoutColumns) {
  Model model = with_rows({}, {{-1, 1}, {0, 0}}, {});
  model.objective_constant = 7.0;
  EXPECT_EQ(judge(model).optimum(), 7.0);
  model.rows[0].lower = 0.5;
  EXPECT_EQ(status_of(model), Status::infeasible);
  EXPECT_EQ(judge(Model{}).optimum(), 0.0);
}

TEST_P(SolverConformance, SolvesRowsWithoutEntriesAndFreeRows) {
  const Model model =
      with_rows({{0, 10, -1}}, {{-1, 1}, {-infinity, infinity}, {-infinity, 4}}, {{0}, {2}, {1}});
  EXPECT_NEAR(judge(model).optimum(), -4.0, 1e-9);
}

TEST_P(SolverConformance, AddsUpDuplicateEntries) {
  Model model = with_rows({{0, infinity, -1}}, {{-infinity, 6}}, {{1}});
  model.add_entry(0, 0, 2.0);
  EXPECT_NEAR(judge(model).optimum(), -2.0, 1e-9);
}

TEST_P(SolverConformance, SolvesFreeColumnsEqualitiesRangesAndFixedColumns) {
  // min |x - 3| as u + v, x - u + v = 3, 1 <= x + y <= 2, y fixed at 4: x in [-3, -2], so 5.
  const Model model =
      with_rows({{-infinity, infinity, 0}, {4, 4, 0}, {0, infinity, 1}, {0, infinity, 1}},
                {{3, 3}, {1, 2}}, {{1, 0, -1, 1}, {1, 1, 0, 0}});
  const Answer answer = judge(model).solve();
  ASSERT_EQ(answer.status, Status::optimal);
  EXPECT_NEAR(answer.objective, 5.0, 1e-9);
  EXPECT_NEAR(answer.primal[0], -2.0, 1e-9);
  EXPECT_NEAR(answer.primal[1], 4.0, 1e-9);
}

TEST_P(SolverConformance, SolvesAMeritOrderOfBoxedColumns) {
  // Ten plants of 1 at costs 1..10 and shedding at 100 meet demand d: sum of the cheapest.
  std::vector<Column> columns;
  for (int k = 10; k >= 1; --k) columns.push_back({0, 1, static_cast<double>(k)});
  columns.push_back({0, infinity, 100});
  const Model model = with_rows(columns, {{3.5, 3.5}}, {std::vector<double>(11, 1.0)});
  Judge judge = this->judge(model);
  EXPECT_NEAR(judge.optimum(), 1 + 2 + 3 + 0.5 * 4, 1e-9);
  judge.set_row_bounds(0, 9.25, 9.25);
  EXPECT_NEAR(judge.optimum(), 45 + 0.25 * 10, 1e-9);
  judge.set_row_bounds(0, 12.0, 12.0);
  EXPECT_NEAR(judge.optimum(), 55 + 200, 1e-9);
  judge.set_row_bounds(0, 0.0, 0.0);
  EXPECT_NEAR(judge.optimum(), 0.0, 1e-9);
}

TEST_P(SolverConformance, ProvesInfeasibility) {
  EXPECT_EQ(status_of(with_rows({{0, 1, 1}, {0, 1, 1}}, {{3, infinity}}, {{1, 1}})),
            Status::infeasible);
  EXPECT_EQ(status_of(with_rows({{-infinity, infinity, 1}, {-infinity, infinity, 1}},
                                {{1, 1}, {3, 3}}, {{1, 1}, {2, 2}})),
            Status::infeasible);
  EXPECT_EQ(status_of(with_rows({{0, infinity, 0}}, {{-infinity, 1}, {2, infinity}}, {{1}, {1}})),
            Status::infeasible);
}

TEST_P(SolverConformance, ProvesUnboundedness) {
  EXPECT_EQ(
      status_of(with_rows({{0, infinity, -1}, {0, infinity, 1}}, {{-infinity, 1}}, {{1, -2}})),
      Status::unbounded);
  EXPECT_EQ(status_of(with_rows({{-infinity, infinity, 1}, {-infinity, infinity, 1}}, {{0, 0}},
                                {{1, -1}})),
            Status::unbounded);
  Model model = wyndor();
  model.add_column({-infinity, 0, -1});
  EXPECT_EQ(status_of(model), Status::unbounded);
}

TEST_P(SolverConformance, SaysInfeasibleWhenBothPrimalAndDualAre) {
  // x >= 1 and x <= 0 by rows, and y falls for ever.
  EXPECT_EQ(status_of(with_rows({{-infinity, infinity, 0}, {-infinity, infinity, 1}},
                                {{1, infinity}, {-infinity, 0}}, {{1, 0}, {1, 0}})),
            Status::infeasible);
}

// Beale's example, on which the textbook simplex cycles: optimum -0.05.
// Source: Beale, "Cycling in the dual simplex algorithm" (1955); numbers as in Chvatal (1983).
TEST_P(SolverConformance, EndsOnBealesCyclingExample) {
  const Model model =
      with_rows({{0, infinity, -0.75}, {0, infinity, 150}, {0, infinity, -0.02}, {0, infinity, 6}},
                {{-infinity, 0}, {-infinity, 0}, {-infinity, 1}},
                {{0.25, -60, -0.04, 9}, {0.5, -90, -0.02, 3}, {0, 0, 1, 0}});
  EXPECT_NEAR(judge(model).optimum(), -0.05, 1e-9);
}

// Klee and Minty's cube in n = 8 dimensions: max sum 2^(n-j) x_j is 5^n.
TEST_P(SolverConformance, SolvesTheKleeMintyCube) {
  const std::size_t n = 8;
  Model model;
  model.sense = Sense::maximise;
  for (std::size_t j = 0; j < n; ++j) {
    model.add_column({0, infinity, std::pow(2.0, static_cast<double>(n - 1 - j))});
  }
  for (std::size_t i = 0; i < n; ++i) {
    model.add_row({-infinity, std::pow(5.0, static_cast<double>(i + 1))});
    for (std::size_t j = 0; j < i; ++j) {
      model.add_entry(i, j, std::pow(2.0, static_cast<double>(i - j + 1)));
    }
    model.add_entry(i, i, 1.0);
  }
  EXPECT_NEAR(judge(model).optimum(), std::pow(5.0, static_cast<double>(n)), 1e-6);
}

TEST_P(SolverConformance, FollowsEverySmallChange) {
  Judge judge = this->judge(wyndor());
  EXPECT_NEAR(judge.optimum(), 36.0, 1e-9);
  judge.set_row_bounds(1, -infinity, 10.0);  // y <= 5: 3 * 8/3 + 25
  EXPECT_NEAR(judge.optimum(), 33.0, 1e-9);
  judge.set_column_bounds(0, 0.0, 1.0);  // x <= 1
  EXPECT_NEAR(judge.optimum(), 28.0, 1e-9);
  judge.set_cost(1, -1.0);  // y is worth nothing
  EXPECT_NEAR(judge.optimum(), 3.0, 1e-9);
  judge.set_cost(1, 5.0);
  judge.set_column_bounds(0, 0.0, infinity);
  judge.set_coefficient(2, 1, 0.0);  // x <= min(4, 6), y <= 5
  EXPECT_NEAR(judge.optimum(), 37.0, 1e-9);
  EXPECT_EQ(judge.add_row(-infinity, 3.0, {0}, {1.0}), 3u);
  EXPECT_EQ(judge.add_row(-infinity, 6.0, {0, 1}, {1.0, 1.0}), 4u);  // x = 1, y = 5
  EXPECT_NEAR(judge.optimum(), 28.0, 1e-9);
  judge.remove_rows_from(4);
  EXPECT_NEAR(judge.optimum(), 34.0, 1e-9);
  judge.remove_rows_from(3);
  EXPECT_NEAR(judge.optimum(), 37.0, 1e-9);
  judge.set_coefficient(0, 1, 1.0);  // x + y <= 4
  EXPECT_NEAR(judge.optimum(), 20.0, 1e-9);
  judge.set_row_bounds(0, 30.0, infinity);  // x + y >= 30 with x <= 6, y <= 5
  EXPECT_EQ(judge.solve().status, Status::infeasible);
  judge.set_row_bounds(0, -infinity, 4.0);
  EXPECT_NEAR(judge.optimum(), 20.0, 1e-9);
  judge.set_row_bounds(1, -infinity, infinity);
  judge.set_coefficient(0, 1, 0.0);  // nothing holds y
  EXPECT_EQ(judge.solve().status, Status::unbounded);
  judge.set_row_bounds(1, -infinity, 12.0);
  EXPECT_NEAR(judge.optimum(), 12.0 + 30.0, 1e-9);
}

TEST_P(SolverConformance, LoadForgetsWhatWasThere) {
  const auto solver = GetParam().make();
  solver->load(wyndor());
  solver->solve({});
  solver->load(with_rows({{1, 2, 1}}, {}, {}));
  const Answer answer = solver->solve({});
  EXPECT_EQ(answer.status, Status::optimal);
  EXPECT_EQ(answer.primal, std::vector<double>{1.0});
  EXPECT_EQ(solver->row_count(), 0u);
}

/// A random LP that has a feasible point, bounded by its boxes.
Model random_model(std::uint64_t seed, std::size_t rows, std::size_t columns, Sense sense) {
  const RandomStream draw(seed, "random LP");
  std::uint64_t at = 0;
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * draw.uniform(at++);
  };
  Model model;
  model.sense = sense;
  std::vector<double> point;
  for (std::size_t j = 0; j < columns; ++j) {
    point.push_back(uniform(-3, 3));
    const double lower = uniform(0, 1) < 0.1 ? -20.0 : point[j] - uniform(0, 4);
    model.add_column({lower, point[j] + uniform(0, 4), uniform(-5, 5)});
  }
  for (std::size_t i = 0; i < rows; ++i) {
    double activity = 0.0;
    model.add_row({});
    for (std::size_t j = 0; j < columns; ++j) {
      if (uniform(0, 1) > 0.4) continue;
      const double value = uniform(-4, 4);
      model.add_entry(i, j, value);
      activity += value * point[j];
    }
    const double kind = uniform(0, 1);
    model.rows[i].lower = kind < 0.6 ? activity - (kind < 0.2 ? 0.0 : uniform(0, 2)) : -infinity;
    model.rows[i].upper =
        kind < 0.2 || kind >= 0.5 ? activity + (kind < 0.2 ? 0.0 : uniform(0, 2)) : infinity;
  }
  return model;
}

/// The optimum is concave in the bounds when maximising, convex when minimising, so one-sided
/// differences enclose the dual of whichever optimal basis the backend found.
TEST_P(SolverConformance, DualsAreTheChangeOfTheOptimumPerUnitOfBound) {
  const double step = 1e-4;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Sense sense = seed % 2 == 0 ? Sense::minimise : Sense::maximise;
    Judge judge = this->judge(random_model(seed, 6, 9, sense));
    const Answer answer = judge.solve();
    ASSERT_EQ(answer.status, Status::optimal);
    const auto shifted = [&](auto change) {
      change(step);
      const Answer up = judge.solve();
      change(-step);
      const Answer down = judge.solve();
      change(0.0);
      return std::pair{up, down};
    };
    const auto enclosed = [&](double dual, const Answer& up, const Answer& down) {
      double right =
          up.status == Status::optimal ? (up.objective - answer.objective) / step : infinity;
      double left =
          down.status == Status::optimal ? (answer.objective - down.objective) / step : -infinity;
      if (sense == Sense::maximise) {
        if (up.status != Status::optimal) right = -infinity;
        if (down.status != Status::optimal) left = infinity;
        std::swap(left, right);
      }
      EXPECT_LE(left, dual + 1e-5);
      EXPECT_GE(right, dual - 1e-5);
    };
    for (std::size_t i = 0; i < judge.current().row_count(); ++i) {
      const double lower = judge.current().row_lower[i];
      const double upper = judge.current().row_upper[i];
      const auto [up, down] =
          shifted([&](double by) { judge.set_row_bounds(i, lower + by, upper + by); });
      enclosed(answer.row_dual[i], up, down);
    }
    for (std::size_t j = 0; j < judge.current().column_count(); ++j) {
      const double lower = judge.current().lower[j];
      const double upper = judge.current().upper[j];
      const auto [up, down] =
          shifted([&](double by) { judge.set_column_bounds(j, lower + by, upper + by); });
      enclosed(answer.reduced_cost[j], up, down);
    }
  }
}

TEST_P(SolverConformance, AWarmSolveAgreesWithAFreshOneAfterRandomChanges) {
  for (std::uint64_t seed = 100; seed < 130; ++seed) {
    const RandomStream draw(seed, "changes");
    const Sense sense = seed % 2 == 0 ? Sense::minimise : Sense::maximise;
    Judge warm = judge(random_model(seed, 8, 12, sense));
    warm.solve();
    for (std::uint64_t step = 0; step < 20; ++step) {
      const auto uniform = [&](std::uint64_t k) { return draw.uniform(step, k); };
      const auto row = static_cast<std::size_t>(uniform(0) * 8);
      const auto column = static_cast<std::size_t>(uniform(1) * 12);
      const double by = uniform(2) * 2 - 1;
      switch (step % 6) {
        case 0:
          warm.set_row_bounds(row, warm.current().row_lower[row] + by,
                              warm.current().row_upper[row] + by);
          break;
        case 1:
          warm.set_cost(column, 10 * by);
          break;
        case 2:
          warm.set_column_bounds(column, warm.current().lower[column] + by,
                                 warm.current().upper[column] + by);
          break;
        case 3:
          warm.set_coefficient(row, column, 5 * by);
          break;
        case 4:
          warm.add_row(-infinity, 5 + 10 * uniform(3), {column, (column + 5) % 12}, {by, 1 - by});
          break;
        case 5:
          if (warm.current().row_count() > 10) warm.remove_rows_from(9);
          break;
      }
      const Answer answer = warm.solve();
      const Answer fresh = judge(warm.current().to_model()).solve();
      ASSERT_EQ(answer.status, fresh.status) << "seed " << seed << ", step " << step;
      if (fresh.status == Status::optimal) {
        EXPECT_NEAR(answer.objective, fresh.objective,
                    1e-6 * std::max(1.0, std::abs(fresh.objective)));
      }
    }
  }
}

TEST_P(SolverConformance, SolvesABadlyScaledModel) {
  // 1e6 x + y = 2e6, x + 1e-4 z >= 3, min 1e3 x + 1e-3 y + z, all >= 0: x = 2, y = 0, z = 1e4, or
  // cheaper in z by a larger x, which the first row forbids.
  const Model model = with_rows({{0, infinity, 1e3}, {0, infinity, 1e-3}, {0, infinity, 1}},
                                {{2e6, 2e6}, {3, infinity}}, {{1e6, 1, 0}, {1, 0, 1e-4}});
  EXPECT_NEAR(judge(model).optimum(), 12000.0, 1e-5);
}

TEST_P(SolverConformance, TwoRunsGiveTheSameBits) {
  const Model model = random_model(7, 30, 50, Sense::minimise);
  const Answer one = judge(model).solve();
  const Answer two = judge(model).solve();
  EXPECT_EQ(one.primal, two.primal);
  EXPECT_EQ(one.row_dual, two.row_dual);
  EXPECT_EQ(one.objective, two.objective);
}

TEST_P(SolverConformance, InstancesOnDifferentThreadsDoNotDisturbEachOther) {
  std::vector<double> objectives(4, 0.0);
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < objectives.size(); ++k) {
    threads.emplace_back([&, k] {
      for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto solver = GetParam().make();
        solver->load(random_model(seed, 10, 15, Sense::minimise));
        objectives[k] += solver->solve({}).objective;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const double objective : objectives) EXPECT_EQ(objective, objectives[0]);
}

TEST_P(SolverConformance, StopsWhenAskedBeforeItBegins) {
  StopSwitch stop;
  stop.request();
  const auto solver = GetParam().make();
  solver->load(random_model(7, 30, 50, Sense::minimise));
  EXPECT_EQ(solver->solve({.stop = &stop}).status, Status::stopped);
  EXPECT_EQ(solver->solve({}).status, Status::optimal);
}

// A knapsack of even weights and an odd capacity: the LP bound is never met.
Model hard_knapsack(std::size_t items) {
  const RandomStream draw(3, "knapsack");
  Model model;
  model.sense = Sense::maximise;
  for (std::size_t j = 0; j < items; ++j) {
    model.add_column({0, 1, 0, ColumnKind::integer, {}});
  }
  for (std::size_t i = 0; i < 30; ++i) {
    double total = 0.0;
    model.add_row({});
    for (std::size_t j = 0; j < items; ++j) {
      const double weight = std::floor(100 * draw.uniform(i, j));
      model.add_entry(i, j, weight);
      model.columns[j].cost += weight;
      total += weight;
    }
    model.rows[i].upper = std::floor(total / 2);
  }
  return model;
}

TEST_P(SolverConformance, StopsAtTheSwitchAndAtTheTimeLimitWithItsBestPoint) {
  if (!GetParam().solves_integers) GTEST_SKIP() << "needs a problem that takes long";
  using Clock = std::chrono::steady_clock;
  const Model model = hard_knapsack(300);
  Judge judge = this->judge(model);
  auto begin = Clock::now();
  const Answer timed = judge.solve({.mip_gap = 0.0, .time_limit_s = 0.5});
  EXPECT_EQ(timed.status, Status::stopped);
  EXPECT_EQ(timed.message, "the time limit is reached");
  EXPECT_LT(std::chrono::duration<double>(Clock::now() - begin).count(), 20.0);
  ASSERT_FALSE(timed.primal.empty());
  EXPECT_EQ(fault_of_point(judge.current(), timed), "");
  EXPECT_GE(timed.bound, timed.objective);

  StopSwitch stop;
  std::thread presser([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    stop.request();
  });
  begin = Clock::now();
  const Answer switched = judge.solve({.mip_gap = 0.0, .time_limit_s = 60.0, .stop = &stop});
  presser.join();
  EXPECT_EQ(switched.status, Status::stopped);
  EXPECT_LT(std::chrono::duration<double>(Clock::now() - begin).count(), 20.0);
}

// max 8a + 11b + 6c + 4d, 5a + 7b + 4c + 3d <= 14, 0/1: 21 with b, c, d; the LP gives 22.
TEST_P(SolverConformance, SolvesAKnapsackInWholeNumbers) {
  if (!GetParam().solves_integers) GTEST_SKIP();
  Model model =
      with_rows({{0, 1, 8}, {0, 1, 11}, {0, 1, 6}, {0, 1, 4}}, {{-infinity, 14}}, {{5, 7, 4, 3}});
  model.sense = Sense::maximise;
  EXPECT_NEAR(judge(model).optimum(), 22.0, 1e-9);
  for (Column& column : model.columns) column.kind = ColumnKind::integer;
  const Answer answer = judge(model).solve();
  ASSERT_EQ(answer.status, Status::optimal);
  EXPECT_NEAR(answer.objective, 21.0, 1e-9);
  EXPECT_NEAR(answer.bound, 21.0, 1e-4);
  EXPECT_TRUE(answer.row_dual.empty());
  EXPECT_TRUE(answer.reduced_cost.empty());
}

TEST_P(SolverConformance, SaysNoToWholeNumbersThatCannotBe) {
  if (!GetParam().solves_integers) GTEST_SKIP();
  Model model = with_rows({{0, 10, 1}}, {{1, 1}}, {{2}});
  model.columns[0].kind = ColumnKind::integer;
  EXPECT_EQ(status_of(model), Status::infeasible);
  model = with_rows({{0, infinity, -1}}, {{0, infinity}}, {{2}});
  model.columns[0].kind = ColumnKind::integer;
  EXPECT_EQ(status_of(model), Status::unbounded);
}

std::vector<Backend> backends() {
  std::vector<Backend> all;
  // Without a stand-by, so that a hand-over is a failure here.
  all.push_back({"stage_solver",
                 [] { return std::make_unique<StageSolver>(StageSolver::StandBy()); }, false});
  if (has_highs()) all.push_back({"highs", make_highs_solver, true});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Backends, SolverConformance, testing::ValuesIn(backends()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace vorrat::lp
