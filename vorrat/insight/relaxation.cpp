#include "vorrat/insight/relaxation.h"

#include <algorithm>
#include <cmath>

#include "vorrat/insight/marginal.h"

namespace vorrat::insight {
namespace {

using fleet::Limit;

double sign_of(const Limit& limit) {
  const bool is_minimum =
      limit.kind == Limit::Kind::service || limit.kind == Limit::Kind::minimum_fleet;
  return is_minimum ? -1.0 : 1.0;
}

/// The least scaled move that helps; nothing if none does.
std::optional<double> least_move(fleet::FleetSolver& solver, const Limit& limit,
                                 const std::vector<Limit>& lifted) {
  const double sign = sign_of(limit);
  const auto helps = [&](double move) {
    return solver.cost_if_moved(limit, sign * move, lifted).has_value();
  };
  double bad = 0.0, good = 1e-3;
  constexpr double more_than_enough = 1e7;
  while (!helps(good)) {
    bad = good;
    good *= 4.0;
    if (good > more_than_enough) return std::nullopt;
  }
  while (good - bad > 1e-6 * good) {
    const double middle = 0.5 * (good + bad);
    (helps(middle) ? good : bad) = middle;
  }
  return good;
}

}  // namespace

std::vector<Relaxation> relaxations(fleet::FleetSolver& solver,
                                    const fleet::SolveSettings& settings) {
  const auto groups = clashing_limits(solver, settings);
  std::vector<std::pair<double, Relaxation>> found;  // by the move in steps of the limit's size
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::vector<Limit> lifted;
    for (std::size_t other = 0; other < groups.size(); ++other) {
      if (other != g) lifted.insert(lifted.end(), groups[other].begin(), groups[other].end());
    }
    for (const Limit& limit : groups[g]) {
      tell(settings.progress,
           {.phase = "how little would have to give: " + to_string(solver.problem(), limit)});
      const auto move = least_move(solver, limit, lifted);
      if (!move) continue;
      const LimitStep step = step_of(solver.problem(), limit);
      const double signed_move = sign_of(limit) * *move;
      const auto cost = solver.cost_if_moved(limit, signed_move, lifted);
      found.emplace_back(
          *move / step.scaled,
          Relaxation{
              .limit = to_string(solver.problem(), limit),
              .unit = std::string(step.unit) == "money" ? solver.problem().currency : step.unit,
              .move = signed_move * step.units / step.scaled,
              .cost = cost.value_or(0.0) * 1e6});
    }
  }
  std::ranges::stable_sort(found, {}, [](const auto& line) { return line.first; });
  std::vector<Relaxation> lines;
  for (auto& [share, line] : found) lines.push_back(std::move(line));
  return lines;
}

}  // namespace vorrat::insight
