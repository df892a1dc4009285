// Named formulas over uncertain quantities, computed by drawing (Monte Carlo).
//
//     UncertainModel model;
//     model.add_input("price", parse_uncertain("27k to 35k USD/unit (80 %)").value());
//     model.add_input("revenue", parse_uncertain("5 bn USD").value());
//     model.add_formula("shipped", parse_expression("revenue / price").value());
//     const ModelResult result = model.run({"shipped"}, {.draws = 100000, .seed = 42});
//     result.outputs[0].quantile(0.5);
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "vorrat/quantity/correlation.h"
#include "vorrat/quantity/expression.h"
#include "vorrat/quantity/uncertain.h"

namespace vorrat {

enum class Sampling {
  random,           // independent draws
  latin_hypercube,  // each input falls once into each of `draws` equally likely slices
  sobol             // a shifted Sobol sequence for the first 21 uncertain inputs, random beyond
};

struct ModelOptions {
  std::size_t draws = 100000;  // at least 2
  std::uint64_t seed = 1;
  int threads = 1;  // results are the same bits for any number
  Sampling sampling = Sampling::random;
};

/// How an input moves an output.
struct Driver {
  std::string input;
  double rank_correlation = 0;  // of the first 20,000 draws
};

struct ModelOutput {
  std::string name;
  AnyQuantity mean{};
  AnyQuantity deviation{};
  std::vector<double> sorted{};   // all draws in base units, ascending
  std::vector<Driver> drivers{};  // the inputs that move it, strongest first
  /// Between the two nearest draws, linearly. Needs 0 <= probability <= 1.
  AnyQuantity quantile(double probability) const;
};

struct ModelResult {
  std::vector<ModelOutput> outputs;
  std::vector<std::string> warnings;  // a sum of medians
};

/// What is wrong with a formula, and which.
struct FormulaFault {
  std::string formula;
  TextFault fault;
};

class UncertainModel {
 public:
  /// Throws InvalidInput if the name is taken. The name may have a key, as in "price[h200]".
  void add_input(const std::string& name, const Uncertain& value);
  void add_formula(const std::string& name, Expression formula);
  bool has(const std::string& name) const;
  const std::vector<std::string>& input_names() const { return input_names_; }

  /// Correlates the ranks of these inputs. The matrix is repaired to the nearest valid one; returns
  /// by how much its largest change is, 0 if it was valid. Throws InvalidInput if an input is
  /// unknown, certain, or already correlated, or the matrix is not one of correlations.
  double correlate(const std::vector<std::string>& inputs, const SquareMatrix& rank_correlations);

  /// Draws and computes. The draw of an input depends on the seed, its name and the number of the
  /// draw alone (with Latin hypercube sampling also on the count of draws, with Sobol on its place
  /// among the inputs).
  ///
  /// Throws FormulaFault if a name is unknown or depends on itself, or dimensions do not fit.
  ModelResult run(const std::vector<std::string>& outputs, const ModelOptions& options) const;

 private:
  friend class ModelCompiler;
  struct Group {
    std::vector<std::size_t> members;
    SquareMatrix factor;
  };
  std::vector<std::string> input_names_;
  std::vector<Uncertain> inputs_;
  std::map<std::string, std::size_t> input_index_;
  std::map<std::string, Expression> formulas_;
  std::vector<Group> groups_;
};

}  // namespace vorrat
