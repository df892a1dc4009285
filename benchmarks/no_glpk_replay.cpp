#include "replay.h"

namespace vorrat::benchmarks {

std::unique_ptr<Replay> make_glpk() { return nullptr; }

}  // namespace vorrat::benchmarks
