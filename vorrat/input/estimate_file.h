// Estimates: TOML files of named formulas over uncertain quantities, with tables of rows.
//
//     [estimate]
//     title = "accelerators sold"
//     draws = 100000                      # optional, as are seed and sampling
//     seed = 42
//
//     [inputs]
//     hardware_share = "96 % to 99 % (80 %)"
//     [inputs.price]                      # a group: price[A100], or price[chip] in a row
//     A100 = "10 to 15 kUSD/unit (80 %)"
//     H20 = { value = "10 to 15 kUSD/unit (80 %)", source = "...", date = 2026-02-09 }
//     delay = { value = "1 to 3 weeks (80 %)", draw = "fresh" }   # a draw of its own in each row
//
//     [[correlation]]
//     name = "prices"
//     of = ["price"]                      # a group, or single inputs as "price[A100]"
//     rank = 0.5                          # between any two, or matrix = [[1, 0.5], [0.5, 1]]
//
//     [tables.sales]
//     file = "sales.csv"                  # columns of quantities, ranges or words
//     shipped = "revenue * share * hardware_share / price[chip]"    # for each row
//
//     [formulas]                          # named steps that are not printed
//     [outputs]                           # printed, in this order
//     total = { formula = "sum(sales.shipped)", unit = "m units" }
//     h20 = "sum(sales.shipped, chip = H20, quarter = FY26Q1)"
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/input/document.h"
#include "vorrat/quantity/uncertain_model.h"

namespace vorrat {

struct EstimateOutput {
  std::string name;
  std::string unit;  // to print it in; "" for the usual one
};

struct EstimateFile {
  std::string title;
  UncertainModel model;
  ModelOptions options;
  std::vector<EstimateOutput> outputs;
  Diagnostics notes;                  // warnings: a repaired correlation, a range read as 80 %
  std::map<std::string, Spot> spots;  // of each formula as written, for faults found while drawing

  /// Turns a fault of a formula into one at its place in the file.
  Diagnostics at_place(const FormulaFault& fault) const;
};

/// Reads an estimate and the tables beside it. `overrides` replaces inputs by name, and the rank of
/// a correlation by "NAME.rank", as in {{"prices.rank", "0.3"}}. Faults: those of the files, texts
/// that are no quantity or formula, names twice, names that are units.
std::expected<EstimateFile, Diagnostics> read_estimate(
    const std::filesystem::path& path, const std::map<std::string, std::string>& overrides = {});

}  // namespace vorrat
