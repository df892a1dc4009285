#include "vorrat/insight/study.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vorrat::insight {
namespace {

class TreeStudy final : public Study {
 public:
  TreeStudy(const fleet::Problem& problem, const fleet::SolveSettings& settings,
            const fleet::Problem* drawn_by)
      : solver_(problem, settings, drawn_by) {}

  const fleet::Problem& problem() const override { return solver_.problem(); }
  std::optional<fleet::FirstOrders> best(const fleet::Orders& forced) override {
    return solver_.best_if(forced);
  }

 private:
  fleet::FleetSolver solver_;
};

/// Whether both problems have the same gates, market and noise but for odds and values.
bool same_futures(const fleet::Problem& a, const fleet::Problem& b) {
  const auto same_states = [](const fleet::Gate& x, const fleet::Gate& y) {
    return x.states.size() == y.states.size();
  };
  if (!std::ranges::equal(a.gates, b.gates, same_states)) return false;
  for (std::size_t t = 0; t < std::min(a.stage_count(), b.stage_count()); ++t) {
    if (a.level_count(t) != b.level_count(t) || a.outcomes(t).size() != b.outcomes(t).size())
      return false;
  }
  return a.stage_count() <= b.stage_count();
}

}  // namespace

std::optional<double> Study::cost(const fleet::Orders& forced) {
  const auto found = best(forced);
  return found ? std::optional(found->cost) : std::nullopt;
}

bool Study::may_order(std::size_t offer) const {
  const fleet::Problem& all = problem();
  const fleet::Offer& asked = all.offers[offer];
  const fleet::Regime start = starting_regime(all);
  if (asked.supply.front() * all.level(0, 0).supply <= 0.0) return false;
  if (asked.kind == fleet::Offer::Kind::lease && release_share(all, asked, start) <= 0.0)
    return false;
  return fleet::may_order(all, asked, start);
}

StudyMaker by_tree(fleet::Problem base, fleet::SolveSettings settings) {
  // Shared: every study's tree is drawn by it, for as long as the maker lives.
  const auto drawn_by = std::make_shared<const fleet::Problem>(std::move(base));
  settings.progress = {};
  return [drawn_by, settings](const fleet::Problem& problem) -> std::unique_ptr<Study> {
    const bool same = same_futures(problem, *drawn_by);
    return std::make_unique<TreeStudy>(problem, settings, same ? drawn_by.get() : nullptr);
  };
}

fleet::Problem coarsened(fleet::Problem problem, std::size_t leaves) {
  const auto product = [&problem] {
    std::size_t all = 1;
    for (const std::size_t most : problem.branching) all *= std::max<std::size_t>(1, most);
    return all;
  };
  for (std::size_t i = problem.branching.size(); i-- > 0 && product() > leaves;) {
    while (problem.branching[i] > 1 && product() > leaves) --problem.branching[i];
  }
  return problem;
}

double lot_of(const fleet::Problem& problem, std::size_t offer, double lot) {
  constexpr double thousand = 1e3;
  const double supply = problem.offers[offer].supply.front() * thousand;
  return (lot > 0.0 ? lot : std::max(1.0, std::round(0.01 * supply))) / thousand;
}

std::optional<double> worth_of_ordering(Study& study, std::size_t offer, double lot) {
  if (!study.may_order(offer)) return std::nullopt;
  const auto none_now = study.best({{offer, 0.0}});
  auto some_now = study.best({});
  if (some_now && some_now->ordered[offer] < lot) some_now = study.best({{offer, lot}});
  if (!none_now || !some_now) return std::nullopt;
  return none_now->cost - some_now->cost;
}

}  // namespace vorrat::insight
