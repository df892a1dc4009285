#include "vorrat/insight/dial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "vorrat/fleet/uncertainty.h"

namespace vorrat::insight {
namespace {

using fleet::Gate;
using fleet::GateState;
using fleet::Offer;
using fleet::Problem;

bool lets_pass(const Gate& gate, std::size_t state) {
  const GateState& s = gate.states[state];
  if (gate.by_application) return s.decides * (s.grants + s.downgrades) > 0.0;
  return s.release > 0.0;
}

double shifted(double p, double shift) {
  if (p <= 0.0 || p >= 1.0) return p;
  const double odds = p / (1.0 - p) * std::exp(shift);
  return odds / (1.0 + odds);
}

// One row of a gate's matrix: the chance of all the states marked moves by `shift`.
void shift_row(std::vector<double>& row, const std::vector<bool>& marked, double shift) {
  double p = 0.0;
  for (std::size_t to = 0; to < row.size(); ++to) p += marked[to] ? row[to] : 0.0;
  const double moved = shifted(p, shift);
  if (moved == p) return;
  for (std::size_t to = 0; to < row.size(); ++to)
    row[to] *= marked[to] ? moved / p : (1.0 - moved) / (1.0 - p);
}

using Edit = std::function<void(Problem&, double)>;

Dial factor_dial(std::string name, std::string unit, double value, Edit edit) {
  return {.name = std::move(name),
          .unit = std::move(unit),
          .figures = {},
          .turned =
              [edit = std::move(edit)](const Problem& problem, double factor) {
                Problem changed = problem;
                edit(changed, factor);
                return changed;
              },
          .shown = [value](double factor) { return value * factor; }};
}

void scale(std::vector<double>& values, double factor) {
  for (double& value : values) value *= factor;
}

void set_range(Dial& dial, const scenario::Fact& fact) {
  const double mean = fact.value.mean().value;
  if (fact.value.is_certain() || mean <= 0.0) return;
  dial.low = fact.value.quantile(0.1).value / mean;
  dial.high = fact.value.quantile(0.9).value / mean;
  dial.range_from = "10 and 90 % of the scenario's range";
}

class Collector {
 public:
  Collector(const Problem& problem, const scenario::Scenario* scenario)
      : problem_(problem), scenario_(scenario) {}

  std::vector<Dial> collect() {
    add_gates();
    add_offers();
    add_workloads();
    add_accelerators();
    add_accounts();
    add_sites();
    add_terms();
    if (scenario_ != nullptr) name_figures();
    return std::move(dials_);
  }

 private:
  static constexpr double million = 1e6;
  static constexpr double thousand = 1e3;

  // A fact of the scenario, where there is a scenario.
  template <typename Get>
  void add(Dial dial, Get fact) {
    if (scenario_ != nullptr) set_range(dial, fact());
    if (dial.low < dial.high) dials_.push_back(std::move(dial));
  }

  // For name_figures().
  static Dial turning(std::string beginning, Dial dial) {
    dial.figures = {std::move(beginning)};
    return dial;
  }

  // Until here `figures` holds how the names of the figures begin.
  void name_figures() {
    const auto facts = facts_of(*scenario_);
    for (Dial& dial : dials_) {
      std::vector<std::string> names;
      for (const auto& fact : facts) {
        if (std::ranges::any_of(dial.figures, [&](const std::string& beginning) {
              return fact.name.starts_with(beginning);
            }))
          names.push_back(fact.name);
      }
      dial.figures = std::move(names);
    }
  }

  void add_gates() {
    for (std::size_t g = 0; g < problem_.gates.size(); ++g) {
      for (const GateOdds what : {GateOdds::passes, GateOdds::shuts}) {
        const Dial odds = turning(fmt::format("probability of gate \"{}\"", problem_.gates[g].id),
                                  odds_dial(problem_, g, what));
        if (odds.shown(odds.low) < odds.shown(odds.high)) dials_.push_back(odds);
      }
    }
  }

