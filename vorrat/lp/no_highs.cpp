// Stands in for highs_solver.cpp when vorrat is built without HiGHS.
#include "vorrat/base/error.h"
#include "vorrat/lp/solver.h"

namespace vorrat::lp {

bool has_highs() { return false; }

std::unique_ptr<Solver> make_highs_solver() {
  throw Unavailable(
      "this vorrat was built without HiGHS; configure it with -DVORRAT_HIGHS=ON to solve this");
}

}  // namespace vorrat::lp
