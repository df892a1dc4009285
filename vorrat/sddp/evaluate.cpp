#include "vorrat/sddp/evaluate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/base/parallel.h"
#include "vorrat/base/random.h"
#include "vorrat/sddp/passes.h"

namespace vorrat::sddp {
namespace {

// Where paths stand: what may follow, from which state. Paths that meet share it; in the first
// steps most do.
struct Point {
  const ValueFunction* future = nullptr;
  std::vector<double> state{};
  std::vector<char> is_drawn{};       // [outcome] by some path
  std::vector<double> values{};       // [outcome] stage cost and future; NaN if it was not solved
  std::vector<double> controls{};     // [outcome] what stands for it in the mean
  std::vector<double> stage_costs{};  // [outcome] of those drawn
  std::vector<std::vector<double>> states{}, decisions{};
};

struct Walker {
  std::size_t point = 0;
  std::size_t drawn = no_outcome;
  double cost = 0.0;  // so far, by the estimator
  bool is_on = true, has_failed = false, is_cut_off = false;
};

class Walk {
 public:
  Walk(ValuePolicy& policy, const EvaluationOptions& options)
      : policy_(policy),
        options_(options),
        sign_(policy.graph().sense() == lp::Sense::minimise ? 1.0 : -1.0),
        random_(options.seed, options.stream),
        team_(options.threads),
        walkers_(options.paths) {
    for (Walker& walker : walkers_) stand(walker, policy.root(), policy.graph().initial_state);
  }

  Evaluation run() {
    const std::int64_t before = policy_.problems().solves();
    for (std::size_t step = 0; draw(step); ++step) {
      if (options_.stop != nullptr && options_.stop->requested()) return {};
      solve();
      for (Point& point : now_) later_.push_back(std::move(point));
      now_.clear();
      places_.clear();
      for (std::size_t p = 0; p < walkers_.size(); ++p)
        if (walkers_[p].is_on) advance(walkers_[p], p, step);
      later_.clear();
    }
    Evaluation result{.solves = policy_.problems().solves() - before};
    std::vector<double> costs;
    for (const Walker& walker : walkers_) {
      result.failed += walker.has_failed ? 1 : 0;
      result.cut_off += walker.is_cut_off ? 1 : 0;
      costs.push_back(sign_ * walker.cost);
    }
    if (result.failed + result.cut_off == 0) result.cost = simulate::estimate(costs);
    return result;
  }

 private:
  void stand(Walker& walker, const ValueFunction& future, const std::vector<double>& state) {
    walker.is_on = !future.is_last();
    if (!walker.is_on) return;
    const auto [at, is_new] = places_.try_emplace({&future, state}, now_.size());
    walker.point = at->second;
    if (!is_new) return;
    const std::size_t count = future.outcomes.size();
    now_.push_back({.future = &future,
                    .state = state,
                    .is_drawn = std::vector<char>(count, 0),
                    .values = std::vector<double>(count, std::nan("")),
                    .controls = std::vector<double>(count, std::nan("")),
                    .stage_costs = std::vector<double>(count),
                    .states = std::vector<std::vector<double>>(count),
                    .decisions = std::vector<std::vector<double>>(count)});
  }

  // What comes next on each path; false if none goes on.
  bool draw(std::size_t step) {
    bool any = false;
    for (std::size_t p = 0; p < walkers_.size(); ++p) {
      Walker& walker = walkers_[p];
      if (!walker.is_on) continue;
      Point& point = now_[walker.point];
      walker.drawn =
          draw_outcome(*point.future, random_.uniform(p, step, 0), random_.uniform(p, step, 1));
      walker.is_cut_off = step == options_.longest;
      // Where the mean of all that may follow is taken, it counts also if the path ends here.
      walker.is_on = !walker.is_cut_off && (takes_means() || walker.drawn != no_outcome);
      if (walker.is_on && walker.drawn != no_outcome) point.is_drawn[walker.drawn] = 1;
      any = any || walker.is_on;
    }
    return any;
  }

  bool takes_means() const { return options_.estimator == Estimator::expected; }

  using Items = std::span<const std::pair<std::size_t, std::size_t>>;  // point, outcome