  void add_offers() {
    for (std::size_t o = 0; o < problem_.offers.size(); ++o) {
      const std::string of = fmt::format(" of offer \"{}\"", problem_.offers[o].id);
      add(turning("price" + of, price_dial(problem_, o)),
          [&]() -> const scenario::Fact& { return scenario_->offers[o].price; });
      const auto& supply = problem_.offers[o].supply;
      const double most = *std::max_element(supply.begin(), supply.end());
      add(turning("supply" + of,
                  factor_dial("supply of " + problem_.offers[o].id, "accelerators/quarter",
                              most * thousand,
                              [o](Problem& p, double f) { scale(p.offers[o].supply, f); })),
          [&]() -> const scenario::Fact& { return scenario_->offers[o].supply; });
    }
  }

  void add_workloads() {
    for (std::size_t w = 0; w < problem_.workloads.size(); ++w) {
      const fleet::Workload& workload = problem_.workloads[w];
      const auto fact = [&](auto field) {
        return
            [this, w, field]() -> const scenario::Fact& { return scenario_->workloads[w].*field; };
      };
      using W = scenario::Workload;
      const std::string of = fmt::format(" of workload \"{}\"", workload.id);
      add(turning("demand" + of,
                  factor_dial("demand of " + workload.id, workload.unit_name,
                              workload.initial * workload.unit,
                              [w](Problem& p, double f) { p.workloads[w].initial *= f; })),
          fact(&W::demand));
      add(turning("unserved price" + of,
                  factor_dial("worth of " + workload.id, problem_.currency + "/quarter, all of it",
                              workload.unserved_price * workload.initial * million,
                              [w](Problem& p, double f) { p.workloads[w].unserved_price *= f; })),
          fact(&W::unserved_price));
      if (problem_.stage_count() < 2) continue;
      double growth = 0.0;
      for (const auto& outcome : problem_.outcomes(1))
        growth += outcome.probability * (outcome.growth[w] - 1.0);
      if (growth == 0.0) continue;
      const auto grow = [w](Problem& p, double f) {
        for (auto& outcomes : p.noise) {
          for (auto& outcome : outcomes)
            outcome.growth[w] = std::max(0.0, 1.0 + f * (outcome.growth[w] - 1.0));
        }
      };
      add(turning("growth" + of,
                  factor_dial("growth of " + workload.id, "1/quarter, at first", growth, grow)),
          fact(&W::growth));
    }
  }

  // One dial for all workloads that a part serves: their common factor is what is least known.
  void add_accelerators() {
    std::vector<std::string> names;
    for (const fleet::Pool& pool : problem_.pools) {
      if (std::ranges::find(names, pool.accelerator) == names.end())
        names.push_back(pool.accelerator);
    }
    for (const std::string& name : names) {
      const auto speed = [name](Problem& p, double f) {
        for (fleet::Pool& pool : p.pools) {
          if (pool.accelerator == name) scale(pool.throughput, f);
        }
      };
      dials_.push_back(
          turning(fmt::format("throughput of {} for ", name),
                  factor_dial("throughput of " + name, "of what is stated", 1.0, speed)));
    }
  }

  void add_accounts() {
    for (std::size_t a = 0; a < problem_.accounts.size(); ++a) {
      double all = 0.0;
      for (const double amount : problem_.accounts[a].amount) all += amount;
      if (all <= 0.0) continue;
      const std::string budget = problem_.accounts[a].id + " budget";
      dials_.push_back(
          turning(budget + " of ",
                  factor_dial(budget + ", all years", problem_.currency, all * million,
                              [a](Problem& p, double f) { scale(p.accounts[a].amount, f); })));
    }
  }

  void add_sites() {
    for (std::size_t s = 0; s < problem_.sites.size(); ++s) {
      const auto& power = problem_.sites[s].power;
      const double most = *std::max_element(power.begin(), power.end());
      if (most <= 0.0) continue;
      const std::string& site = problem_.sites[s].id;
      dials_.push_back(
          turning(fmt::format("power of site \"{}\"", site),
                  factor_dial("power at " + site, "MW at most", most,
                              [s](Problem& p, double f) { scale(p.sites[s].power, f); })));
    }
  }

