#include "vorrat/sddp/evaluate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/base/parallel.h"
#include "vorrat/base/random.h"
#include "vorrat/sddp/passes.h"

namespace vorrat::sddp {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

// Where paths stand: what may follow, from which state. Paths that meet share it; in the first
// steps most do.
struct Point {
  const ValueFunction* future = nullptr;
  std::size_t node = none;  // whose future it is; none for the root
  std::vector<double> state{};
  std::vector<char> is_drawn{};       // [outcome] by some path
  std::vector<double> values{};       // [outcome] stage cost and future; NaN if it was not solved
  std::vector<double> controls{};     // [outcome] what stands for it in the mean
  std::vector<double> stage_costs{};  // [outcome] of those drawn
  std::vector<std::vector<double>> states{}, decisions{};
  std::vector<std::optional<StateCut>> missed{};  // [outcome] for which there is no decision
};

struct Walker {
  std::size_t path = 0, point = 0;
  std::size_t drawn = no_outcome;
  double cost = 0.0;  // so far, by the estimator
  bool is_on = true, has_failed = false, is_infeasible = false, is_cut_off = false;
};

class Walk {
 public:
  Walk(ValuePolicy& policy, const EvaluationOptions& options, std::span<const std::size_t> paths)
      : policy_(policy),
        options_(options),
        sign_(policy.graph().sense() == lp::Sense::minimise ? 1.0 : -1.0),
        random_(options.seed, options.stream),
        team_(options.threads),
        walkers_(paths.size()) {
    for (std::size_t w = 0; w < paths.size(); ++w) {
      walkers_[w].path = paths[w];
      stand(walkers_[w], none, policy.graph().initial_state);
    }
  }

  Evaluation run() {
    const std::int64_t before = policy_.problems().solves();
    for (std::size_t step = 0; draw(step); ++step) {
      solve();
      if (options_.learns) learn();
      for (Point& point : now_) later_.push_back(std::move(point));
      now_.clear();
      places_.clear();
      for (Walker& walker : walkers_)
        if (walker.is_on) advance(walker, step);
      later_.clear();
    }
    Evaluation result{.solves = policy_.problems().solves() - before};
    std::vector<double> costs;
    for (const Walker& walker : walkers_) {
      result.failed += walker.has_failed ? 1 : 0;
      result.is_infeasible = result.is_infeasible || walker.is_infeasible;
      result.cut_off += walker.is_cut_off ? 1 : 0;
      costs.push_back(sign_ * walker.cost);
    }
    if (result.failed + result.cut_off == 0) {
      result.cost = simulate::estimate(costs);
      result.costs = std::move(costs);
    }
    return result;
  }

  /// The paths on which a stage had no decision.
  std::vector<std::size_t> failed() const {
    std::vector<std::size_t> paths;
    for (const Walker& walker : walkers_)
      if (walker.has_failed) paths.push_back(walker.path);
    return paths;
  }
  /// Whether the policy knows more now of where its decisions cannot be carried on.
  bool has_learned() const { return has_learned_; }

 private:
  void stand(Walker& walker, std::size_t node, const std::vector<double>& state) {
    const ValueFunction& future = node == none ? policy_.root() : policy_.futures()[node];
    walker.is_on = !future.is_last();
    if (!walker.is_on) return;
    const auto [at, is_new] = places_.try_emplace({node, state}, now_.size());
    walker.point = at->second;
    if (!is_new) return;
    const std::size_t count = future.outcomes.size();
    now_.push_back({.future = &future,
                    .node = node,
                    .state = state,
                    .is_drawn = std::vector<char>(count, 0),
                    .values = std::vector<double>(count, std::nan("")),
                    .controls = std::vector<double>(count, std::nan("")),
                    .stage_costs = std::vector<double>(count),
                    .states = std::vector<std::vector<double>>(count),
                    .decisions = std::vector<std::vector<double>>(count),
                    .missed = std::vector<std::optional<StateCut>>(count)});
  }

