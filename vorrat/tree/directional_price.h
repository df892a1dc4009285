// What one unit more, and one unit less, of a limit is worth: by solving again, not by a dual,
// which at a kink is any number between the two.
#pragma once

#include <vector>

#include "vorrat/tree/extensive_form.h"

namespace vorrat::tree {

enum class BoundSide { lower, upper, both };

/// A limit of the user's world: the rows and columns whose bounds move together, all by the same
/// amount, such as one budget in every node of a year. Infinite bounds stay.
struct Limit {
  std::vector<PlaceInTree> rows{};
  std::vector<PlaceInTree> columns{};
  BoundSide side = BoundSide::both;
};

/// What happens in one direction.
struct DirectionalPrice {
  lp::Status status = lp::Status::failed;  // with the limit moved by the full step
  double change = 0.0;  // of the optimal objective when the limit moves by the full step; 0 unless
                        // `status` is optimal
  /// The change per unit next to where the limit stands, and how many units it holds for: exactly
  /// that many, or at least that many where the search ended at its limit. Both NaN for MIPs and
  /// where the smallest move has no answer.
  double slope = 0.0;
  double reach = 0.0;
  bool reach_is_limit_of_search = false;
};

struct PriceBothWays {
  lp::Status status = lp::Status::failed;  // of the form as it stands
  double objective = 0.0;
  DirectionalPrice more{};  // bounds moved by +step
  DirectionalPrice less{};  // bounds moved by -step
};

/// Moves `limit` by +step and -step and solves again; then finds how far the first slope holds, at
/// most `search` units each way. The form comes back as it was. About 10 to 60 solves, each from
/// the last basis; a step alone (search = 0, slope and reach NaN) takes three.
///
/// The optimal objective of an LP is convex (minimising) or concave (maximising) and piecewise
/// linear in such a move, so the end of the first piece is where its line meets the tangent of a
/// later piece: found exactly, not by bisection, wherever the LP stays feasible.
/// Source: Eisner and Severance, "Mathematical techniques for efficient record segmentation in
/// large shared databases", J. ACM 23 (1976), for the search.
/// Needs step > 0 and search >= 0.
PriceBothWays directional_prices(ExtensiveForm& form, const Limit& limit, double step,
                                 double search, const lp::SolveOptions& options);

}  // namespace vorrat::tree
