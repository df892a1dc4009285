#include "vorrat/insight/waiting.h"

#include <cmath>

namespace vorrat::insight {
namespace {

constexpr double million = 1e6;
constexpr double thousand = 1e3;

}  // namespace

Waiting worth_of_waiting(Study& study, double lot) {
  Waiting waiting;
  const auto best = study.best({});
  if (!best) return waiting;
  fleet::Orders nothing;
  for (std::size_t o = 0; o < study.problem().offers.size(); ++o) nothing.emplace_back(o, 0.0);
  if (const auto later = study.cost(nothing)) waiting.all = (*later - best->cost) * million;
  for (std::size_t o = 0; o < study.problem().offers.size(); ++o) {
    const double least = lot_of(study.problem(), o, lot);
    WaitingLine line{.offer = study.problem().offers[o].id,
                     .ordered = best->ordered[o] * thousand,
                     .lot = least * thousand,
                     .now_against_waiting = {}};
    if (const auto worth = worth_of_ordering(study, o, least))
      line.now_against_waiting = *worth * million;
    waiting.lines.push_back(std::move(line));
  }
  return waiting;
}

}  // namespace vorrat::insight
