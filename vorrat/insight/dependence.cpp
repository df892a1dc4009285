#include "vorrat/insight/dependence.h"

#include <fmt/format.h>

#include <utility>

#include "vorrat/insight/break_even.h"
#include "vorrat/insight/edits.h"

namespace vorrat::insight {
namespace {

constexpr double million = 1e6;
constexpr double thousand = 1e3;

Dependence compared(std::string what, Study& changed, const fleet::Problem& problem,
                    const std::vector<double>& today) {
  Dependence line{.what = std::move(what), .cost = {}, .ordered = {}, .moved = {}};
  const auto best = changed.best({});
  if (!best) return line;
  line.cost = best->cost * million;
  line.moved = share_moved(problem, today, best->ordered);
  for (const double k : best->ordered) line.ordered.push_back(k * thousand);
  return line;
}

}  // namespace

std::vector<Dependence> on_end_value(const StudyMaker& make, const fleet::Problem& problem) {
  std::vector<Dependence> lines;
  const auto today = make(problem)->best({});
  if (!today) return lines;
  for (const auto& [factor, what] : {std::pair{0.0, "end value counted for nothing"},
                                     std::pair{0.5, "end value counted for half"},
                                     std::pair{1.5, "end value half as much again"}}) {
    lines.push_back(
        compared(what, *make(with_end_value(problem, factor)), problem, today->ordered));
  }
  return lines;
}

std::vector<Dependence> on_horizon(const StudyMaker& make, const fleet::Problem& problem,
                                   const std::vector<std::size_t>& stages) {
  std::vector<Dependence> lines;
  const auto today = make(problem)->best({});
  if (!today) return lines;
  for (const std::size_t count : stages) {
    if (count == problem.stage_count()) continue;
    lines.push_back(compared(fmt::format("{} quarters", count), *make(with_horizon(problem, count)),
                             problem, today->ordered));
  }
  return lines;
}

}  // namespace vorrat::insight
