#include "vorrat/sddp/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <numeric>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/base/parallel.h"
#include "vorrat/sddp/cost_to_go_bound.h"
#include "vorrat/sddp/evaluate.h"
#include "vorrat/sddp/passes.h"
#include "vorrat/simulate/monte_carlo.h"

namespace vorrat::sddp {
namespace {

constexpr const char* gap_met = "the gap target was met";

using program::PolicyGraph;

class Training {
 public:
  Training(std::shared_ptr<ValuePolicy> policy, const Options& options)
      : policy_(std::move(policy)),
        options_(options),
        random_(options.seed, "sddp forward"),
        sign_(policy_->graph().sense() == lp::Sense::minimise ? 1.0 : -1.0),
        start_(std::chrono::steady_clock::now()),
        team_(options.mode == Mode::fastest ? 1 : options.threads),
        passes_(*policy_, *options.risk, options.selection, options.longest_path,
                options.mode == Mode::fastest ? Teaching::among_others : Teaching::alone),
        solves_before_(policy_->problems().solves()),
        hand_overs_before_(policy_->problems().hand_overs()) {
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
    result_.solves += policy_->problems().solves() - solves_before_ - judging_solves_;
    result_.hand_overs += policy_->problems().hand_overs() - hand_overs_before_;
    result_.seconds = elapsed();
    return std::move(result_);
  }

 private:
  double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  // One batch of paths forward, then back stage by stage. Within a stage all cuts are made from the
  // same pools and added in the order of the paths, so threads cannot be told.
  void iterate() {
    const auto batch = static_cast<std::size_t>(options_.paths_per_iteration);
    StageProblems& problems = policy_->problems();
    const std::size_t lanes = std::min(batch, StageProblems::most_lanes);
    const std::uint64_t first = static_cast<std::uint64_t>(iteration_) * batch;
    paths_.resize(batch);
    team_.run(lanes, [&](std::size_t lane, int) {
      for (std::size_t b = lane; b < batch; b += lanes)
        passes_.forward(problems, lane, random_, first + b, paths_[b]);
    });
    for (const Path& path : paths_) {
      if (path.is_infeasible) return stop_as_infeasible();
      passes_.take_note(path);
    }
    go_back(paths_);
    policy_->iterations += 1.0;
    end_iteration(passes_, problems);
  }

  void go_back(std::span<const Path> paths) {
    std::size_t longest = 0;
    for (const Path& path : paths) longest = std::max(longest, path.nodes.size());
    passes_.set_enough(enough(longest));
    for (std::size_t visit = longest; visit-- > 0;)
      passes_.back(policy_->problems(), paths, visit, team_);
  }

  // Of decisions that cost the same by the cuts, a solver that goes on from its last basis takes
  // the same one again and again. Who plays the policy may take another, of whose future the cuts
  // know nothing: where it was played and the target not met, it learns too.
  void learn_from_play() { go_back(std::exchange(played_, {})); }

  // Paths that are learned from. Where kept dual solutions know what most outcomes cost, many paths
  // back at once cost little more than a few; of a hundred, the 25 of which least was known are
  // worth as much as all, and a quarter of the time.
  std::size_t most_played() const { return is_judged_by_kept_duals() ? 25 : 8; }

  // What was noted of this step and later ones, of another path of the tree, goes.
  void note(Path& path, std::size_t step, std::size_t node, std::span<const double> state) const {
    if (step >= options_.longest_path) return;
    path.nodes.resize(step);
    path.states.resize(step * state.size());
    path.nodes.push_back(node);
    path.states.insert(path.states.end(), state.begin(), state.end());
  }

