// Fuzzes the reader of StochOptFormat; what it accepts must be a sound program that is written and
// read back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "vorrat/base/error.h"
#include "vorrat/program/stoch_opt_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto problem = vorrat::program::read_stoch_opt_format(text, "fuzz.sof.json");
  if (!problem) {
    (void)to_string(problem.error());
    return 0;
  }
  problem->graph.check();
  try {
    const std::string written = vorrat::program::write_stoch_opt_format(*problem);
    if (!vorrat::program::read_stoch_opt_format(written, "written.sof.json")) std::abort();
  } catch (const vorrat::InvalidInput&) {
    // Noise that sets a bound to infinity cannot be written.
  }
  return 0;
}
