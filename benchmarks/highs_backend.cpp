#include <interfaces/highs_c_api.h>

#include <vector>

#include "plain_loop.h"
#include "replay.h"

namespace vorrat::benchmarks {
namespace {

class HighsBackend final : public StageBackend {
 public:
  HighsBackend() : highs_(Highs_create()) {
    Highs_setBoolOptionValue(highs_, "output_flag", 0);
    Highs_setIntOptionValue(highs_, "threads", 1);
  }
  ~HighsBackend() override { Highs_destroy(highs_); }
  std::string name() const override { return "HiGHS"; }
  void load(const lp::Model& model, std::span<const std::size_t> outgoing) override {
    std::vector<double> lower, upper, cost, row_lower, row_upper;
    for (const auto& column : model.columns) {
      lower.push_back(column.lower);
      upper.push_back(column.upper);
      cost.push_back(column.cost);
    }
    for (const auto& row : model.rows) {
      row_lower.push_back(row.lower);
      row_upper.push_back(row.upper);
    }
    const lp::ColumnMatrix matrix = by_columns(model);
    const std::vector<HighsInt> start(matrix.start.begin(), matrix.start.end());
    const std::vector<HighsInt> row(matrix.row.begin(), matrix.row.end());
    Highs_passLp(highs_, static_cast<HighsInt>(lower.size()),
                 static_cast<HighsInt>(row_lower.size()), static_cast<HighsInt>(row.size()),
                 kHighsMatrixFormatColwise, kHighsObjSenseMinimize, model.objective_constant,
                 cost.data(), lower.data(), upper.data(), row_lower.data(), row_upper.data(),
                 start.data(), row.data(), matrix.value.data());
    primal_.resize(lower.size());
    reduced_.resize(lower.size());
    cut_columns_.assign(outgoing.begin(), outgoing.end());
    cut_columns_.push_back(static_cast<HighsInt>(lower.size()) - 1);
    cut_values_.resize(cut_columns_.size(), 1.0);
  }
  void set_row_bounds(std::size_t row, double lower, double upper) override {
    Highs_changeRowBounds(highs_, static_cast<HighsInt>(row), lower, upper);
  }
  void set_column_bounds(std::size_t column, double lower, double upper) override {
    Highs_changeColBounds(highs_, static_cast<HighsInt>(column), lower, upper);
  }
  void set_cost(std::size_t column, double cost) override {
    Highs_changeColCost(highs_, static_cast<HighsInt>(column), cost);
  }
  void add_cut(std::span<const double> slope, double rhs) override {
    for (std::size_t k = 0; k < slope.size(); ++k) cut_values_[k] = -slope[k];
    Highs_addRow(highs_, rhs, Highs_getInfinity(highs_), static_cast<HighsInt>(cut_columns_.size()),
                 cut_columns_.data(), cut_values_.data());
  }
  bool solve() override {
    Highs_run(highs_);
    if (Highs_getModelStatus(highs_) != kHighsModelStatusOptimal) {
      Highs_clearSolver(highs_);  // "Unknown" after a warm start is cured so
      Highs_run(highs_);
    }
    Highs_getSolution(highs_, primal_.data(), reduced_.data(), nullptr, nullptr);
    return Highs_getModelStatus(highs_) == kHighsModelStatusOptimal;
  }
  double objective() const override { return Highs_getObjectiveValue(highs_); }
  const double* primal() const override { return primal_.data(); }
  const double* reduced_cost() const override { return reduced_.data(); }

 private:
  void* highs_;
  std::vector<double> primal_, reduced_;
  std::vector<HighsInt> cut_columns_;
  std::vector<double> cut_values_;
};

}  // namespace

std::unique_ptr<StageBackend> make_highs_backend() { return std::make_unique<HighsBackend>(); }

}  // namespace vorrat::benchmarks
