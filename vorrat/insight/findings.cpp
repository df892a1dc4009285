#include "vorrat/insight/findings.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace vorrat::insight {
namespace {

constexpr double million = 1e6;
constexpr double thousand = 1e3;

class Finder {
 public:
  Finder(const fleet::Problem& problem, const scenario::Scenario* scenario,
         const FindingsSettings& wanted, const fleet::SolveSettings& settings)
      : problem_(coarsened(problem, wanted.leaves)),
        scenario_(scenario),
        wanted_(wanted),
        settings_(settings),
        make_(by_tree(problem_, settings)) {}

  Findings find() {
    describe();
    if (!result_.has_plan) {
      fleet::FleetSolver solver(problem_, settings_);
      result_.relaxations = relaxations(solver, settings_);
      return std::move(result_);
    }
    step("worth of ordering now",
         [&] { result_.waiting = worth_of_waiting(*study_, wanted_.lot); });
    const OddsQuestion odds = odds_question(problem_, quiet());
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
      step("why or why not: " + problem_.offers[o].id, [&] {
        result_.explanations.push_back(
            explain(make_, problem_, odds, o, wanted_.lot, reported_[o] * thousand));
      });
    }
    step("value of information", [&] { result_.information = information(problem_, settings_); });
    step("inputs", [&] { add_tornado(odds); });
    step("stress", [&] { add_stresses(); });
    step("rules of thumb", [&] {
      result_.regret =
          regret_of_rules(problem_, reported_, wanted_.trees, wanted_.threads, settings_);
    });
    step("nearly as good", [&] {
      result_.near_best = near_best(*study_, wanted_.within, wanted_.alternatives, settings_);
    });
    step("risk", [&] {
      result_.tail = wanted_.tail;
      result_.frontier = fleet::FleetSolver(problem_, quiet())
                             .risk_frontier(wanted_.tail, {0.0, 0.25, 0.5, 0.75, 1.0});
    });
    step("end value", [&] { result_.on_end_value = on_end_value(make_, problem_); });
    step("horizon", [&] {
      const std::size_t stages = problem_.stage_count();
      result_.on_horizon =
          on_horizon(make_, problem_, {std::max<std::size_t>(2, stages - 2), stages + 4});
    });
    return std::move(result_);
  }

 private:
  fleet::SolveSettings quiet() const {
    fleet::SolveSettings settings = settings_;
    settings.progress = {};
    return settings;
  }

  template <typename Work>
  void step(const std::string& phase, Work work) {
    if (settings_.stop != nullptr && settings_.stop->requested()) {
      result_.is_complete = false;
      return;
    }
    tell(settings_.progress, {.phase = phase});
    work();
  }

  void describe() {
    result_.currency = problem_.currency;
    for (const fleet::Offer& offer : problem_.offers) result_.offers.push_back(offer.id);
    result_.seed = settings_.seed;
    const fleet::FleetGraph tree = make_fleet_tree(problem_, settings_.seed);
    result_.is_sampled = tree.sampled;
    result_.futures = static_cast<std::size_t>(std::ranges::count_if(
        tree.graph.nodes, [](const program::Node& node) { return node.arcs.empty(); }));
    study_ = make_(problem_);
    const auto best = study_->best({});
    if (!best) return;
    result_.has_plan = true;
    result_.cost = best->cost * million;
    for (const double k : best->ordered) result_.ordered.push_back(k * thousand);
    reported_ = best->ordered;
    result_.is_reported = !wanted_.reported.empty();
    if (result_.is_reported) {
      for (std::size_t o = 0; o < reported_.size(); ++o)
        reported_[o] = wanted_.reported[o] / thousand;
    }
  }

  void add_tornado(const OddsQuestion& odds) {
    std::vector<Dial> inputs, odds_inputs;
    for (Dial& dial : dials(problem_, scenario_))
      (dial.neutral == 0.0 ? odds_inputs : inputs).push_back(std::move(dial));
    result_.tornado = tornado(make_, problem_, inputs, wanted_.threads, settings_);
    std::vector<TornadoLine> of_odds =
        tornado(odds.make, odds.problem, odds_inputs, wanted_.threads, settings_);
    if (odds.gates_alone && !of_odds.empty()) {
      const double there = odds.make(odds.problem)->cost().value_or(0.0) * million;
      for (TornadoLine& line : of_odds) line.move_by(result_.cost - there);
    }
    std::ranges::move(of_odds, std::back_inserter(result_.tornado));
    std::ranges::stable_sort(result_.tornado, std::greater<>(), &TornadoLine::swing);
  }

  void add_stresses() {
    std::vector<Stress> asked;
    if (!problem_.gates.empty()) {
      asked.push_back({.kind = Stress::Kind::shut, .stage = told_stage(problem_), .home = {}});
      asked.push_back({.kind = Stress::Kind::only_lesser, .home = {}});
      asked.push_back({.kind = Stress::Kind::third_site_only, .home = wanted_.home});
    }
    asked.push_back({.kind = Stress::Kind::delay, .quarters = 1, .home = {}});
    for (const Stress& stress : asked)
      result_.stresses.push_back(stress_line(make_, problem_, stress));
  }

  fleet::Problem problem_;
  const scenario::Scenario* scenario_;  // may be null
  FindingsSettings wanted_;
  fleet::SolveSettings settings_;
  StudyMaker make_;
  std::unique_ptr<Study> study_;
  std::vector<double> reported_;  // [offer] [k]
  Findings result_;
};

}  // namespace

StressLine stress_line(const StudyMaker& make, const fleet::Problem& problem,
                       const Stress& stress) {
  StressLine line{
      .what = to_string(problem, stress), .cost = {}, .cost_kept = {}, .ordered = {}, .moved = {}};
  const auto today = make(problem)->best({});
  const auto study = make(stressed(problem, stress));
  const auto best = study->best({});
  if (best) {
    line.cost = best->cost * million;
    for (const double k : best->ordered) line.ordered.push_back(k * thousand);
  }
  if (!today) return line;
  if (best) line.moved = share_moved(problem, today->ordered, best->ordered);
  fleet::Orders kept;
  for (std::size_t o = 0; o < today->ordered.size(); ++o)
    kept.emplace_back(o, study->may_order(o) ? today->ordered[o] : 0.0);
  if (const auto cost = study->cost(kept)) line.cost_kept = *cost * million;
  return line;
}

Findings find(const fleet::Problem& problem, const scenario::Scenario* scenario,
              const FindingsSettings& wanted, const fleet::SolveSettings& settings) {
  return Finder(problem, scenario, wanted, settings).find();
}

}  // namespace vorrat::insight
