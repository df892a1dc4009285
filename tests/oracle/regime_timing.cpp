// Prints what training, making anew and evaluating a large Markov program take, in seconds of the
// processor and of the clock: regime_timing [THREADS [ITERATIONS [none]]], "none" for no sharing of
// cuts.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "tests/oracle/regime_program.h"
#include "vorrat/sddp/cost_to_go_bound.h"
#include "vorrat/sddp/evaluate.h"
#include "vorrat/sddp/first_stage.h"
#include "vorrat/sddp/refresh.h"

namespace vorrat::oracle {
namespace {

class Watch {
 public:
  std::string read() const {
    return fmt::format(
        "{:.3f} s ({:.3f} s of processor)",
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(),
        static_cast<double>(std::clock() - clock_) / CLOCKS_PER_SEC);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::clock_t clock_ = std::clock();
};

sddp::TrainResult train(const program::PolicyGraph& graph, int threads, int iterations,
                        sddp::Sharing sharing) {
  const Watch watch;
  auto result = sddp::train(graph, {.iterations = iterations,
                                    .gap = 1e-2,
                                    .threads = threads,
                                    .sharing = sharing,
                                    .first_check = 0});
  for (const sddp::LogEntry& e : result.log)
    if (e.iteration % std::max(1, iterations / 10) == 0)
      fmt::print("  {:5} bound {:.4f} at {:.3f} s\n", e.iteration, e.bound, e.seconds);
  fmt::print("trained: bound {:.4f}, mean {:.4f} +- {:.4f}, gap {:.4f}, {} solves, {} cuts: {}\n",
             result.bound, result.simulated.mean, result.simulated.half_width, result.gap,
             result.solves, result.policy->cut_count(), watch.read());
  return result;
}

void evaluate(sddp::ValuePolicy& policy, int threads) {
  for (auto estimator : {sddp::Estimator::sampled, sddp::Estimator::expected}) {
    const Watch watch;
    const bool samples = estimator == sddp::Estimator::sampled;
    const auto e = sddp::evaluate(
        policy, {.estimator = estimator, .paths = samples ? 1000u : 40u, .threads = threads});
    fmt::print("{}: {:.4f} +- {:.4f}, {} solves: {}\n", samples ? "sampled" : "expected",
               e.cost.mean, e.cost.half_width, e.solves, watch.read());
  }
}

void make_anew(const sddp::ValuePolicy& policy, const RegimeShape& shape, const char* what,
               int threads) {
  const Watch watch;
  const auto fresh = sddp::refresh(policy, regime_program(shape), {.threads = threads});
  fmt::print("{}: bound {:.4f}, {} solves: {}\n", what, fresh.bound, fresh.solves, watch.read());
  const auto further = sddp::train_further(
      fresh.policy, {.iterations = 10, .gap = 1e-2, .threads = threads, .first_check = 0});
  fmt::print("  ten iterations: bound {:.4f}, mean {:.4f} +- {:.4f}, gap {:.4f}; in all {}\n",
             further.bound, further.simulated.mean, further.simulated.half_width, further.gap,
             watch.read());
}

void run(int threads, int iterations, sddp::Sharing sharing) {
  const auto graph = regime_program({});
  const lp::Model& model = graph.nodes.back().problem.model;
  fmt::print("{} nodes, {} states, {} rows, {} columns, {} threads\n", graph.nodes.size(),
             graph.state_names.size(), model.rows.size(), model.columns.size(), threads);
  const auto trained = train(graph, threads, iterations, sharing);
  evaluate(*trained.policy, threads);
  make_anew(*trained.policy, {.odds = 0.2}, "other odds", threads);
  make_anew(*trained.policy, {.price = 1.1}, "other prices", threads);
  make_anew(*trained.policy, {.demand = 1.05}, "more demand", threads);
  make_anew(*trained.policy, {.money = 50.0}, "less money", threads);
  make_anew(*trained.policy, {.first_stock = 4.1}, "more at first", threads);
  const Watch watch;
  const auto first = sddp::first_stage(*trained.policy, {});
  fmt::print("first stage: {:.4f}: {}\n", first ? first->bound : 0.0, watch.read());
}

}  // namespace
}  // namespace vorrat::oracle

int main(int count, char** words) {
  using namespace vorrat;
  oracle::run(count > 1 ? std::atoi(words[1]) : 1, count > 2 ? std::atoi(words[2]) : 100,
              count > 3 && std::string_view(words[3]) == "none" ? sddp::Sharing::none
                                                                : sddp::Sharing::family);
}
