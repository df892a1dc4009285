#include "vorrat/sddp/cut_sharing.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace vorrat::sddp {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);

using OutcomeSet = std::set<std::pair<std::size_t, std::size_t>>;  // (node, realisation)

OutcomeSet set_of(const ValueFunction& future) {
  OutcomeSet set;
  for (const Outcome& o : future.outcomes) set.insert({o.node, o.realization});
  return set;
}

CutGroup group_of(const OutcomeSet& outcomes) {
  CutGroup group;
  for (const auto& [node, realization] : outcomes) {
    if (group.children.empty() || group.children.back().node != node)
      group.children.push_back({.node = node, .first = group.outcomes});
    group.children.back().realizations.push_back(realization);
    ++group.outcomes;
  }
  return group;
}

void add_member(CutGroup& group, std::size_t node, const ValueFunction& future) {
  std::map<std::pair<std::size_t, std::size_t>, std::pair<std::size_t, std::size_t>> places;
  for (std::size_t c = 0; c < group.children.size(); ++c) {
    const CutGroup::Child& child = group.children[c];
    for (std::size_t r = 0; r < child.realizations.size(); ++r)
      places[{child.node, child.realizations[r]}] = {child.first + r, c};
  }
  CutGroup::Member member{.node = node};
  for (const Outcome& o : future.outcomes) {
    const auto [place, child] = places.at({o.node, o.realization});
    member.places.push_back(place);
    member.children.push_back(child);
  }
  group.members.push_back(std::move(member));
}

// Joins nodes that have a child in common; [node] the least node of its family.
std::vector<std::size_t> leaders(const std::vector<ValueFunction>& futures, bool shares) {
  std::vector<std::size_t> leader(futures.size()), first_parent(futures.size(), none);
  std::iota(leader.begin(), leader.end(), std::size_t{0});
  const auto find = [&](std::size_t n) {
    while (leader[n] != n) n = leader[n];
    return n;
  };
  for (std::size_t n = 0; shares && n < futures.size(); ++n) {
    for (const Outcome& o : futures[n].outcomes) {
      if (first_parent[o.node] == none) first_parent[o.node] = n;
      const std::size_t a = find(first_parent[o.node]), b = find(n);
      leader[std::max(a, b)] = std::min(a, b);
    }
  }
  for (std::size_t n = 0; n < futures.size(); ++n) leader[n] = find(n);
  return leader;
}

}  // namespace

CutSharing::CutSharing(const std::vector<ValueFunction>& futures, bool shares)
    : family_(futures.size(), none), visit_(futures.size(), none) {
  const std::vector<std::size_t> leader = leaders(futures, shares);
  std::vector<OutcomeSet> sets;
  for (const ValueFunction& future : futures) sets.push_back(set_of(future));
  for (std::size_t n = 0; n < futures.size(); ++n) {
    if (futures[n].is_last() || leader[n] != n) continue;
    std::vector<std::size_t> nodes;
    OutcomeSet all;
    for (std::size_t m = n; m < futures.size(); ++m) {
      if (leader[m] != n || futures[m].is_last()) continue;
      nodes.push_back(m);
      all.insert(sets[m].begin(), sets[m].end());
    }
    std::map<OutcomeSet, std::size_t> made;
    const auto group_number = [&](const OutcomeSet& outcomes) {
      const auto [at, is_new] = made.try_emplace(outcomes, groups_.size());
      if (!is_new) return at->second;
      groups_.push_back(group_of(outcomes));
      for (std::size_t m : nodes) {
        if (std::includes(outcomes.begin(), outcomes.end(), sets[m].begin(), sets[m].end()))
          add_member(groups_.back(), m, futures[m]);
      }
      return at->second;
    };
    const std::size_t whole = group_number(all);
    for (std::size_t m : nodes) {
      family_[m] = families_.size();
      const std::size_t own = group_number(sets[m]);
      const bool whole_pays = groups_[whole].members.size() * groups_[own].outcomes >=
                              groups_[own].members.size() * groups_[whole].outcomes;
      visit_[m] = whole_pays ? whole : own;
    }
    families_.push_back(whole);
  }
}

bool CutSharing::has_wide_families() const {
  return std::ranges::any_of(
      families_, [&](std::size_t group) { return groups_[group].children.size() >= wide; });
}

}  // namespace vorrat::sddp
