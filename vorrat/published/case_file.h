// Expected figures of a case with a known answer, as TOML, held against what was found.
//
//     [case]
//     title = "buy now or wait one period"
//     source = "Dixit and Pindyck (1994), chapter 2"
//     note = "what a reader should know of the methods"    # may be left out
//
//     [[figures]]
//     source = "published, to the unit"     # of these figures
//     absolute = 0.5                        # or relative; neither for texts, compared whole
//     holds = "equal"                       # or at_least, at_most: a bound, without a tolerance
//     [figures.expected]
//     "worth of being able to wait" = 173   # a number, or a text
//
// One quantity may be expected in several groups: as published with few digits, and as recomputed.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"

namespace vorrat::published {

enum class Holds { equal, at_least, at_most };

struct Figure {
  std::string quantity;
  std::string expected;         // as written in the file
  std::optional<double> value;  // none for a text
  double tolerance = 0.0;       // in the unit of the value
  std::string tolerance_text;   // as in "1e-06 of it", "0.5", "exact", "at least"
  Holds holds = Holds::equal;
  std::string source;
};

struct CaseFile {
  std::string title, source, note;
  std::vector<Figure> figures;
};

/// Faults: those of the file, a group without source, tolerance or figures, and one quantity twice
/// in a group.
std::expected<CaseFile, Diagnostics> read_case(const std::filesystem::path& path);

/// What a case computed, in the order of computing.
struct Finding {
  std::string quantity;
  std::string how;  // by which method, where there are several; or ""
  std::optional<double> value;
  std::string text;  // where there is no value
};
class Findings {
 public:
  void add(std::string quantity, double value, std::string how = {});
  void add(std::string quantity, std::string text, std::string how = {});
  const std::vector<Finding>& all() const { return all_; }

 private:
  std::vector<Finding> all_;
};

/// One figure held against one finding: a line of the report.
struct Check {
  std::string quantity, expected, found, tolerance, source;
  bool passes = false;
};

/// Every figure against every finding of its quantity. A figure that nothing was found for fails,
/// and so does a finding that nothing is expected of: neither side may fall behind the other.
std::vector<Check> compare(const std::vector<Figure>& figures, const Findings& findings);

}  // namespace vorrat::published