  // Every thread runs whole paths; whoever ends one looks at the bound unless another is doing so.
  void run_asynchronously() {
    std::atomic<std::uint64_t> next = 0;
    std::atomic<bool> is_over = false;
    std::mutex looking;
    const auto threads = static_cast<std::size_t>(options_.threads);
    std::vector<std::unique_ptr<StageProblems>> problems;
    for (std::size_t w = 0; w < threads; ++w)
      problems.push_back(std::make_unique<StageProblems>(*policy_));
    parallel_for(threads, options_.threads, [&](std::size_t w, int) {
      Passes passes(*policy_, *options_.risk, options_.selection, options_.longest_path,
                    Teaching::among_others);
      ThreadTeam alone(1);
      Path path;
      while (!is_over.load(std::memory_order_relaxed)) {
        passes.forward(*problems[w], 0, random_, next.fetch_add(1), path);
        if (path.is_infeasible) {
          const std::lock_guard lock(looking);
          stop_as_infeasible();
          is_over = true;
          return;
        }
        passes.take_note(path);
        passes.set_enough(enough(path.nodes.size()));
        for (std::size_t visit = path.nodes.size(); visit-- > 0 && !is_over.load();)
          passes.back(*problems[w], std::span<const Path>(&path, 1), visit, alone);
        const std::unique_lock lock(looking, std::try_to_lock);
        if (!lock || is_over.load(std::memory_order_relaxed)) continue;
        policy_->iterations += static_cast<double>(static_cast<int>(next.load()) - 1 - iteration_);
        iteration_ = static_cast<int>(next.load()) - 1;
        end_iteration(passes, *problems[w]);
        if (is_over_) is_over = true;
      }
    });
    for (const auto& of_thread : problems) {
      result_.solves += of_thread->solves();
      result_.hand_overs += of_thread->hand_overs();
    }
  }

  // How far off what is not solved may be: before the first bound, nothing is left out.
  double enough(std::size_t stages) const {
    if (result_.log.empty() || stages == 0) return 0.0;
    return options_.reuse * options_.gap * scale() / static_cast<double>(stages);
  }

  void stop_as_infeasible() {
    is_over_ = true;
    result_.status = TrainStatus::infeasible;
    result_.reason = cannot_be_carried_on;
  }