  // Each node's stage problems are the work of one thread, in the order of the points.
  void solve() {
    std::map<std::size_t, std::vector<Items::value_type>> items;  // of a node
    for (std::size_t i = 0; i < now_.size(); ++i) {
      const auto& outcomes = now_[i].future->outcomes;
      for (std::size_t j = 0; j < outcomes.size(); ++j)
        if (takes_means() || now_[i].is_drawn[j]) items[outcomes[j].node].emplace_back(i, j);
    }
    const std::size_t lanes = items.size() >= CutSharing::wide ? 1 : StageProblems::lanes_of_few;
    std::vector<std::pair<std::size_t, Items>> jobs;
    for (const auto& [node, list] : items)
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const std::size_t begin = list.size() * lane / lanes,
                          end = list.size() * (lane + 1) / lanes;
        jobs.emplace_back(lane, Items(list).subspan(begin, end - begin));
      }
    team_.run(jobs.size(), [&](std::size_t job, int) {
      const auto& [lane, list] = jobs[job];
      if (takes_means()) set_controls(list, lane);
      for (const auto& [i, j] : list)
        if (now_[i].is_drawn[j] || (takes_means() && std::isnan(now_[i].controls[j])))
          solve_one(now_[i], j, lane);
    });
  }

  // Before anything is solved: a control must not know what was drawn.
  void set_controls(Items list, std::size_t lane) {
    std::span<const DualSolutions::Best> known;
    for (std::size_t n = 0; n < list.size(); ++n) {
      Point& point = now_[list[n].first];
      const Outcome& outcome = point.future->outcomes[list[n].second];
      StageProblem& problem = policy_.problems().at(outcome.node, lane);
      if (!problem.duals_say_of_others()) return;
      if (n == 0 || list[n].first != list[n - 1].first) known = problem.least_costs(point.state);
      const double least = known[outcome.realization].value;
      if (std::isfinite(least)) point.controls[list[n].second] = least;
    }
  }

  void solve_one(Point& point, std::size_t j, std::size_t lane) {
    const Outcome& outcome = point.future->outcomes[j];
    StageProblems& problems = policy_.problems();
    if (problems.solve(outcome.node, lane, point.state, outcome.realization) != lp::Status::optimal)
      return;
    const StageProblem& solved = problems.at(outcome.node, lane);
    point.values[j] = solved.objective();
    if (std::isnan(point.controls[j])) point.controls[j] = point.values[j];
    if (!point.is_drawn[j]) return;
    if (options_.takes_note) note_use(outcome.node, solved);
    point.stage_costs[j] = solved.stage_cost();
    point.states[j].assign(solved.state().begin(), solved.state().end());
    if (options_.record) solved.primal_into(point.decisions[j]);
  }

  // Each point, however many paths meet there, so that no order of threads can be told.
  void note_use(std::size_t node, const StageProblem& solved) {
    const ValueFunction& future = policy_.futures()[node];
    if (future.is_last()) return;
    TrialStates& trials = policy_.trials(policy_.sharing().family_of(node));
    for (const lp::StageSolver::ActiveCut& cut : solved.active_cuts())
      if (cut.dual != 0.0 && future.origins[cut.cut] != TrialStates::none)
        trials.was_used(future.origins[cut.cut], policy_.iterations);
  }

  void advance(Walker& walker, std::size_t path, std::size_t step) {
    const Point& point = later_[walker.point];
    const std::size_t j = walker.drawn;
    const bool goes_on = j != no_outcome;
    if (takes_means()) {
      double mean = 0.0;
      for (std::size_t o = 0; o < point.controls.size(); ++o)
        mean += point.future->outcomes[o].probability * point.controls[o];
      walker.cost += point.future->going_on * mean - (goes_on ? point.controls[j] : 0.0);
    }
    if (goes_on) walker.cost += point.stage_costs[j];
    walker.has_failed = std::isnan(walker.cost) || (goes_on && std::isnan(point.values[j]));
    walker.is_on = !walker.has_failed && goes_on;
    if (!walker.is_on) return;
    const std::size_t node = point.future->outcomes[j].node;
    if (options_.record) options_.record(path, step, node, point.decisions[j]);
    stand(walker, policy_.futures()[node], point.states[j]);
  }

  ValuePolicy& policy_;
  const EvaluationOptions& options_;
  double sign_;
  RandomStream random_;
  ThreadTeam team_;
  std::vector<Walker> walkers_;
  std::vector<Point> now_, later_;
  std::map<std::pair<const ValueFunction*, std::vector<double>>, std::size_t> places_;  // of now_
};

}  // namespace

Evaluation evaluate(ValuePolicy& policy, const EvaluationOptions& options) {
  needs(options.threads >= 1, "threads >= 1");
  needs(options.paths >= 1, "paths >= 1");
  policy.problems();
  return Walk(policy, options).run();
}

}  // namespace vorrat::sddp
