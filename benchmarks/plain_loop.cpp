#include "plain_loop.h"

#include <time.h>

#include <algorithm>
#include <vector>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"
#include "vorrat/lp/stage_solver.h"

namespace vorrat::benchmarks {
namespace {

using program::Change;

class OurBackend final : public StageBackend {
 public:
  std::string name() const override { return "vorrat"; }
  void load(const lp::Model& model, std::span<const std::size_t> outgoing) override {
    const std::size_t theta = model.columns.size() - 1;
    pool_ = std::make_unique<lp::CutPool>(outgoing.size());
    stage_.load(model);
    stage_.use_cuts(pool_.get(), outgoing, std::span(&theta, 1));
  }
  void set_row_bounds(std::size_t row, double lower, double upper) override {
    stage_.set_row_bounds(row, lower, upper);
  }
  void set_column_bounds(std::size_t column, double lower, double upper) override {
    stage_.set_column_bounds(column, lower, upper);
  }
  void set_cost(std::size_t column, double cost) override { stage_.set_cost(column, cost); }
  void add_cut(std::span<const double> slope, double rhs) override { pool_->append(slope, rhs); }
  bool solve() override { return stage_.resolve() == lp::Status::optimal; }
  double objective() const override { return stage_.objective(); }
  const double* primal() const override { return stage_.primal().data(); }
  const double* reduced_cost() const override { return stage_.reduced_cost().data(); }

 private:
  std::unique_ptr<lp::CutPool> pool_;
  lp::StageSolver stage_;
};

/// One node of the graph with its solver.
struct Stage {
  const program::Node* node;
  std::unique_ptr<StageBackend> lp;
  std::vector<double> incoming;  // of the path last walked

  void enter(std::span<const double> state, std::size_t outcome) {
    const auto& problem = node->problem;
    for (std::size_t k = 0; k < state.size(); ++k) {
      lp->set_column_bounds(problem.incoming[k], state[k], state[k]);
    }
    if (outcome < node->noise.size()) {
      for (const Change& change : node->noise[outcome].changes) apply(change);
    }
    if (!lp->solve()) throw Unavailable("a stage of the plain loop has no answer");
  }

  void apply(const Change& change) {
    const auto& model = node->problem.model;
    switch (change.what) {
      case Change::What::row_lower:
        return lp->set_row_bounds(change.row, change.value, model.rows[change.row].upper);
      case Change::What::row_upper:
        return lp->set_row_bounds(change.row, model.rows[change.row].lower, change.value);
      case Change::What::row_both:
        return lp->set_row_bounds(change.row, change.value, change.value);
      case Change::What::column_both:
        return lp->set_column_bounds(change.column, change.value, change.value);
      case Change::What::cost:
        return lp->set_cost(change.column, change.value);
      default:
        throw Unavailable("noise that the plain loop does not know");
    }
  }
};

std::vector<Stage> stages_of(const program::PolicyGraph& graph, double least_future,
                             const std::function<std::unique_ptr<StageBackend>()>& make) {
  std::vector<Stage> stages;
  for (std::size_t node = graph.root.front().child;;) {
    const program::Node& at = graph.nodes[node];
    lp::Model model = at.problem.model;
    const bool last = at.arcs.empty();
    model.add_column({last ? 0.0 : least_future, last ? 0.0 : lp::infinity, 1.0});
    stages.push_back({&at, make(), {}});
    stages.back().lp->load(model, at.problem.outgoing);
    if (last) return stages;
    node = at.arcs.front().child;
  }
}

/// Mean and slope of a stage's optimum over its outcomes. The order of the outcomes turns round
/// every time, so that each begins where the last one ended.
double expected(Stage& stage, std::span<const double> state, bool reverse,
                std::vector<double>& slope) {
  std::ranges::fill(slope, 0.0);
  const std::size_t outcomes = std::max<std::size_t>(1, stage.node->noise.size());
  double mean = 0.0;
  for (std::size_t i = 0; i < outcomes; ++i) {
    const std::size_t outcome = reverse ? outcomes - 1 - i : i;
    stage.enter(state, outcome);
    const double p = stage.node->noise.empty() ? 1.0 : stage.node->noise[outcome].probability;
    mean += p * stage.lp->objective();
    const double* reduced = stage.lp->reduced_cost();
    for (std::size_t k = 0; k < slope.size(); ++k) {
      slope[k] += p * reduced[stage.node->problem.incoming[k]];
    }
  }
  return mean;
}

std::size_t draw(const program::Node& node, double u) {
  for (std::size_t i = 0; i + 1 < node.noise.size(); ++i) {
    if (u < node.noise[i].probability) return i;
    u -= node.noise[i].probability;
  }
  return node.noise.empty() ? 0 : node.noise.size() - 1;
}

}  // namespace

double cpu_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

std::unique_ptr<StageBackend> make_stage_backend() { return std::make_unique<OurBackend>(); }

LoopResult plain_loop(const program::PolicyGraph& graph, double least_future,
                      const std::function<std::unique_ptr<StageBackend>()>& make,
                      const LoopLimits& limits) {
  const double began = cpu_seconds();
  LoopResult result;
  std::vector<Stage> stages = stages_of(graph, least_future, make);
  const RandomStream random(1, "plain loop");
  std::vector<double> slope(graph.initial_state.size());
  bool reverse = false;
  for (int iteration = 0; iteration < limits.iterations; ++iteration) {
    std::vector<double> state = graph.initial_state;
    for (std::size_t t = 0; t < stages.size(); ++t) {
      Stage& stage = stages[t];
      stage.incoming = state;
      if (t + 1 == stages.size()) break;
      const double u = random.uniform(static_cast<std::uint64_t>(iteration), t);
      stage.enter(state, draw(*stage.node, u));
      ++result.solves;
      for (std::size_t k = 0; k < state.size(); ++k) {
        state[k] = stage.lp->primal()[stage.node->problem.outgoing[k]];
      }
    }
    reverse = !reverse;
    for (std::size_t t = stages.size(); t-- > 0;) {
      double height = expected(stages[t], stages[t].incoming, reverse, slope);
      result.solves +=
          static_cast<std::int64_t>(std::max<std::size_t>(1, stages[t].node->noise.size()));
      if (t == 0) {
        result.bound = height;
        break;
      }
      for (std::size_t k = 0; k < slope.size(); ++k) height -= slope[k] * stages[t].incoming[k];
      stages[t - 1].lp->add_cut(slope, height);
    }
    result.iterations = iteration + 1;
    if (result.bound >= limits.bound || cpu_seconds() - began > limits.seconds) break;
  }
  result.seconds = cpu_seconds() - began;
  return result;
}

}  // namespace vorrat::benchmarks
