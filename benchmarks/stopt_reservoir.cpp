// StOpt's own test of reservoirs with inflows against the same algorithm on our stage solver: the
// same samples in the same order, the same iterations and checks, so that both find the same bound.
#include <StOpt/core/grids/OneDimData.h>
#include <StOpt/core/grids/OneDimRegularSpaceGrid.h>
#include <StOpt/sddp/LocalLinearRegressionForSDDPGeners.h>
#include <StOpt/sddp/SDDPFinalCut.h>
#include <StOpt/sddp/SDDPLocalCut.h>
#include <StOpt/sddp/backwardForwardSDDP.h>
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <vector>

#include "test/c++/tools/sddp/OptimizeReservoirWithInflowsSDDP.h"
#include "test/c++/tools/simulators/SimulatorGaussianSDDP.h"
#include "vorrat/base/error.h"
#include "vorrat/lp/stage_solver.h"

namespace vorrat::benchmarks {
namespace {

double cpu_seconds() {  // of this thread
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Reservoirs {
  int count;
  int steps = 40;
  int samples = 200;
  int check_paths;
  int check_every;
  int most_iterations;
  double accuracy;  // relative, between bound and simulated mean
  double inflow_deviation = 0.6;
  double demand_deviation;

  double inflow(int step) const {
    return 1.0 + 0.2 * (std::cos(angle(step)) + std::sin(angle(step)));
  }
  double demand(int step) const { return (2.0 + 0.4 * std::cos(angle(step))) * count; }
  double price(int step) const { return 50.0 + 20.0 * std::sin(angle(step)); }
  double angle(int step) const { return M_PI * step * 52 / steps; }
  double initial() const { return steps / 10.0; }
};

struct Outcome {
  double bound = 0.0, simulated = 0.0, seconds = 0.0;
  int iterations = 0;
  long solves = 0;
};

Outcome by_stopt(const Reservoirs& test) {
  using namespace StOpt;
  const double began = cpu_seconds();
  const auto grid = std::make_shared<OneDimRegularSpaceGrid>(0., 1., test.steps);
  const auto series = [&](auto value) {
    auto values = std::make_shared<std::vector<double>>();
    for (int i = 0; i <= test.steps; ++i) values->push_back(value(i));
    return std::make_shared<OneDimData<OneDimRegularSpaceGrid, double>>(grid, values);
  };
  const auto backward = std::make_shared<SimulatorGaussianSDDP>(1 + test.count, test.samples);
  const auto forward = std::make_shared<SimulatorGaussianSDDP>(1 + test.count);
  const std::shared_ptr<OptimizerSDDPBase> optimizer =
      std::make_shared<OptimizeReservoirWithInflowsSDDP<SimulatorGaussianSDDP>>(
          test.initial(), 2.0, test.count, test.inflow_deviation,
          series([&](int i) { return test.inflow(i); }), test.demand_deviation * test.count,
          series([&](int i) { return test.demand(i); }),
          series([&](int i) { return test.price(i); }), backward, forward);
  const SDDPFinalCut final_cut(Eigen::ArrayXXd::Zero(1 + test.count, 1));
  const Eigen::ArrayXd dates = Eigen::ArrayXd::LinSpaced(test.steps + 1, 0., test.steps);
  Outcome outcome;
  outcome.iterations = test.most_iterations;
  double accuracy = test.accuracy;
  std::ostringstream log;
  const auto values = backwardForwardSDDP<LocalLinearRegressionForSDDP>(
      optimizer, test.check_paths, Eigen::ArrayXd::Constant(test.count, test.initial()), final_cut,
      dates, Eigen::ArrayXi(), "stopt_regressor", "stopt_cuts", "stopt_states", outcome.iterations,
      accuracy, test.check_every, log);
  outcome.bound = values.first;
  outcome.simulated = values.second;
  outcome.seconds = cpu_seconds() - began;
  return outcome;
}

/// The same, step by step as backwardForwardSDDP() does it.
class Ours {
 public:
  explicit Ours(const Reservoirs& test)
      : test_(test),
        backward_(1 + test.count, test.samples),
        forward_(1 + test.count),
        states_(static_cast<std::size_t>(test.count)) {
    for (int t = 0; t < test.steps; ++t) {
      pools_.push_back(std::make_unique<lp::CutPool>(states_));
      stages_.push_back(std::make_unique<lp::StageSolver>());
      load(t);
    }
    pools_.back()->append(std::vector<double>(states_, 0.0), 0.0);
    visited_.assign(static_cast<std::size_t>(test.steps), initial());
    for (int t = test.steps - 1; t >= 0; --t) backward_.updateDateIndex(t);
  }

  Outcome run() {
    const double began = cpu_seconds();
    Outcome outcome;
    double accuracy = 1e10, before = 0.0;
    int since_check = 0;
    while (test_.accuracy < accuracy && outcome.iterations < test_.most_iterations) {
      ++since_check;
      backward_.resetTime();
      forward_.resetTime();
      outcome.bound = backward_pass();
      simulate(1, &visited_);
      const bool check = since_check == test_.check_every || outcome.iterations == 0;
      if (check) {
        since_check = 0;
        forward_.updateSimulationNumberAndResetTime(test_.check_paths);
        outcome.simulated = simulate(test_.check_paths, nullptr);
        accuracy = std::abs((outcome.bound - outcome.simulated) / outcome.simulated);
        forward_.updateSimulationNumberAndResetTime(1);
      }
      const double difference = outcome.bound - outcome.simulated;
      if (outcome.iterations > 0 && difference * before < 0) accuracy = 0.0;  // they crossed
      if (check) before = difference;
      ++outcome.iterations;
    }
    outcome.seconds = cpu_seconds() - began;
    outcome.solves = solves_;
    return outcome;
  }

 private:
  std::vector<double> initial() const { return std::vector<double>(states_, test_.initial()); }

  void load(int t) {
    lp::Model model;
    std::vector<std::size_t> stored;
    std::vector<std::size_t> drawn;
    for (std::size_t i = 0; i < states_; ++i) drawn.push_back(model.add_column({-2, 0, 0}));
    for (std::size_t i = 0; i < states_; ++i)
      stored.push_back(model.add_column({0, lp::infinity, 0}));
    const std::size_t bought = model.add_column({0, lp::infinity, test_.price(t)});
    const std::size_t theta = model.add_column({-lp::infinity, lp::infinity, 1});
    for (std::size_t i = 0; i < states_; ++i) {
      model.add_row({0, 0});
      model.add_entry(i, drawn[i], -1);
      model.add_entry(i, stored[i], 1);
    }
    const std::size_t balance = model.add_row({0, 0});
    model.add_entry(balance, bought, 1);
    for (std::size_t i = 0; i < states_; ++i) model.add_entry(balance, drawn[i], -1);
    const auto at = static_cast<std::size_t>(t);
    stages_[at]->load(model);
    stages_[at]->use_cuts(pools_[at].get(), stored, std::span(&theta, 1));
  }

  const lp::StageSolver& solve(int t, const double* state, SimulatorGaussianSDDP* noise,
                               int sample) {
    lp::StageSolver& stage = *stages_[static_cast<std::size_t>(t)];
    double demand = test_.demand(t);
    for (std::size_t i = 0; i < states_; ++i) {
      double inflow = test_.inflow(t);
      if (noise != nullptr) {
        inflow = std::max(
            inflow + test_.inflow_deviation * noise->getGaussian(static_cast<int>(i), sample), 0.0);
      }
      stage.set_row_bounds(i, state[i] + inflow, state[i] + inflow);
    }
    if (noise != nullptr) {
      demand = std::max(
          demand + test_.demand_deviation * test_.count * noise->getGaussian(test_.count, sample),
          0.0);
    }
    stage.set_row_bounds(states_, demand, demand);
    ++solves_;
    if (const lp::Status status = stage.resolve(); status != lp::Status::optimal) {
      throw Unavailable(fmt::format("step {} from {:.17g}: {}", t, state[0], to_string(status)));
    }
    return stage;
  }

  double backward_pass() {
    std::vector<double> slope(states_);
    for (int t = test_.steps - 1; t > 0; --t) {
      backward_.updateDateIndex(t);
      const auto& state = visited_[static_cast<std::size_t>(t - 1)];
      double height = 0.0;
      std::ranges::fill(slope, 0.0);
      for (int sample = 0; sample < test_.samples; ++sample) {
        const lp::StageSolver& stage = solve(t, state.data(), &backward_, sample);
        height += stage.objective() / test_.samples;
        for (std::size_t i = 0; i < states_; ++i) slope[i] += stage.row_dual()[i] / test_.samples;
      }
      for (std::size_t i = 0; i < states_; ++i) height -= slope[i] * state[i];
      pools_[static_cast<std::size_t>(t - 1)]->append(slope, height);
    }
    backward_.updateDateIndex(0);
    return solve(0, initial().data(), nullptr, 0).objective();
  }

  /// Mean cost of `paths` paths, stage by stage; remembers the states of the only one if asked.
  double simulate(int paths, std::vector<std::vector<double>>* visited) {
    std::vector<double> now;
    for (int p = 0; p < paths; ++p) now.insert(now.end(), states_, test_.initial());
    double cost = 0.0;
    for (int t = 0; t < test_.steps; ++t) {
      forward_.updateDateIndex(t);
      for (int p = 0; p < paths; ++p) {
        double* state = now.data() + static_cast<std::size_t>(p) * states_;
        const auto primal = solve(t, state, t == 0 ? nullptr : &forward_, p).primal();
        cost += test_.price(t) * primal[2 * states_];
        std::copy_n(primal.begin() + static_cast<std::ptrdiff_t>(states_), states_, state);
      }
      if (visited != nullptr) (*visited)[static_cast<std::size_t>(t)] = now;
    }
    return cost / paths;
  }

  const Reservoirs& test_;  // outlives the run
  SimulatorGaussianSDDP backward_, forward_;
  std::size_t states_;
  std::vector<std::unique_ptr<lp::CutPool>> pools_;
  std::vector<std::unique_ptr<lp::StageSolver>> stages_;
  std::vector<std::vector<double>> visited_;
  long solves_ = 0;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void measure(const char* name, const Reservoirs& test, int repetitions) {
  std::vector<double> theirs, ours;
  Outcome stopt, vorrat;
  std::ostringstream silence;
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    auto* const screen = std::cout.rdbuf(silence.rdbuf());  // it reports its progress there
    stopt = by_stopt(test);
    std::cout.rdbuf(screen);
    theirs.push_back(stopt.seconds);
    vorrat = Ours(test).run();
    ours.push_back(vorrat.seconds);
  }
  fmt::print("| {} | {} and {} | {:.4f} and {:.4f} | {} | {:.2f} | {:.4f} | {:.0f}x |\n", name,
             stopt.iterations, vorrat.iterations, stopt.bound, vorrat.bound, vorrat.solves,
             median(theirs), median(ours), median(theirs) / median(ours));
  std::fflush(stdout);
}

}  // namespace
}  // namespace vorrat::benchmarks

int main(int count, char** arguments) {
  using namespace vorrat::benchmarks;
  const int repetitions = count > 1 ? std::atoi(arguments[1]) : 5;
  fmt::print(
      "## StOpt's test of reservoirs with inflows\n\n"
      "CPU seconds of one thread, median of {}. The same algorithm, samples, iterations and checks "
      "by simulation; StOpt\nbuilds each LP anew for Clp, as its example does, and keeps its cuts "
      "in "
      "files.\n\n"
      "| case | iterations | bound | LPs | StOpt | vorrat | ratio "
      "|\n|---|---|---|---|---|---|---|\n",
      repetitions);
  measure("1 reservoir, 200 samples, 4000 check paths",
          {.count = 1,
           .check_paths = 4000,
           .check_every = 5,
           .most_iterations = 200,
           .accuracy = 0.015,
           .demand_deviation = 0.6},
          repetitions);
}
