#include "vorrat/sddp/cut_sharing.h"

#include <gtest/gtest.h>

namespace vorrat::sddp {
namespace {

ValueFunction future(std::vector<std::size_t> children) {
  ValueFunction result;
  for (std::size_t child : children)
    for (std::size_t w = 0; w < 2; ++w)
      result.outcomes.push_back({.node = child, .realization = w, .probability = 0.5});
  return result;
}

// Nodes 1 to 3 of the second stage lead to 4 and 5; node 3 to 5 alone.
std::vector<ValueFunction> two_regimes() {
  std::vector<ValueFunction> futures;
  futures.push_back(future({1, 2, 3}));
  futures.push_back(future({4, 5}));
  futures.push_back(future({4, 5}));
  futures.push_back(future({5}));
  futures.push_back({});
  futures.push_back({});
  return futures;
}

TEST(CutSharing, SolvesTheUnionWhereItGivesMoreCutsASolve) {
  const CutSharing sharing(two_regimes(), true);
  ASSERT_EQ(sharing.family_count(), 2u);
  EXPECT_EQ(sharing.for_visit(0).outcomes, 6u);
  EXPECT_EQ(sharing.for_visit(1).members.size(), 3u);  // three cuts from four solves
  EXPECT_EQ(sharing.for_visit(3).outcomes, 4u);        // rather than one from two
  EXPECT_EQ(sharing.family_of(1), sharing.family_of(3));
}

TEST(CutSharing, KnowsThePlaceOfEachOutcome) {
  const CutSharing sharing(two_regimes(), true);
  const CutGroup& group = sharing.for_visit(1);
  ASSERT_EQ(group.children.size(), 2u);
  EXPECT_EQ(group.children[1].node, 5u);
  EXPECT_EQ(group.children[1].first, 2u);
  EXPECT_EQ(group.members[2].node, 3u);
  EXPECT_EQ(group.members[2].places, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(group.members[2].children, (std::vector<std::size_t>{1, 1}));
}

TEST(CutSharing, LeavesEveryNodeToItselfWhereItIsNotWanted) {
  const CutSharing sharing(two_regimes(), false);
  EXPECT_EQ(sharing.family_count(), 4u);
  EXPECT_EQ(sharing.for_visit(1).members.size(), 1u);
}

}  // namespace
}  // namespace vorrat::sddp
