#include "vorrat/lp/solver.h"

namespace vorrat::lp {

std::string to_string(Status status) {
  switch (status) {
    case Status::optimal:
      return "optimal";
    case Status::infeasible:
      return "infeasible";
    case Status::unbounded:
      return "unbounded";
    case Status::stopped:
      return "stopped";
    case Status::failed:
      return "failed";
  }
  return "failed";
}

}  // namespace vorrat::lp
