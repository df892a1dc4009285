#include "vorrat/sddp/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>

#include "vorrat/base/error.h"
#include "vorrat/base/parallel.h"
#include "vorrat/sddp/cost_to_go_bound.h"
#include "vorrat/sddp/passes.h"
#include "vorrat/simulate/monte_carlo.h"

namespace vorrat::sddp {
namespace {

using program::PolicyGraph;

std::vector<Outcome> outcomes_of(const PolicyGraph& graph, const std::vector<program::Arc>& arcs,
                                 double going_on) {
  std::vector<Outcome> outcomes;
  for (const program::Arc& arc : arcs) {
    const program::Node& child = graph.nodes[arc.child];
    for (std::size_t w = 0; w < std::max<std::size_t>(1, child.noise.size()); ++w) {
      const double p = arc.probability * (child.noise.empty() ? 1.0 : child.noise[w].probability);
      if (p > 0.0)
        outcomes.push_back({.node = arc.child, .realization = w, .probability = p / going_on});
    }
  }
  return outcomes;
}

double sum_of(const std::vector<program::Arc>& arcs) {
  double sum = 0.0;
  for (const program::Arc& arc : arcs) sum += arc.probability;
  return sum;
}

class ValuePlayer final : public program::Player {
 public:
  explicit ValuePlayer(const ValuePolicy& policy)
      : policy_(policy),
        sign_(policy.graph().sense() == lp::Sense::minimise ? 1.0 : -1.0),
        problems_(policy.graph().nodes.size()) {}

  void decide(std::size_t node, std::span<const double> state, const program::Realization& outcome,
              program::Decision& decision) override {
    read(problem(node), problem(node).solve(state, outcome), decision);
  }
  void decide(std::size_t node, std::span<const double> state, std::size_t realization,
              program::Decision& decision) override {
    read(problem(node), problem(node).solve(state, realization), decision);
  }

 private:
  StageProblem& problem(std::size_t node) {
    if (!problems_[node])
      problems_[node] =
          std::make_unique<StageProblem>(policy_.graph(), node, policy_.futures()[node]);
    return *problems_[node];
  }

  void read(const StageProblem& solved, lp::Status status, program::Decision& decision) const {
    decision.status = status;
    if (status != lp::Status::optimal) return;
    decision.stage_cost = sign_ * solved.stage_cost();
    solved.primal_into(decision.primal);
    decision.state.assign(solved.state().begin(), solved.state().end());
  }

  const ValuePolicy& policy_;
  double sign_;
  std::vector<std::unique_ptr<StageProblem>> problems_;
};

class Training {
 public:
  Training(std::shared_ptr<ValuePolicy> policy, const Options& options)
      : policy_(std::move(policy)),
        options_(options),
        random_(options.seed, "sddp forward"),
        sign_(policy_->graph().sense() == lp::Sense::minimise ? 1.0 : -1.0),
        start_(std::chrono::steady_clock::now()) {
    const int workers =
        options.mode == Mode::fastest ? options.threads : options.paths_per_iteration;
    for (int w = 0; w < workers; ++w)
      workers_.push_back(std::make_unique<Worker>(*policy_, *options.risk, options.longest_path));
    next_check_ = options.first_check;
    rules_ = options.rules;
    rules_.push_back(iteration_limit(options.iterations));
    rules_.push_back(time_limit(options.seconds));
    result_.policy = policy_;
    result_.target_gap = options.gap;
    for (const program::Node& node : policy_->graph().nodes)
      result_.relaxes_integers = result_.relaxes_integers || node.problem.model.has_integers();
  }

  TrainResult run() {
    try {
      if (options_.mode == Mode::fastest) {
        run_asynchronously();
      } else {
        while (!is_over_) iterate();
      }
      if (result_.status != TrainStatus::infeasible) finish();
    } catch (const Unavailable& fault) {
      result_.status = TrainStatus::failed;
      result_.reason = fault.what();
    }
    for (const auto& worker : workers_) {
      result_.solves += worker->solves();
      result_.hand_overs += worker->hand_overs();
    }
    result_.seconds = elapsed();
    return std::move(result_);
  }

