#include <interfaces/highs_c_api.h>

#include <limits>
#include <vector>

#include "replay.h"

namespace vorrat::benchmarks {
namespace {

/// The C interface itself, without our checks.
class HighsReplay final : public Replay {
 public:
  HighsReplay() : highs_(Highs_create()) {
    Highs_setBoolOptionValue(highs_, "output_flag", 0);
    Highs_setIntOptionValue(highs_, "threads", 1);
  }
  ~HighsReplay() override { Highs_destroy(highs_); }
  std::string name() const override { return "HiGHS"; }

  void load(const lp::Model& model) override {
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
                 kHighsMatrixFormatColwise, kHighsObjSenseMinimize, 0.0, cost.data(), lower.data(),
                 upper.data(), row_lower.data(), row_upper.data(), start.data(), row.data(),
                 matrix.value.data());
    primal_.resize(lower.size());
    dual_.resize(row_lower.size());
    Highs_run(highs_);
  }
  void set_row_bounds(std::span<const double> lower, std::span<const double> upper) override {
    Highs_changeRowsBoundsByRange(highs_, 0, static_cast<HighsInt>(lower.size()) - 1, lower.data(),
                                  upper.data());
  }
  void set_costs(std::span<const double> cost) override {
    Highs_changeColsCostByRange(highs_, 0, static_cast<HighsInt>(cost.size()) - 1, cost.data());
  }
  double solve() override {
    Highs_run(highs_);
    if (Highs_getModelStatus(highs_) != kHighsModelStatusOptimal) {
      Highs_clearSolver(highs_);  // "Unknown" after a warm start is cured so
      Highs_run(highs_);
    }
    Highs_getSolution(highs_, primal_.data(), nullptr, nullptr, dual_.data());
    return Highs_getModelStatus(highs_) == kHighsModelStatusOptimal
               ? Highs_getObjectiveValue(highs_)
               : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  void* highs_;
  std::vector<double> primal_, dual_;
};

}  // namespace

std::unique_ptr<Replay> make_highs() { return std::make_unique<HighsReplay>(); }

}  // namespace vorrat::benchmarks