  void end_iteration(const Passes& passes, StageProblems& problems) {
    ++iteration_;
    const auto value = passes.root_value(problems);
    if (!value) return stop_as_infeasible();
    // What was proved stays proved, though cuts may have retired since.
    double proved = sign_ * *value;
    if (!result_.log.empty())
      proved = sign_ > 0.0 ? std::max(proved, result_.bound) : std::min(proved, result_.bound);
    result_.log.push_back({.iteration = iteration_, .bound = proved, .seconds = elapsed()});
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

  struct Judgement {
    simulate::Estimate estimate{};
    bool is_exact = false;
    double gap = std::numeric_limits<double>::quiet_NaN();
  };

  void check_gap() {
    const Judgement judgement =
        judge(fmt::format("check {}", iteration_),
              std::max<std::size_t>(100, options_.simulation_paths / 4),
              std::clamp(static_cast<std::size_t>(iteration_ / 8),
                         std::min<std::size_t>(10, options_.mean_paths), options_.mean_paths));
    const double hopeful = hopeful_gap(judgement);
    next_check_ = iteration_ + iterations_to_wait(hopeful);
    checked_ = judgement.estimate;
    checked_gap_ = judgement.gap;
    if (is_over_) return;
    if (!(hopeful <= options_.gap)) return learn_from_play();
    // A lucky check does not count: fresh paths must say the same, or training goes on.
    confirmed_ = judge(fmt::format("final simulation {}", iteration_), options_.simulation_paths,
                       options_.mean_paths);
    // Who asks often enough is told so in the end: each time that it failed halves the risk taken
    // of being wrong, which the root comes near to for the quantiles of a normal distribution.
    const double stricter = (std::sqrt(1.0 + 0.31 * failed_confirmations_) - 1.0) *
                            confirmed_->estimate.half_width / scale();
    if (!(confirmed_->gap + stricter <= options_.gap)) {
      ++failed_confirmations_;
      confirmed_.reset();
      return is_over_ ? void() : learn_from_play();
    }
    is_over_ = true;
    result_.reason = gap_met;
  }

  // What many more paths would make of it, if they found the same mean: a look takes few.
  double hopeful_gap(const Judgement& judgement) const {
    const simulate::Estimate& e = judgement.estimate;
    if (judgement.is_exact || e.count < 2 || !is_judged_by_kept_duals()) return judgement.gap;
    const double error = e.standard_deviation / std::sqrt(static_cast<double>(e.count));
    return std::min(judgement.gap, (sign_ * (e.mean - result_.bound) + error) / scale());
  }

  // As few as that: a look that fails teaches, with kept duals more than iterations do.
  double least_wait() const { return is_judged_by_kept_duals() ? 1.0 : 5.0; }

  // By two looks, the gap falls about as c / (iterations + some that came before). A look costs as
  // much as several iterations, and errs.
  int iterations_to_wait(double gap) {
    const double done = iteration_, before = looked_at_, gap_before = std::exchange(last_gap_, gap);
    looked_at_ = iteration_;
    const double ratio = options_.gap > 0.0 ? gap / options_.gap : 2.0;
    double ahead = 0.0;  // iterations that would have led to here
    if (gap_before > gap) ahead = (gap * done - gap_before * before) / (gap_before - gap);
    const double wait = 0.7 * (done + std::max(ahead, 0.0)) * (ratio - 1.0);
    return static_cast<int>(std::clamp(std::isfinite(wait) ? wait : done,
                                       std::max(least_wait(), done / 6.0),
                                       std::max(15.0, done / 2.0)));
  }

  Judgement judge(const std::string& stream, std::size_t paths, std::size_t dear_paths) {
    const std::int64_t before = policy_->problems().solves();
    const Judgement judgement = judged(stream, paths, dear_paths);
    judging_solves_ += policy_->problems().solves() - before;
    return judgement;
  }

  Judgement judged(const std::string& stream, std::size_t paths, std::size_t dear_paths) {
    const auto exact = exact_cost();
    if (exact.is_known)
      return judgement_of({.mean = exact.cost, .count = exact.nodes}, /*is_exact=*/true);
    if (!program::is_expectation(*options_.risk)) {
      // Its mean is worth knowing, but says nothing about a risk-adjusted bound.
      const auto sampled = sampled_cost(stream, paths);
      return sampled ? Judgement{.estimate = *sampled} : Judgement{};
    }
    const auto estimate = is_judged_by_kept_duals() ? cost_by_kept_duals(stream, paths)
                                                    : cost_by_samples(stream, paths, dear_paths);
    return estimate ? judgement_of(*estimate, /*is_exact=*/false) : Judgement{};
  }

  // Of all paths that the tree has, those are learned from that come last by a random number.
  simulate::ExactCost exact_cost() {
    std::vector<std::pair<double, Path>> kept;
    Path path;
    std::uint64_t leaf = 0;
    const RandomStream random(options_.seed, fmt::format("paths of the tree {}", iteration_));
    const auto record = [&](const simulate::Step& step) {
      note(path, step.step, step.node, step.decision.state);
      if (!policy_->futures()[step.node].is_last()) return;
      const double rank = random.uniform(leaf++, 0, 0);
      if (kept.size() == most_played()) {
        const auto first = std::ranges::min_element(kept, {}, &std::pair<double, Path>::first);
        if (first->first > rank) return;
        kept.erase(first);
      }
      kept.emplace_back(rank, path);
    };
    const auto exact = simulate::exact_cost(*policy_, *options_.risk, options_.exact_nodes, record);
    played_.clear();
    for (auto& [rank, noted] : kept) played_.push_back(std::move(noted));
    return exact;
  }

  Judgement judgement_of(const simulate::Estimate& e, bool is_exact) const {
    const double worse_end = sign_ > 0.0 ? e.upper() : e.lower();
    return {
        .estimate = e, .is_exact = is_exact, .gap = sign_ * (worse_end - result_.bound) / scale()};
  }

  bool is_judged_by_kept_duals() const {
    return options_.reuse > 0.0 && policy_->problems().duals_say_of_others();
  }

  std::optional<simulate::Estimate> cost_by_kept_duals(const std::string& stream,
                                                       std::size_t paths) {
    const auto first = narrow_cost(stream, paths);
    if (!first || !is_too_wide(*first)) return first;
    const std::size_t enough = paths_to_meet(*first, 4 * paths);
    const auto more = enough > 0 ? narrow_cost(stream + ", more", enough) : std::nullopt;
    return more ? more : first;
  }

  // Sampled paths miss futures that are rare and dear, and where they meet none nothing shows it:
  // what they say is believed only if the means of all that may follow agree.
  std::optional<simulate::Estimate> cost_by_samples(const std::string& stream, std::size_t paths,
                                                    std::size_t dear_paths) {
    const auto sampled = sampled_cost(stream, paths);
    if (!sampled || dear_paths == 0 || !(is_met(*sampled) || is_too_wide(*sampled))) return sampled;
    auto means = narrow_cost(stream + ", more", dear_paths);
    if (!means) return sampled;
    const std::size_t most = 6 * options_.mean_paths;
    const bool shows_nothing = means->half_width < 1e-3 * options_.gap * scale();
    if (const auto enough = shows_nothing ? most : paths_to_meet(*means, most); enough > dear_paths)
      if (const auto more = narrow_cost(stream + ", yet more", enough)) means = more;
    if (paths >= options_.simulation_paths && is_met(*means)) means = on_more_paths(*means, stream);
    const bool are_dearer = sign_ * means->mean > sign_ * sampled->mean + sampled->half_width;
    return are_dearer || means->half_width < sampled->half_width ? means : sampled;
  }

  // Means that say that the target is met, on so many fresh paths as cost no more than training
  // did: one path in hundreds may be what it all hangs on.
  simulate::Estimate on_more_paths(const simulate::Estimate& means, const std::string& stream) {
    std::int64_t stages = 0;
    for (const program::Node& node : policy_->graph().nodes)
      stages += static_cast<std::int64_t>(std::max<std::size_t>(1, node.noise.size()));
    const std::int64_t trained = policy_->problems().solves() - solves_before_ - judging_solves_;
    const auto affordable = static_cast<std::size_t>(trained / std::max<std::int64_t>(1, stages));
    const std::size_t paths = std::min(affordable, options_.simulation_paths);
    if (paths <= means.count) return means;
    const auto more = narrow_cost(stream + ", confirmed", paths);
    return more ? *more : means;
  }

  bool is_met(const simulate::Estimate& e) const {
    return judgement_of(e, false).gap <= options_.gap;
  }

  double scale() const { return std::max(1.0, std::abs(result_.bound)); }

  // Where a stage has many nodes, all paths go abreast in the policy's own stage problems: players
  // would each need all of them. So they do where players find a stage without a decision.
  std::optional<simulate::Estimate> sampled_cost(const std::string& stream, std::size_t paths) {
    if (!policy_->sharing().has_wide_families()) {
      played_.assign(std::min(most_played(), paths), {});
      const auto simulation = simulate::simulate(*policy_,
                                                 {.paths = paths,
                                                  .seed = options_.seed,
                                                  .threads = options_.threads,
                                                  .stream = stream,
                                                  .longest = longest_judged()},
                                                 [&](const simulate::Step& step) {
                                                   if (step.path < played_.size())
                                                     note(played_[step.path], step.step, step.node,
                                                          step.decision.state);
                                                 });
      if (simulation.cut_off > 0) return std::nullopt;
      if (simulation.failed == 0) return simulation.cost;
    }
    return cost_by(Estimator::sampled, stream, paths);
  }

  // The target may be met, and the interval is what hides it.
  bool is_too_wide(const simulate::Estimate& e) const {
    const double better_end = sign_ > 0.0 ? e.lower() : -e.upper();
    return options_.gap > 0.0 && e.half_width > 0.25 * options_.gap * scale() &&
           better_end - sign_ * result_.bound <= options_.gap * scale();
  }

  // So many that the interval should let the target be met, where the mean does: dearer than some
  // iterations, cheaper than training until a wide interval meets it. 0 where too many.
  std::size_t paths_to_meet(const simulate::Estimate& e, std::size_t most) const {
    const double slack = options_.gap * scale() - sign_ * (e.mean - result_.bound);
    if (slack <= 0.0) return 0;
    const double need = 1.3 * static_cast<double>(e.count) * std::pow(e.half_width / slack, 2.0);
    return need <= static_cast<double>(most) ? static_cast<std::size_t>(need) : 0;
  }

  std::optional<simulate::Estimate> narrow_cost(const std::string& stream, std::size_t paths) {
    return cost_by(Estimator::expected, stream + ", means", paths);
  }

  std::optional<simulate::Estimate> cost_by(Estimator estimator, const std::string& stream,
                                            std::size_t paths) {
    const bool knows_surprises = estimator == Estimator::expected;
    played_.assign(knows_surprises ? paths : std::min(most_played(), paths), {});
    std::vector<double> state;
    const auto record = [&](std::size_t path, std::size_t step, std::size_t node,
                            std::span<const double> decision) {
      if (path >= played_.size()) return;
      state.clear();
      for (const std::size_t column : policy_->graph().nodes[node].problem.outgoing)
        state.push_back(decision[column]);
      note(played_[path], step, node, state);
    };
    const Evaluation evaluation = evaluate(*policy_, {.estimator = estimator,
                                                      .paths = paths,
                                                      .seed = options_.seed,
                                                      .threads = options_.threads,
                                                      .stream = stream,
                                                      .longest = longest_judged(),
                                                      .learns = true,
                                                      .record = record});
    if (knows_surprises) keep_most_surprising(evaluation.costs);
    if (evaluation.is_infeasible) stop_as_infeasible();
    if (evaluation.cost.count == 0) return std::nullopt;
    return evaluation.cost;
  }

  // Of what was played, the paths that cost most more than was known of them; where not all came to
  // their end, and nothing is said of their costs, the first.
  void keep_most_surprising(const std::vector<double>& costs) {
    const std::size_t most = std::min(most_played(), played_.size());
    if (costs.empty()) return played_.resize(most);
    std::vector<std::size_t> order(played_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater<>(),
                             [&](std::size_t path) { return sign_ * costs[path]; });
    std::vector<Path> kept;
    for (std::size_t i = 0; i < most; ++i) kept.push_back(std::move(played_[order[i]]));
    played_ = std::move(kept);
  }

  std::size_t longest_judged() const {
    return std::max<std::size_t>(options_.longest_path, 100'000);
  }

  // A valid bound is never beyond the cost; a mean of samples may be off by some half widths.
  bool is_bound_impossible(const Judgement& judgement) const {
    const double width = judgement.is_exact ? 0.0 : judgement.estimate.half_width;
    return judgement.gap * scale() < -(3.0 * width + 1e-5 * scale());
  }

  void finish() {
    const Judgement judgement = confirmed_ ? *confirmed_
                                           : judge(fmt::format("final simulation {}", iteration_),
                                                   options_.simulation_paths, options_.mean_paths);
    if (result_.status == TrainStatus::infeasible) return;
    result_.simulated = judgement.estimate;
    result_.is_exact = judgement.is_exact;
    result_.gap = judgement.gap;
    result_.status = judgement.gap <= options_.gap ? TrainStatus::converged : TrainStatus::stopped;
    if (is_bound_impossible(judgement)) {
      result_.status = TrainStatus::failed;
      result_.reason =
          "the bound came out beyond what the policy costs: some stage problem was answered "
          "wrongly";
    }
    if (!judgement.is_exact && judgement.estimate.count == 0)
      result_.reason += "; not every path could be played to its end, so the cost is not known";
    if (result_.status == TrainStatus::converged && !confirmed_)
      result_.reason = fmt::format("{} ({})", gap_met, result_.reason);
  }

  std::shared_ptr<ValuePolicy> policy_;
  const Options& options_;
  RandomStream random_;
  double sign_;
  std::chrono::steady_clock::time_point start_;
  ThreadTeam team_;
  Passes passes_;
  std::int64_t solves_before_, hand_overs_before_, judging_solves_ = 0;
  std::vector<StoppingRulePointer> rules_;
  std::vector<Path> paths_, played_;
  int iteration_ = 0, next_check_ = 0, looked_at_ = 0, failed_confirmations_ = 0;
  double last_gap_ = std::numeric_limits<double>::quiet_NaN();  // of the last look
  std::optional<Judgement> confirmed_;                          // that the target is met
  bool is_over_ = false;
  simulate::Estimate checked_{.mean = std::numeric_limits<double>::quiet_NaN()};
  double checked_gap_ = std::numeric_limits<double>::quiet_NaN();
  TrainResult result_;
};

void check_options(CutKind kind, const Options& options) {
  needs(options.threads >= 1, "threads >= 1");
  needs(options.paths_per_iteration >= 1, "paths_per_iteration >= 1");
  needs(options.iterations >= 1, "iterations >= 1");
  check_risk(kind, *options.risk);
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

void check_risk(CutKind kind, const program::RiskMeasure& risk) {
  if (kind == CutKind::single || program::is_expectation(risk)) return;
  throw InvalidInput(fmt::format(
      "multiple cuts work with the expectation, not with {}; use single cuts", risk.name()));
}

TrainStatus status_of(const CostToGoBound& bound) {
  switch (bound.status) {
    case lp::Status::infeasible:
      return TrainStatus::infeasible;
    case lp::Status::unbounded:
      return TrainStatus::unbounded;
    default:
      return TrainStatus::failed;
  }
}

TrainResult train(const PolicyGraph& graph, const Options& options) {
  graph.check();
  check_options(options.cuts, options);
  const CostToGoBound bound = cost_to_go_bound(graph, options.cost_to_go_bound, options.threads);
  if (bound.status != lp::Status::optimal)
    return {.status = status_of(bound), .reason = bound.message};
  return train_further(
      std::make_shared<ValuePolicy>(std::make_shared<const PolicyGraph>(graph), options.cuts,
                                    bound.future_bounds, bound.by_realization, options.sharing),
      options);
}

TrainResult train_further(std::shared_ptr<ValuePolicy> policy, const Options& options) {
  check_options(policy->kind(), options);
  return Training(std::move(policy), options).run();
}

}  // namespace vorrat::sddp