 private:
  double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  CutLimits limits_now() const {
    if (workers_.size() == 1) return {};
    CutLimits limits;
    for (const ValueFunction& future : policy_->futures())
      limits.push_back(future.is_last() ? 0 : future.cuts->size());
    return limits;
  }

  std::span<const double> state_after(const Path& path, std::size_t visit) const {
    const std::size_t states = policy_->graph().state_names.size();
    return std::span<const double>(path.states).subspan(visit * states, states);
  }

  void add_missed(const Path& path) {
    if (path.missed && !path.nodes.empty())
      policy_->futures()[path.nodes.back()].cuts->append(path.missed->slope, path.missed->rhs,
                                                         lp::CutPool::no_theta);
  }

  // One batch of paths forward, then back stage by stage: within a stage the paths' cuts are made
  // from the same pools and added in the order of the paths, so threads cannot be told.
  void iterate() {
    const std::size_t batch = workers_.size();
    paths_.resize(batch);
    learnt_.resize(batch);
    const CutLimits limits = limits_now();
    const std::uint64_t first = static_cast<std::uint64_t>(iteration_) * batch;
    for_each_worker(
        [&](std::size_t b) { workers_[b]->forward(random_, first + b, limits, paths_[b]); });
    std::size_t longest = 0;
    for (const Path& path : paths_) {
      if (path.is_infeasible) return stop_as_infeasible();
      add_missed(path);
      longest = std::max(longest, path.nodes.size());
    }
    for (std::size_t visit = longest; visit-- > 0;) go_back(visit);
    end_iteration(*workers_[0]);
  }

  void go_back(std::size_t visit) {
    const CutLimits limits = limits_now();
    const auto takes_part = [&](std::size_t b) {
      return visit < paths_[b].nodes.size() &&
             !policy_->futures()[paths_[b].nodes[visit]].is_last();
    };
    for_each_worker([&](std::size_t b) {
      if (takes_part(b))
        workers_[b]->make_cuts(paths_[b].nodes[visit], state_after(paths_[b], visit), limits,
                               learnt_[b]);
    });
    for (std::size_t b = 0; b < workers_.size(); ++b) {
      if (takes_part(b))
        append(policy_->futures()[paths_[b].nodes[visit]], state_after(paths_[b], visit),
               learnt_[b], options_.selection);
    }
  }

  template <typename Work>
  void for_each_worker(Work work) {
    if (workers_.size() == 1) {
      work(0);
    } else {
      parallel_for(workers_.size(), options_.threads, [&](std::size_t b, int) { work(b); });
    }
  }

  // Every thread runs whole paths; whoever ends one looks at the bound unless another is doing so.
  void run_asynchronously() {
    std::atomic<std::uint64_t> next = 0;
    std::atomic<bool> is_over = false;
    std::mutex looking;
    parallel_for(workers_.size(), options_.threads, [&](std::size_t w, int) {
      Path path;
      NewCuts learnt;
      while (!is_over.load(std::memory_order_relaxed)) {
        workers_[w]->forward(random_, next.fetch_add(1), {}, path);
        if (path.is_infeasible) {
          const std::lock_guard lock(looking);
          stop_as_infeasible();
          is_over = true;
          return;
        }
        add_missed(path);
        for (std::size_t visit = path.nodes.size(); visit-- > 0;) {
          ValueFunction& future = policy_->futures()[path.nodes[visit]];
          if (future.is_last()) continue;
          workers_[w]->make_cuts(path.nodes[visit], state_after(path, visit), {}, learnt);
          append(future, state_after(path, visit), learnt, options_.selection);
        }
        const std::unique_lock lock(looking, std::try_to_lock);
        if (!lock || is_over.load(std::memory_order_relaxed)) continue;
        iteration_ = static_cast<int>(next.load()) - 1;
        end_iteration(*workers_[w]);
        if (is_over_) is_over = true;
      }
    });
  }

