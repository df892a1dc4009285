#include "stage_families.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"
#include "vorrat/lp/stage_solver.h"

namespace vorrat::benchmarks {
namespace {

class Dice {
 public:
  explicit Dice(const char* name) : stream_(1, name) {}
  double uniform(double low, double high) { return low + (high - low) * stream_.uniform(next_++); }
  double normal() {  // Box and Muller (1958)
    const double radius = std::sqrt(-2.0 * std::log(uniform(0, 1)));
    return radius * std::cos(6.283185307179586 * uniform(0, 1));
  }
  std::size_t below(std::size_t count) {
    return std::min(count - 1, static_cast<std::size_t>(uniform(0, static_cast<double>(count))));
  }

 private:
  RandomStream stream_;
  std::uint64_t next_ = 0;
};

std::size_t equality(Family& family, double rhs) {
  const std::size_t row = family.model.add_row({rhs, rhs});
  family.rhs.resize(row + 1, 0.0);
  family.rhs[row] = rhs;
  return row;
}

std::size_t at_most(Family& family, double rhs) {
  family.rhs.push_back(0.0);
  return family.model.add_row({-lp::infinity, rhs});
}

}  // namespace

void Family::right_hand_side(const std::vector<double>& state, std::size_t opening,
                             std::vector<double>& into) const {
  into = rhs;
  for (const Term& term : from_state) into[term.row] += term.coefficient * state[term.state];
  for (std::size_t k = 0; k < noisy_rows.size(); ++k) into[noisy_rows[k]] += openings[opening][k];
}

Family hydro() {
  Dice dice("hydro");
  Family family;
  family.name = "hydro";
  lp::Model& model = family.model;
  const double capacity[] = {200000, 19600, 51800, 12700};
  const double demand[] = {45500, 11700, 10800, 6500};
  const double turbine[] = {45800, 13200, 9900, 7800};
  const double inflow[] = {34000, 8500, 9000, 5200};
  const int plants[] = {43, 17, 33, 2};
  std::size_t water[4], balance[5];
  for (std::size_t s = 0; s < 4; ++s) water[s] = equality(family, 0.0);
  for (std::size_t s = 0; s < 4; ++s) balance[s] = equality(family, demand[s]);
  balance[4] = equality(family, 0.0);
  for (std::size_t s = 0; s < 4; ++s) {
    const std::size_t stored = model.add_column({0, capacity[s], 0});
    model.add_entry(water[s], stored, 1);
    family.states.push_back(stored);
    family.from_state.push_back({water[s], s, 1.0});
    family.noisy_rows.push_back(water[s]);
    family.initial.push_back(0.5 * capacity[s]);
    const std::size_t turbined = model.add_column({0, turbine[s], 0});
    model.add_entry(water[s], turbined, 1);
    model.add_entry(balance[s], turbined, 1);
    model.add_entry(water[s], model.add_column({0, lp::infinity, 0.001}), 1);
    for (int p = 0; p < plants[s]; ++p) {
      const double share = dice.uniform(0.2, 1.8) * 0.45 * demand[s] / plants[s];
      model.add_entry(balance[s], model.add_column({0, share, std::exp(dice.uniform(2, 7))}), 1);
    }
    const double depth[] = {0.05, 0.05, 0.1, 0.8}, price[] = {1142.8, 2465.4, 5152.46, 5845.54};
    for (int d = 0; d < 4; ++d) {
      model.add_entry(balance[s], model.add_column({0, depth[d] * demand[s], price[d]}), 1);
    }
  }
  for (std::size_t from = 0; from < 5; ++from) {
    for (std::size_t to = 0; to < 5; ++to) {
      const double limit = from == to                 ? 0.0
                           : dice.uniform(0, 1) < 0.5 ? dice.uniform(500, 8000)
                                                      : 0.0;
      const std::size_t flow = model.add_column({0, limit, 0.001});
      if (from == to) continue;
      model.add_entry(balance[from], flow, -1);
      model.add_entry(balance[to], flow, 1);
    }
  }
  family.theta = model.add_column({0, lp::infinity, 1});
  for (int o = 0; o < 10; ++o) {
    std::vector<double> noise;
    const double common = dice.normal();
    for (std::size_t s = 0; s < 4; ++s) {
      noise.push_back(inflow[s] * std::exp(0.3 * common + 0.3 * dice.normal() - 0.09));
    }
    family.openings.push_back(noise);
  }
  return family;
}

Family capacity(std::size_t chips, std::size_t sites, std::size_t workloads) {
  Dice dice("capacity");
  Family family;
  family.name = "capacity";
  lp::Model& model = family.model;
  std::vector<std::size_t> balance, room, arrival, demand_row, serve, power, space;
  std::vector<double> watts, price, speed;
  for (std::size_t c = 0; c < chips; ++c) {
    watts.push_back(dice.uniform(0.4, 1.2));
    price.push_back(dice.uniform(8, 40));
    for (std::size_t w = 0; w < workloads; ++w) {
      speed.push_back(price[c] / 20 * dice.uniform(0.5, 1.6));
    }
  }
  for (std::size_t k = 0; k < chips * sites; ++k) balance.push_back(equality(family, 0.0));
  for (std::size_t k = 0; k < chips * sites; ++k) room.push_back(at_most(family, 0.0));
  for (std::size_t c = 0; c < chips; ++c) arrival.push_back(equality(family, 0.0));
  for (std::size_t w = 0; w < workloads; ++w) demand_row.push_back(equality(family, 0.0));
  for (std::size_t w = 0; w < workloads; ++w) serve.push_back(equality(family, 0.0));
  for (std::size_t s = 0; s < sites; ++s) power.push_back(at_most(family, dice.uniform(40, 90)));
  for (std::size_t s = 0; s < sites; ++s) space.push_back(at_most(family, dice.uniform(60, 120)));
  const std::size_t budget = at_most(family, 900.0 * static_cast<double>(chips) / 12);

  // States: fleet by chip and site, pipeline by chip, demand by workload.
  for (std::size_t c = 0; c < chips; ++c) {
    for (std::size_t s = 0; s < sites; ++s) {
      const std::size_t k = c * sites + s;
      const std::size_t fleet =
          model.add_column({0, lp::infinity, 0.02 * watts[c] * dice.uniform(0.8, 1.2)});
      model.add_entry(balance[k], fleet, 1);
      model.add_entry(room[k], fleet, -1);
      model.add_entry(power[s], fleet, watts[c]);
      model.add_entry(space[s], fleet, 1);
      family.from_state.push_back({balance[k], family.states.size(), 0.95});
      family.initial.push_back(dice.uniform(0, 4));
      family.states.push_back(fleet);
      const std::size_t placed = model.add_column({0, lp::infinity, dice.uniform(0.1, 0.4)});
      model.add_entry(balance[k], placed, -1);
      model.add_entry(arrival[c], placed, 1);
      for (std::size_t w = 0; w < workloads; ++w) {
        const std::size_t used = model.add_column({0, lp::infinity, dice.uniform(0, 0.1)});
        model.add_entry(room[k], used, 1);
        model.add_entry(serve[w], used, speed[c * workloads + w] * dice.uniform(0.9, 1.1));
      }
    }
  }
  for (std::size_t c = 0; c < chips; ++c) {
    const std::size_t ordered = model.add_column({0, dice.uniform(4, 16), price[c]});
    model.add_entry(budget, ordered, price[c]);
    family.from_state.push_back({arrival[c], family.states.size(), 1.0});
    family.initial.push_back(dice.uniform(0, 5));
    family.states.push_back(ordered);
  }
  for (std::size_t w = 0; w < workloads; ++w) {
    const std::size_t demand = model.add_column({0, lp::infinity, 0});
    model.add_entry(demand_row[w], demand, 1);
    model.add_entry(serve[w], demand, -1);
    family.from_state.push_back({demand_row[w], family.states.size(), 1.04});
    family.noisy_rows.push_back(demand_row[w]);
    family.initial.push_back(40.0 * static_cast<double>(chips * sites) / 48);
    family.states.push_back(demand);
    const std::size_t unserved = model.add_column({0, lp::infinity, dice.uniform(15, 40)});
    model.add_entry(serve[w], unserved, 1);
  }
  // Fleet beyond power and space, and arrivals nobody places, are never forced: retire at no worth.
  for (std::size_t k = 0; k < chips * sites; ++k) model.rows[balance[k]].lower = -lp::infinity;
  for (std::size_t c = 0; c < chips; ++c) model.rows[arrival[c]].lower = -lp::infinity;
  for (std::size_t w = 0; w < workloads; ++w) model.rows[serve[w]].upper = lp::infinity;
  family.theta = model.add_column({0, lp::infinity, 1});
  for (int o = 0; o < 10; ++o) {
    std::vector<double> noise;
    for (std::size_t w = 0; w < workloads; ++w) {
      noise.push_back(dice.uniform(-6, 10) * static_cast<double>(chips * sites) / 48);
    }
    family.openings.push_back(noise);
  }
  return family;
}

namespace {

void set_right_hand_side(const Family& family, const std::vector<double>& rhs,
                         lp::StageSolver& stage) {
  for (std::size_t i = 0; i < rhs.size(); ++i) {
    const lp::Row& row = family.model.rows[i];
    const bool fixed_upper = row.upper < lp::infinity && row.upper != family.rhs[i];
    if (fixed_upper) continue;  // a limit of its own, not a balance
    stage.set_row_bounds(i, row.lower == -lp::infinity ? row.lower : rhs[i],
                         row.upper == lp::infinity ? row.upper : rhs[i]);
  }
}

}  // namespace

Trace record(const Family& family, std::size_t stages, std::size_t cut_count, std::size_t visits) {
  const std::size_t middle = stages / 2;
  const std::size_t state_count = family.states.size();
  std::vector<std::unique_ptr<lp::CutPool>> pools;
  std::vector<std::unique_ptr<lp::StageSolver>> solvers;
  for (std::size_t t = 0; t < stages; ++t) {
    pools.push_back(std::make_unique<lp::CutPool>(state_count));
    solvers.push_back(std::make_unique<lp::StageSolver>());
    solvers[t]->load(family.model);
    solvers[t]->use_cuts(pools[t].get(), family.states, std::span(&family.theta, 1));
  }
  Dice dice("paths");
  Trace trace;
  std::vector<std::vector<double>> incoming(stages);
  std::vector<double> rhs, slope(state_count);
  for (std::size_t iteration = 0; iteration < cut_count + visits; ++iteration) {
    std::vector<double> state = family.initial;
    for (std::size_t t = 0; t < stages; ++t) {
      incoming[t] = state;
      family.right_hand_side(state, dice.below(family.openings.size()), rhs);
      set_right_hand_side(family, rhs, *solvers[t]);
      if (solvers[t]->resolve() != lp::Status::optimal) throw Unavailable("a stage has no answer");
      for (std::size_t s = 0; s < state_count; ++s)
        state[s] = solvers[t]->primal()[family.states[s]];
    }
    const bool training = iteration < cut_count;
    for (std::size_t t = stages - 1; t > 0; --t) {
      double height = 0.0;
      std::ranges::fill(slope, 0.0);
      const double odds = 1.0 / static_cast<double>(family.openings.size());
      for (std::size_t o = 0; o < family.openings.size(); ++o) {
        family.right_hand_side(incoming[t], o, rhs);
        if (!training && t == middle) trace.right_hand_sides.push_back(rhs);
        if (!training) continue;
        set_right_hand_side(family, rhs, *solvers[t]);
        if (solvers[t]->resolve() != lp::Status::optimal)
          throw Unavailable("a stage has no answer");
        height += odds * solvers[t]->objective();
        for (const Family::Term& term : family.from_state) {
          slope[term.state] += odds * term.coefficient * solvers[t]->row_dual()[term.row];
        }
      }
      if (!training) continue;
      for (std::size_t s = 0; s < state_count; ++s) height -= slope[s] * incoming[t][s];
      pools[t - 1]->append(slope, height);
    }
  }
  for (std::size_t c = 0; c < std::min(cut_count, pools[middle]->size()); ++c) {
    Cut cut{std::vector<double>(state_count), pools[middle]->rhs(c)};
    pools[middle]->slope_into(c, cut.slope);
    trace.cuts.push_back(cut);
  }
  return trace;
}

}  // namespace vorrat::benchmarks
