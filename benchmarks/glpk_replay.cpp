#include <glpk.h>

#include <cmath>
#include <limits>
#include <vector>

#include "replay.h"

namespace vorrat::benchmarks {
namespace {

class GlpkReplay final : public Replay {
 public:
  GlpkReplay() : glpk_(glp_create_prob()) {
    glp_init_smcp(&settings_);
    settings_.msg_lev = GLP_MSG_OFF;
    settings_.meth = GLP_DUALP;
    settings_.it_lim = 20'000;  // it may cycle for ever
  }
  ~GlpkReplay() override { glp_delete_prob(glpk_); }
  std::string name() const override { return "GLPK"; }

  void load(const lp::Model& model) override {
    glp_add_rows(glpk_, static_cast<int>(model.rows.size()));
    glp_add_cols(glpk_, static_cast<int>(model.columns.size()));
    for (std::size_t i = 0; i < model.rows.size(); ++i) {
      set_row(static_cast<int>(i) + 1, model.rows[i].lower, model.rows[i].upper);
    }
    for (std::size_t j = 0; j < model.columns.size(); ++j) {
      const auto& column = model.columns[j];
      const int at = static_cast<int>(j) + 1;
      glp_set_col_bnds(glpk_, at, kind(column.lower, column.upper), column.lower, column.upper);
      glp_set_obj_coef(glpk_, at, column.cost);
    }
    const lp::RowMatrix matrix = by_rows(model);
    std::vector<int> rows(1, 0), columns(1, 0);
    std::vector<double> values(1, 0.0);
    for (std::size_t i = 0; i < model.rows.size(); ++i) {
      for (std::size_t e = matrix.start[i]; e < matrix.start[i + 1]; ++e) {
        rows.push_back(static_cast<int>(i) + 1);
        columns.push_back(static_cast<int>(matrix.column[e]) + 1);
        values.push_back(matrix.value[e]);
      }
    }
    glp_load_matrix(glpk_, static_cast<int>(values.size()) - 1, rows.data(), columns.data(),
                    values.data());
    glp_simplex(glpk_, &settings_);
  }
  void set_row_bounds(std::span<const double> lower, std::span<const double> upper) override {
    for (std::size_t i = 0; i < lower.size(); ++i) {
      set_row(static_cast<int>(i) + 1, lower[i], upper[i]);
    }
  }
  void set_costs(std::span<const double> cost) override {
    for (std::size_t j = 0; j < cost.size(); ++j) {
      glp_set_obj_coef(glpk_, static_cast<int>(j) + 1, cost[j]);
    }
  }
  double solve() override {
    glp_simplex(glpk_, &settings_);
    if (glp_get_status(glpk_) != GLP_OPT) {
      glp_std_basis(glpk_);
      glp_simplex(glpk_, &settings_);
    }
    touched_ = glp_get_col_prim(glpk_, 1) + glp_get_row_dual(glpk_, 1);
    return glp_get_status(glpk_) == GLP_OPT ? glp_get_obj_val(glpk_)
                                            : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  static int kind(double lower, double upper) {
    const bool below = std::isfinite(lower), above = std::isfinite(upper);
    return below && above ? (lower == upper ? GLP_FX : GLP_DB)
           : below        ? GLP_LO
           : above        ? GLP_UP
                          : GLP_FR;
  }
  void set_row(int row, double lower, double upper) {
    glp_set_row_bnds(glpk_, row, kind(lower, upper), lower, upper);
  }

  glp_prob* glpk_;
  glp_smcp settings_;
  volatile double touched_ = 0.0;
};

}  // namespace

std::unique_ptr<Replay> make_glpk() { return std::make_unique<GlpkReplay>(); }

}  // namespace vorrat::benchmarks
