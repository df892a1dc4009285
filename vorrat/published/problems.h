// Small published problems as policy graphs, typed in by hand from their sources.
#pragma once

#include "vorrat/program/policy_graph.h"

namespace vorrat::published {

/// Four technologies, three demand classes, one budget ("LandS"). Stage 1: columns 4..7 are the
/// capacities bought, row 0 "budget" (<= 120), row 1 "minimum capacity". Stage 2: one future a
/// realisation.
/// A: 3 futures, minimum 12. B: 27 futures, minimum 14. C: as B, minimum 12.
/// Source: Louveaux and Smeers (1988); Birge and Louveaux, "Introduction to Stochastic
/// Programming"; published optimum of A: LINDO model library, SPCapPlan01.
enum class Lands { a, b, c };
program::PolicyGraph lands_capacity(Lands variant);

/// Four plant types and load blocks, built in stage 1, used in stage 2; unserved demand costs 1e6.
/// Stage 1: columns 4..7 are the capacities bought.
/// Source: B. Legat's StructDualDynProg problem 5.2, as tested by SDDP.jl (2 stages).
program::PolicyGraph capacity_two_stage();

/// Buy now or wait one period, maximising worth. Stage 1 column "buy_now", stage 2 "buy_later",
/// both whole numbers 0 or 1.
/// Source: Dixit and Pindyck, "Investment under Uncertainty" (1994), chapter 2, pages 26-35.
struct WaitingOrBuying {
  double cost = 1600.0;      // paid on purchase
  double price_now = 200.0;  // of a year's output
  double price_up = 300.0;   // from next year on for ever, probability 0.5
  double price_down = 100.0;
  double discount_rate = 0.1;  // [1/year]
};
program::PolicyGraph waiting_or_buying(const WaitingOrBuying& inputs);

}  // namespace vorrat::published
