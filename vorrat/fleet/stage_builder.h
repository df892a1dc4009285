// Builds one stage problem of the fleet, in the order of a quarter: what is applied for, ordered
// and let through, what arrives and is built, what runs and serves, what is paid. Private to the
// folder: others call make_stage_model().
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "vorrat/fleet/stage_model.h"

namespace vorrat::fleet {

class StageBuilder {
 public:
  /// A number of the stage problem that depends on the noise.
  using Noisy = std::function<double(const NoiseOutcome&)>;

  StageBuilder(const Problem& problem, const StateLayout& states, std::size_t stage,
               const Regime& regime, std::size_t level);
  StageModel build();

 private:
  // stage_supply.cpp
  void add_orders();
  void add_order(std::size_t o);
  void add_premium(std::size_t o, double supply);
  void add_whole_numbers(std::size_t order, double multiple, double minimum, double most,
                         const std::string& id);
  void add_waiting();
  void count_redirected(std::size_t to, std::size_t moved);
  void add_release(std::size_t o);
  void add_applications();
  void add_application(std::size_t o);
  void add_licences();
  void add_quotas();
  void add_seller_caps();
  void add_pipelines();
  void add_pipeline(std::size_t o);
  void add_arrival(std::size_t o);
  void add_leases();
  void add_power_projects();
  double shipping_cost(const Offer& offer) const;

  // stage_use.cpp
  void add_fleet_balances();
  void add_minimum_fleets();
  void add_service();
  void add_allocations();
  void add_power();
  void add_spending();
  void add_offer_spending(std::size_t o);
  void add_budgets();
  void add_end_worth();

  // stage_model.cpp
  void add_states();
  void finish_states();
  void add_noise();

  lp::Model& model() { return result_.problem.model; }
  StageLayout& layout() { return result_.layout; }
  std::size_t in(std::size_t state) const { return result_.problem.incoming[state]; }
  /// The column that hands the state on; made when first asked for, unless share_out() named one.
  std::size_t out(std::size_t state);
  /// The state that goes on is this column itself: saves a column and a row.
  void share_out(std::size_t state, std::size_t column);
  std::size_t add_column(std::string name, double lower, double upper, double cost = 0.0);
  std::size_t add_row(std::string name, double lower, double upper, const std::vector<Term>& terms);
  void add_noisy_entry(std::size_t row, std::size_t column, Noisy value);
  void add_noisy_cost(std::size_t column, Noisy value);
  std::size_t add_cost(const std::string& name, std::vector<Term> terms, double lower);
  const Site& site_of(std::size_t pool) const { return problem_.sites[problem_.pools[pool].site]; }
  bool may_order_now(std::size_t o) const;
  bool needs_gate_now(const Offer& offer, std::size_t gate) const;
  double price_of(std::size_t o) const;  // with duties, at the market's level
  bool is_last_stage() const { return stage_ + 1 == problem_.stage_count(); }

  const Problem& problem_;
  const StateLayout& states_;
  const std::size_t stage_;
  const Regime& regime_;
  const MarketLevel level_;
  const double discount_;                     // to the start
  const std::vector<NoiseOutcome> outcomes_;  // at least one
  StageModel result_;

  struct NoisyEntry {
    std::size_t row, column;
    Noisy value;
  };
  struct NoisyCost {
    std::size_t column;
    Noisy value;
  };
  struct NoisyBalance {
    std::size_t row;
    Noisy value;
  };
  std::vector<NoisyEntry> noisy_entries_;
  std::vector<NoisyCost> noisy_costs_;
  std::vector<NoisyBalance> noisy_balances_;
  struct Grant {
    std::size_t offer;   // whose licences
    std::size_t column;  // what was applied for
    Noisy share;         // of it that is granted in this stage
  };
  std::vector<Grant> grants_;
  std::vector<std::vector<Term>> active_lease_;   // [offer] running in this stage [k]
  std::vector<std::vector<Term>> redirected_to_;  // [offer] what comes in from others [k]
};

/// The gates that an offer needs in a regime.
const std::vector<std::size_t>& needed_gates(const Problem& problem, const Offer& offer,
                                             const Regime& regime);

}  // namespace vorrat::fleet
