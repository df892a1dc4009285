// Small random multistage programs of many shapes.
#pragma once

#include <cstdint>

#include "vorrat/program/policy_graph.h"

namespace vorrat::oracle {

/// Program number `number`: 2 to 4 stages, 1 to 3 states, linear or Markovian, minimising or
/// maximising, with noise in right-hand sides, costs, bounds and coefficients. About one in five
/// has no penalty for what is not served, so that some states cannot be carried on. All have an
/// optimum.
program::PolicyGraph random_program(std::uint64_t number);

/// The same with what a careless model may hold: coefficients of 1e-9 to 1e-120 where there were
/// none, and in each stage an emergency supply at a million times the usual cost.
program::PolicyGraph careless_program(std::uint64_t number);

/// The same with what it has not: states without bounds, or below zero; one that goes through as a
/// single column; noise on both sides of rows and columns; units from a thousandth to a thousand;
/// some are careless too.
program::PolicyGraph odd_program(std::uint64_t number);

/// A program that goes on for ever with probability `going_on` a stage: one node, a ring of two, or
/// two regimes that change into one another. A stage costs (maximising: earns) at least 0 and need
/// not cost more than 1.5 million, whatever comes in.
program::PolicyGraph random_cycle(std::uint64_t number, double going_on);

}  // namespace vorrat::oracle
