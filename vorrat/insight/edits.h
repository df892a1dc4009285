// The problem as it would be: shut, delayed, restricted, longer, shorter, valued otherwise.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "vorrat/fleet/problem.h"

namespace vorrat::insight {

/// A gate that moves as before, with values that may depend on the stage: `value(stage, state)`
/// replaces GateState, `law(offer, stage, regime)` what the rules say (empty: as in the regime).
/// The futures that a tree draws stay the same.
using StateValue = std::function<fleet::GateState(std::size_t stage, std::size_t state)>;
using StagedLaw = std::function<fleet::LawOfRegime(const fleet::Offer& offer, std::size_t stage,
                                                   const std::vector<std::size_t>& regime)>;
fleet::Problem with_stage_values(const fleet::Problem& problem, std::size_t gate,
                                 const StateValue& value, const StagedLaw& law = {});

/// Whether some regime asks a gate for this offer, or forbids it.
bool is_gated(const fleet::Offer& offer);
/// Nothing of these offers, in any stage.
fleet::Problem without_offers(fleet::Problem problem, const std::vector<std::size_t>& offers);

/// What may go wrong, known from the start.
struct Stress {
  enum class Kind {
    shut,            // from `stage` on no gate lets anything pass and nothing gated is ordered
    delay,           // every delivery and power project comes `quarters` later
    only_lesser,     // of the gated purchases for one site only the part that serves least is let
                     // through
    third_site_only  // nothing gated for the sites in `home`
  };
  Kind kind = Kind::shut;
  std::size_t stage = 0;
  int quarters = 1;
  std::vector<std::size_t> home;  // sites in the buyer's own country
};
fleet::Problem stressed(const fleet::Problem& problem, const Stress& stress);
/// As in "the window shuts in 2026Q3".
std::string to_string(const fleet::Problem& problem, const Stress& stress);

/// The first `stages` quarters, or as many more as the last one goes on: its supply, power, noise
/// and market, and the last budget again in each further year. Needs stages >= 1.
fleet::Problem with_horizon(fleet::Problem problem, std::size_t stages);
/// Every value at the end times `factor`.
fleet::Problem with_end_value(fleet::Problem problem, double factor);

}  // namespace vorrat::insight
