// Fuzzes the reader of SMPS: CORE, four dashes, TIME, four dashes, STOCH.
#include <cstdint>

#include "tests/fuzz/parts.h"
#include "vorrat/program/smps.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto problem = vorrat::program::read_smps({"fuzz.cor", part(data, size, 0)},
                                                  {"fuzz.tim", part(data, size, 1)},
                                                  {"fuzz.sto", part(data, size, 2)});
  if (problem) {
    problem->graph.check();
    (void)to_string(problem->notes);
  } else {
    (void)to_string(problem.error());
  }
  return 0;
}