  void stop_as_infeasible() {
    is_over_ = true;
    result_.status = TrainStatus::infeasible;
    result_.reason = "no decision of the first stage can be carried on in every future";
  }

  void end_iteration(Worker& worker) {
    ++iteration_;
    const auto value = worker.root_value();
    if (!value) return stop_as_infeasible();
    result_.log.push_back({.iteration = iteration_, .bound = sign_ * *value, .seconds = elapsed()});
    result_.iterations = iteration_;
    result_.bound = result_.log.back().bound;
    for (const StoppingRulePointer& rule : rules_) {
      if (const auto reason = rule->reason(result_.log)) {
        is_over_ = true;
        result_.reason = *reason;
      }
    }
    if (options_.stop != nullptr && options_.stop->requested()) {
      is_over_ = true;
      result_.reason = "it was asked to stop";
    }
    const bool is_check = !is_over_ && next_check_ > 0 && iteration_ >= next_check_;
    if (is_check) check_gap();
    if (options_.progress && (is_check || iteration_ % 10 == 0 || is_over_)) {
      tell(options_.progress, {.phase = "training",
                               .iteration = iteration_,
                               .fraction = static_cast<double>(iteration_) / options_.iterations,
                               .bound = result_.bound,
                               .simulated_mean = checked_.mean,
                               .gap = checked_gap_});
    }
  }

  void check_gap() {
    next_check_ = iteration_ + std::max(5, iteration_ / 2);
    const Judgement judgement = judge(fmt::format("check {}", iteration_),
                                      std::max<std::size_t>(100, options_.simulation_paths / 4));
    checked_ = judgement.estimate;
    checked_gap_ = judgement.gap;
    if (judgement.gap <= options_.gap) {
      is_over_ = true;
      result_.reason = "the gap target was met";
    }
  }

  struct Judgement {
    simulate::Estimate estimate{};
    bool is_exact = false;
    double gap = std::numeric_limits<double>::quiet_NaN();
  };

