// Fuzzes the reader of SMPS: CORE, four dashes, TIME, four dashes, STOCH.
#include <cstdint>

#include "tests/fuzz/parts.h"
#include "vorrat/program/smps.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string core = part(data, size, 0), time = part(data, size, 1),
                    stoch = part(data, size, 2);
  const auto problem =
      vorrat::program::read_smps({core, "fuzz.cor"}, {time, "fuzz.tim"}, {stoch, "fuzz.sto"});
  if (problem) {
    problem->graph.check();
    (void)to_string(problem->notes);
  } else {
    (void)to_string(problem.error());
  }
  return 0;
}
