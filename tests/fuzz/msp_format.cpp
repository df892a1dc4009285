// Fuzzes the reader of MSPFormat: the problem, four dashes, the lattice.
#include <cstdint>

#include "tests/fuzz/parts.h"
#include "vorrat/program/msp_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto problem = vorrat::program::read_msp_format(part(data, size, 0), "fuzz.problem.json",
                                                        part(data, size, 1), "fuzz.lattice.json");
  if (problem) {
    problem->graph.check();
    (void)to_string(problem->notes);
  } else {
    (void)to_string(problem.error());
  }
  return 0;
}
