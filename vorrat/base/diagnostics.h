// Faults in what a user wrote: where, what, and what would be right. All are collected, none is
// thrown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vorrat {

/// A place in a text file. Lines and columns count from 1, columns in characters; 0 means unknown
/// (a fault of a whole file has line 0, of a whole line column 0).
struct Place {
  std::string file{};
  int line = 0;
  int column = 0;
  bool operator==(const Place&) const = default;
};

enum class Severity { error, warning, note };

/// One fault. `excerpt` is the text of its line, or the part of it that begins at the column
/// `excerpt_column`, and `width` the number of characters meant, for the caret line; `hint` says
/// how to mend it, as in `write a power, as in "120 MW"`.
struct Fault {
  Place place{};
  std::string message{};
  std::string hint{};
  std::string excerpt{};
  int width = 1;
  Severity severity = Severity::error;
  int excerpt_column = 1;
};

/// Prints one fault as
///
///     scenario.toml:14:9: the power of site "north" is "120 MWh", which is an energy
///        14 | power = "120 MWh"
///           |         ^^^^^^^^^ write a power, as in "120 MW"
std::string to_string(const Fault& fault);

/// All faults found so far, in the order found.
class Diagnostics {
 public:
  void add(Fault fault);
  /// Adds an error that belongs to no place in particular but to a file.
  void add_error(std::string file, std::string message, std::string hint = {});
  void append(const Diagnostics& other);

  const std::vector<Fault>& faults() const { return faults_; }
  bool has_errors() const;
  std::size_t error_count() const;
  bool empty() const { return faults_.empty(); }

 private:
  std::vector<Fault> faults_;
};

/// Every fault, sorted by file and place, then a closing line that counts them.
std::string to_string(const Diagnostics& diagnostics);

/// The candidate closest to `word` by edit distance, in which a swap of neighbours counts once, or
/// "" if none is close enough to be meant (more than a third of the longer word differs).
std::string closest(std::string_view word, const std::vector<std::string>& candidates);

/// A hint of the form `did you mean "x"?`, else `known: a, b, c` (at most eight), else "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace vorrat
