// What can go wrong, and whose fault it is. Each door turns these into an exit code.
#pragma once

#include <stdexcept>
#include <string>

namespace vorrat {

/// The user's fault: a value that cannot be meant. Exit 2. The message says what was found and what
/// would be right; whoever knows the file and line adds them.
class InvalidInput : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The world's fault: a file that cannot be written, a solver that gave up, a full disk. Exit 3.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The caller's fault: a stated need was not kept. Exit 70.
class BrokenContract : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Throws BrokenContract naming `claim` unless `holds`.
inline void needs(bool holds, const char* claim) {
  if (!holds) throw BrokenContract(std::string("broken contract: needs ") + claim);
}

}  // namespace vorrat