  void add_terms() {
    if (problem_.discount < 1.0) {
      const double rate = std::pow(problem_.discount, -4.0) - 1.0;
      const auto discount = [rate](Problem& p, double f) {
        p.discount = std::pow(1.0 + rate * f, -0.25);
      };
      add(turning("discount rate", factor_dial("discount rate", "1/year", rate, discount)),
          [&]() -> const scenario::Fact& { return scenario_->money.discount_rate; });
    }
    if (problem_.end_share > 0.0) {
      add(turning("residual share of the end value",
                  factor_dial("end value", "share of the straight line", problem_.end_share,
                              [](Problem& p, double f) { p.end_share *= f; })),
          [&]() -> const scenario::Fact& { return scenario_->end_value.residual_share; });
    }
  }

  const Problem& problem_;
  const scenario::Scenario* scenario_;  // may be null
  std::vector<Dial> dials_;
};

}  // namespace

std::size_t told_stage(const Problem& problem) {
  return std::min<std::size_t>(2, problem.stage_count() - 1);
}

double odds_by(const Problem& problem, std::size_t gate, GateOdds what, std::size_t stage) {
  const auto happened = [&](const fleet::Regime& regime) {
    return lets_pass(problem.gates[gate], regime[gate]) == (what == GateOdds::passes);
  };
  // Those regimes in which it has not happened yet, with their chances.
  std::vector<std::pair<fleet::Regime, double>> waiting = {{starting_regime(problem), 1.0}};
  double odds = happened(waiting.front().first) ? 1.0 : 0.0;
  if (odds == 1.0) return odds;
  for (std::size_t t = 1; t <= stage; ++t) {
    std::vector<std::pair<fleet::Regime, double>> next;
    for (const auto& [regime, chance] : waiting) {
      for (const auto& [to, probability] : next_regimes(problem, regime)) {
        if (happened(to)) {
          odds += chance * probability;
          continue;
        }
        const auto found = std::ranges::find(next, to, [](const auto& n) { return n.first; });
        if (found == next.end()) {
          next.emplace_back(to, chance * probability);
        } else {
          found->second += chance * probability;
        }
      }
    }
    waiting = std::move(next);
  }
  return odds;
}

Problem with_odds(Problem problem, std::size_t index, GateOdds what, double shift) {
  Gate& gate = problem.gates[index];
  std::vector<bool> marked;
  for (std::size_t s = 0; s < gate.states.size(); ++s)
    marked.push_back(lets_pass(gate, s) == (what == GateOdds::passes));
  for (auto& matrix : gate.transition) {
    for (std::size_t from = 0; from < matrix.size(); ++from) {
      if (!marked[from]) shift_row(matrix[from], marked, shift);
    }
  }
  return problem;
}

Dial odds_dial(const Problem& problem, std::size_t gate, GateOdds what) {
  const std::size_t stage = told_stage(problem);
  const std::string& id = problem.gates[gate].id;
  const std::string& by = problem.stage_names[stage];
  return {.name = what == GateOdds::passes ? "odds that " + id + " lets something pass by " + by
                                           : "odds that " + id + " shuts by " + by,
          .unit = "",
          .neutral = 0.0,
          .low = -std::log(2.0),
          .high = std::log(2.0),
          .least = -9.0,
          .most = 9.0,
          .range_from = "half and double the odds",
          .figures = {},
          .turned = [gate, what](const Problem& p,
                                 double shift) { return with_odds(p, gate, what, shift); },
          .shown =
              [problem, gate, what, stage](double shift) {
                return odds_by(with_odds(problem, gate, what, shift), gate, what, stage);
              }};
}

Dial price_dial(const Problem& problem, std::size_t offer) {
  const Offer& priced = problem.offers[offer];
  const bool lease = priced.kind == Offer::Kind::lease;
  constexpr double millions_per_thousand = 1e3;
  return factor_dial((lease ? "rent of " : "price of ") + priced.id,
                     problem.currency + (lease ? " each and quarter" : " each"),
                     price_in(problem, priced, starting_regime(problem)) * millions_per_thousand,
                     [offer](Problem& p, double f) {
                       Offer& changed = p.offers[offer];
                       changed.price *= f;
                       changed.end_price *= f;
                       for (fleet::LawOfRegime& law : changed.law) law.price *= f;
                     });
}

std::vector<Dial> dials(const Problem& problem, const scenario::Scenario* scenario) {
  return Collector(problem, scenario).collect();
}

}  // namespace vorrat::insight