  // What comes next on each path; false if none goes on.
  bool draw(std::size_t step) {
    bool any = false;
    for (Walker& walker : walkers_) {
      if (!walker.is_on) continue;
      Point& point = now_[walker.point];
      walker.drawn = draw_outcome(*point.future, random_.uniform(walker.path, step, 0),
                                  random_.uniform(walker.path, step, 1));
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
    // A lone item is solved where training solves it: of equally good decisions both take the same.
    const std::size_t most = items.size() >= CutSharing::wide ? 1 : StageProblems::lanes_of_few;
    std::vector<std::pair<std::size_t, Items>> jobs;
    for (const auto& [node, list] : items) {
      const std::size_t lanes = std::min(most, list.size());
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const std::size_t begin = list.size() * lane / lanes,
                          end = list.size() * (lane + 1) / lanes;
        jobs.emplace_back(lane, Items(list).subspan(begin, end - begin));
      }
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
    const lp::Status status = problems.solve(outcome.node, lane, point.state, outcome.realization);
    const StageProblem& solved = problems.at(outcome.node, lane);
    if (status != lp::Status::optimal) {
      if (options_.learns && point.node != none) point.missed[j] = solved.feasibility_cut();
      return;
    }
    point.values[j] = solved.objective();
    if (std::isnan(point.controls[j])) point.controls[j] = point.values[j];
    if (!point.is_drawn[j]) return;
    if (options_.takes_note) note_use(outcome.node, solved);
    point.stage_costs[j] = solved.stage_cost();
    point.states[j].assign(solved.state().begin(), solved.state().end());
    if (options_.record) solved.primal_into(point.decisions[j]);
  }

  void learn() {
    for (const Point& point : now_) {
      for (std::size_t j = 0; j < point.missed.size(); ++j) {
        if (!point.missed[j]) continue;
        tell_parents(policy_, point.node, point.future->outcomes[j].node, *point.missed[j]);
        has_learned_ = true;
      }
    }
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

  void advance(Walker& walker, std::size_t step) {
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
    walker.is_infeasible = walker.has_failed && point.node == none;
    walker.is_on = !walker.has_failed && goes_on;
    if (!walker.is_on) return;
    const std::size_t node = point.future->outcomes[j].node;
    if (options_.record) options_.record(walker.path, step, node, point.decisions[j]);
    stand(walker, node, point.states[j]);
  }

  ValuePolicy& policy_;
  const EvaluationOptions& options_;
  double sign_;
  RandomStream random_;
  ThreadTeam team_;
  std::vector<Walker> walkers_;
  std::vector<Point> now_, later_;
  std::map<std::pair<std::size_t, std::vector<double>>, std::size_t> places_;  // of now_
  bool has_learned_ = false;
};

// Each goes at least one stage back; far more than were needed on any program seen.
constexpr int most_rounds = 1000;

}  // namespace

Evaluation evaluate(ValuePolicy& policy, const EvaluationOptions& options) {
  needs(options.threads >= 1, "threads >= 1");
  needs(options.paths >= 1, "paths >= 1");
  policy.problems();
  std::vector<std::size_t> all(options.paths);
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::int64_t solves = 0;
  std::vector<std::size_t> failed;
  // What is learned on a path may show, a stage earlier, that more cannot be carried on. Those that
  // failed are played until they end; then all with what the policy knows now.
  for (int round = 0;; ++round) {
    Walk walk(policy, options, failed.empty() ? all : failed);
    Evaluation result = walk.run();
    result.solves = solves += result.solves;
    const bool were_all = failed.empty();
    failed = walk.failed();
    const bool may_mend = walk.has_learned() && round < most_rounds;
    if (were_all ? failed.empty() || !may_mend : !failed.empty() && !may_mend) return result;
  }
}

}  // namespace vorrat::sddp
