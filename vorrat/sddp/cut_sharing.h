// Which nodes can have a cut from the same solves: those whose futures begin with the same
// outcomes.
#pragma once

#include <cstddef>
#include <vector>

#include "vorrat/sddp/value_function.h"

namespace vorrat::sddp {

/// Outcomes that are solved together, and the nodes that each have a cut from them: what a child
/// costs from a state does not depend on which node handed the state on, only how likely it is.
struct CutGroup {
  struct Child {
    std::size_t node = 0;
    std::vector<std::size_t> realizations{};
    std::size_t first = 0;  // place of its first realisation among the group's outcomes
  };
  struct Member {
    std::size_t node = 0;
    std::vector<std::size_t> places{};    // [outcome of the node] place among the group's outcomes
    std::vector<std::size_t> children{};  // [outcome of the node] which of the group's children
  };
  std::vector<Child> children{};  // in the order of their nodes
  std::vector<Member> members{};  // in the order of their nodes
  std::size_t outcomes = 0;
};

/// Who shares with whom in a graph. Nodes that have a child in common, directly or through others,
/// are a family: as a rule the nodes of one stage.
class CutSharing {
 public:
  /// With `shares` false every node is a family of its own.
  CutSharing(const std::vector<ValueFunction>& futures, bool shares);

  /// What to solve when a path visits node `node`, which has a future: its own outcomes, or the
  /// union of its family's where that gives more cuts a solve.
  const CutGroup& for_visit(std::size_t node) const { return groups_[visit_[node]]; }
  std::size_t visit_group(std::size_t node) const { return visit_[node]; }
  const CutGroup& group(std::size_t number) const { return groups_[number]; }
  std::size_t group_count() const { return groups_.size(); }

  /// The families, each as the group that has all its nodes as members.
  std::size_t family_count() const { return families_.size(); }
  const CutGroup& family(std::size_t number) const { return groups_[families_[number]]; }
  std::size_t family_of(std::size_t node) const { return family_[node]; }

  /// As many children as this are work enough for threads; the work of fewer is cut into lanes.
  static constexpr std::size_t wide = 4;
  bool has_wide_families() const;

 private:
  std::vector<CutGroup> groups_;
  std::vector<std::size_t> families_;        // [family] its group
  std::vector<std::size_t> family_, visit_;  // [node]
};

}  // namespace vorrat::sddp