  Judgement judge(const std::string& stream, std::size_t paths) const {
    Judgement judgement;
    const auto exact = simulate::exact_cost(*policy_, *options_.risk, options_.exact_nodes);
    judgement.is_exact = exact.is_known;
    if (exact.is_known) {
      judgement.estimate = {.mean = exact.cost, .count = exact.nodes};
    } else {
      const auto simulation = simulate::simulate(
          *policy_, {.paths = paths,
                     .seed = options_.seed,
                     .threads = options_.threads,
                     .stream = stream,
                     .longest = std::max<std::size_t>(options_.longest_path, 100'000)});
      if (simulation.failed > 0 || simulation.cut_off > 0 || simulation.costs.empty())
        return judgement;
      judgement.estimate = simulation.cost;
      if (!program::is_expectation(*options_.risk)) return judgement;
    }
    const simulate::Estimate& e = judgement.estimate;
    const double worse_end = sign_ > 0.0 ? e.upper() : e.lower();
    judgement.gap = sign_ * (worse_end - result_.bound) / std::max(1.0, std::abs(result_.bound));
    return judgement;
  }

  void finish() {
    const Judgement judgement = judge("final simulation", options_.simulation_paths);
    result_.simulated = judgement.estimate;
    result_.is_exact = judgement.is_exact;
    result_.gap = judgement.gap;
    result_.status = judgement.gap <= options_.gap ? TrainStatus::converged : TrainStatus::stopped;
    if (result_.status == TrainStatus::stopped && result_.reason == "the gap target was met")
      result_.reason = "the gap target was met at a check, but not on fresh paths";
  }

  std::shared_ptr<ValuePolicy> policy_;
  const Options& options_;
  RandomStream random_;
  double sign_;
  std::chrono::steady_clock::time_point start_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<StoppingRulePointer> rules_;
  std::vector<Path> paths_;
  std::vector<NewCuts> learnt_;
  int iteration_ = 0, next_check_ = 0;
  bool is_over_ = false;
  simulate::Estimate checked_{.mean = std::numeric_limits<double>::quiet_NaN()};
  double checked_gap_ = std::numeric_limits<double>::quiet_NaN();
  TrainResult result_;
};

void check_options(CutKind kind, const Options& options) {
  needs(options.threads >= 1, "threads >= 1");
  needs(options.paths_per_iteration >= 1, "paths_per_iteration >= 1");
  needs(options.iterations >= 1, "iterations >= 1");
  if (kind == CutKind::multiple && !program::is_expectation(*options.risk)) {
    throw InvalidInput(
        fmt::format("multiple cuts work with the expectation, not with {}; use single cuts",
                    options.risk->name()));
  }
}

}  // namespace

std::string to_string(TrainStatus status) {
  switch (status) {
    case TrainStatus::converged:
      return "converged";
    case TrainStatus::stopped:
      return "stopped";
    case TrainStatus::infeasible:
      return "infeasible";
    case TrainStatus::unbounded:
      return "unbounded";
    case TrainStatus::failed:
      return "failed";
  }
  return "";
}

ValuePolicy::ValuePolicy(std::shared_ptr<const PolicyGraph> graph, CutKind kind,
                         const std::vector<double>& future_bounds,
                         const std::vector<std::vector<double>>& outcome_bounds)
    : graph_(std::move(graph)), kind_(kind) {
  root_.going_on = 1.0;
  root_.outcomes = outcomes_of(*graph_, graph_->root, sum_of(graph_->root));
  for (std::size_t n = 0; n < graph_->nodes.size(); ++n) {
    ValueFunction& future = futures_.emplace_back();
    future.going_on = std::min(1.0, sum_of(graph_->nodes[n].arcs));
    future.outcomes = outcomes_of(*graph_, graph_->nodes[n].arcs, sum_of(graph_->nodes[n].arcs));
    if (future.is_last()) continue;
    future.cuts = std::make_unique<lp::CutPool>(graph_->state_names.size());
    if (kind == CutKind::single) {
      future.theta_weights = {1.0};
      future.theta_bounds = {future_bounds[n]};
    } else {
      for (const Outcome& outcome : future.outcomes) {
        future.theta_weights.push_back(outcome.probability);
        future.theta_bounds.push_back(outcome_bounds[outcome.node][outcome.realization]);
      }
    }
  }
}

std::unique_ptr<program::Player> ValuePolicy::player() const {
  return std::make_unique<ValuePlayer>(*this);
}

std::size_t ValuePolicy::cut_count() const {
  std::size_t count = 0;
  for (const ValueFunction& future : futures_) count += future.is_last() ? 0 : future.cuts->size();
  return count;
}

TrainResult train(const PolicyGraph& graph, const Options& options) {
  graph.check();
  check_options(options.cuts, options);
  const double sign = graph.sense() == lp::Sense::minimise ? 1.0 : -1.0;
  CostToGoBound bound;
  if (options.cost_to_go_bound) {
    const double lowest = sign * *options.cost_to_go_bound;
    bound.status = lp::Status::optimal;
    bound.future_bounds.assign(graph.nodes.size(), lowest);
    for (const program::Node& node : graph.nodes)
      bound.by_realization.emplace_back(std::max<std::size_t>(1, node.noise.size()), lowest);
  } else {
    bound = cost_to_go_bound(graph);
  }
  if (bound.status != lp::Status::optimal) {
    return {.status = bound.status == lp::Status::infeasible  ? TrainStatus::infeasible
                      : bound.status == lp::Status::unbounded ? TrainStatus::unbounded
                                                              : TrainStatus::failed,
            .reason = bound.message};
  }
  return train_further(
      std::make_shared<ValuePolicy>(std::make_shared<const PolicyGraph>(graph), options.cuts,
                                    bound.future_bounds, bound.by_realization),
      options);
}

TrainResult train_further(std::shared_ptr<ValuePolicy> policy, const Options& options) {
  check_options(policy->kind(), options);
  return Training(std::move(policy), options).run();
}

}  // namespace vorrat::sddp
