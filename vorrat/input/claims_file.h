// Files of published claims.
//
//     [claims]
//     title = "one buyer's budget, as reported"
//     source = "Financial Times 2025-12-23"
//
//     [figures]
//     budget = "160 bn CNY"                       # stands for what rounds to it
//     cloud_spending = "above 300 bn USD"
//     price = { value = "20,000 to 41,000 USD/unit", source = "..." }
//     years = { value = "3 years", exact = true }
//
//     [[claim]]
//     name = "about half goes to processors"
//     formula = "processors / budget"
//     says = "about half"
//     expect = "holds"                            # optional; a test compares
//     note = "..."
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/input/sourced.h"
#include "vorrat/quantity/claim.h"

namespace vorrat {

struct JudgedClaim {
  Claim claim;
  Judgement judgement;
  std::optional<Verdict> expected{};
  std::string expected_slip{};  // a part of one of the slips; "" if none is expected
  std::string note{};
  Source source{};
};

struct ClaimsFile {
  std::string title;
  std::string source;
  std::vector<JudgedClaim> claims;
};

/// Reads the claims of a file and judges them. Faults: those of the file, texts that are no figure
/// or formula, unknown figures, kinds that do not fit.
std::expected<ClaimsFile, Diagnostics> read_claims(const std::filesystem::path& path);

}  // namespace vorrat
