// Questions about rules with known answers, as TOML: rated parts, and cases that ask about them.
//
//     [[case]]
//     name = "A100 is caught in 2023"
//     source = "NVIDIA 8-K, 2023-10-17"
//     item = "a100-80-sxm"                       # of the file of parts
//     tpp = 4992                                 # or performance_density = 6.04
//     on = 2023-12-01
//     to = "CN"
//     gates = ["us-licence licence_presumed_denied"]
//     answers = ["2023-12-01 us-2022-10/3A090 yes"]    # day, provision, its answer
//
//     [[ratio]]                                  # of two TPP, within 0.5 %
//     name = "H200 against H20"
//     of = "h200-sxm"
//     to = "h20-96-sxm"                          # or to_tpp = 1600
//     is = 6.69
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "vorrat/rules/classify.h"

namespace vorrat::rules {

struct RatedItem {
  Item item;
  std::string seller;
  /// Its rating was inferred from a threshold: cases about it cannot fail, and do not count.
  bool is_inferred = false;
};
using RatedItems = std::map<std::string, RatedItem>;

/// Reads a file of rated parts: tables [item.ID]. Faults: those of the file.
std::expected<RatedItems, Diagnostics> read_rated_items(const std::filesystem::path& path);

/// One thing asked, and what the rules answered.
struct Asked {
  std::string what;  // as in "us-licence" or "tpp"
  std::string expected;
  std::string found;
  bool agrees = false;
};

struct CaseOutcome {
  std::string name;
  std::string source;  // "" if the case names none
  bool counts = true;  // false if it rests on an inferred rating
  std::vector<Asked> asked;

  bool agrees() const;
};

/// Asks `book` every case and ratio of a file. Faults: those of the file, and a provision that is
/// not in force on its day is answered "not in force".
std::expected<std::vector<CaseOutcome>, Diagnostics> ask_cases(const std::filesystem::path& path,
                                                               const RatedItems& items,
                                                               const Rulebook& book);

}  // namespace vorrat::rules
