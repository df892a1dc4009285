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

}  // namespace vorrat::oracle
