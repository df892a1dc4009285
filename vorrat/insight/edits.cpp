#include "vorrat/insight/edits.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/fleet/uncertainty.h"

namespace vorrat::insight {
namespace {

using fleet::Gate;
using fleet::GateState;
using fleet::Offer;
using fleet::Problem;

// State (stage, s) stands at stage * states + s.
std::vector<std::vector<double>> with_stages(const std::vector<std::vector<double>>& matrix,
                                             std::size_t stages) {
  const std::size_t states = matrix.size();
  std::vector<std::vector<double>> result(states * stages,
                                          std::vector<double>(states * stages, 0.0));
  for (std::size_t t = 0; t < stages; ++t) {
    const std::size_t next = std::min(t + 1, stages - 1);
    for (std::size_t s = 0; s < states; ++s) {
      for (std::size_t to = 0; to < states; ++to)
        result[t * states + s][next * states + to] = matrix[s][to];
    }
  }
  return result;
}

fleet::Regime regime_at(const Problem& problem, std::size_t index) {
  fleet::Regime regime(problem.gates.size());
  for (std::size_t g = regime.size(); g-- > 0;) {
    regime[g] = index % problem.gates[g].states.size();
    index /= problem.gates[g].states.size();
  }
  return regime;
}

Problem shut_from(Problem problem, std::size_t stage) {
  for (std::size_t g = 0; g < problem.gates.size(); ++g) {
    const Gate before = problem.gates[g];
    problem = with_stage_values(problem, g, [&](std::size_t t, std::size_t s) {
      GateState state = before.states[s];
      if (t >= stage) {
        state.may_order = false;
        state.release = state.grants = state.downgrades = 0.0;
      }
      return state;
    });
  }
  return problem;
}

Problem delayed(Problem problem, int quarters) {
  for (Offer& offer : problem.offers) {
    offer.lead += quarters;
    if (!offer.lead_shares.empty())
      offer.lead_shares.insert(offer.lead_shares.begin(), static_cast<std::size_t>(quarters), 0.0);
  }
  for (fleet::PowerProject& project : problem.projects) project.lead += quarters;
  return problem;
}

double served(const Problem& problem, const Offer& offer) {
  double most = 0.0;
  for (const double rate : problem.pools[offer.pool].throughput) most = std::max(most, rate);
  return most;
}

std::vector<std::size_t> all_but_the_lesser(const Problem& problem) {
  std::vector<std::size_t> greater;
  const auto counts = [](const Offer& offer) {
    return offer.kind == Offer::Kind::buy && is_gated(offer);
  };
  for (std::size_t o = 0; o < problem.offers.size(); ++o) {
    const Offer& offer = problem.offers[o];
    const bool has_lesser = std::ranges::any_of(problem.offers, [&](const Offer& other) {
      return counts(other) && other.site == offer.site &&
             served(problem, other) < served(problem, offer);
    });
    if (counts(offer) && has_lesser) greater.push_back(o);
  }
  return greater;
}

std::vector<std::size_t> gated_for(const Problem& problem, const std::vector<std::size_t>& sites) {
  std::vector<std::size_t> offers;
  for (std::size_t o = 0; o < problem.offers.size(); ++o) {
    const bool there = std::ranges::count(sites, problem.offers[o].site) > 0;
    if (there && is_gated(problem.offers[o])) offers.push_back(o);
  }
  return offers;
}

template <typename T>
void resize(std::vector<T>& values, std::size_t size) {
  if (values.empty()) return;
  const T last = values.back();
  values.resize(size, last);
}

std::string next_quarter(const std::string& name) {
  if (name.size() != 6 || name[4] != 'Q') return name + "+";
  const int year = std::stoi(name.substr(0, 4)), quarter = name[5] - '0';
  return quarter == 4 ? fmt::format("{}Q1", year + 1) : fmt::format("{}Q{}", year, quarter + 1);
}

void add_stage(Problem& problem) {
  const std::string name = next_quarter(problem.stage_names.back());
  std::size_t year = problem.year_of_stage.back();
  const bool new_year = name.ends_with("Q1");
  if (new_year) {
    ++year;
    problem.year_names.push_back(name.substr(0, 4));
    for (fleet::Account& account : problem.accounts)
      account.amount.push_back(account.amount.back());
  }
  problem.stage_names.push_back(name);
  problem.year_of_stage.push_back(year);
}

void resize_market(fleet::Market& market, std::size_t stages) {
  if (market.levels.empty()) return;
  while (market.levels.size() < stages) {
    const std::size_t levels = market.levels.back().size();
    auto matrix =
        market.transition.empty() ? std::vector<std::vector<double>>{} : market.transition.back();
    if (matrix.size() != levels) {  // it led to more levels than it came from: they stay
      matrix.assign(levels, std::vector<double>(levels, 0.0));
      for (std::size_t l = 0; l < levels; ++l) matrix[l][l] = 1.0;
    }
    market.transition.push_back(std::move(matrix));
    market.levels.push_back(market.levels.back());
  }
  market.levels.resize(stages);
  market.transition.resize(stages - 1);
}

}  // namespace

Problem with_stage_values(const Problem& problem, std::size_t g, const StateValue& value,
                          const StagedLaw& law) {
  const std::size_t states = problem.gates[g].states.size(), stages = problem.stage_count();
  Problem result = problem;
  Gate& gate = result.gates[g];
  gate.states.clear();
  for (std::size_t t = 0; t < stages; ++t) {
    for (std::size_t s = 0; s < states; ++s) gate.states.push_back(value(t, s));
  }
  for (auto& matrix : gate.transition) matrix = with_stages(matrix, stages);
  for (Gate& behind : result.gates) {
    if (behind.depends_on != g) continue;
    const auto before = behind.transition;
    behind.transition.clear();
    for (std::size_t d = 0; d < gate.states.size(); ++d)
      behind.transition.push_back(before[d % states]);
  }
  for (std::size_t o = 0; o < problem.offers.size(); ++o) {
    if (problem.offers[o].law.empty()) continue;
    auto& laws = result.offers[o].law;
    laws.clear();
    for (std::size_t r = 0; r < result.regime_count(); ++r) {
      fleet::Regime regime = regime_at(result, r);
      const std::size_t stage = regime[g] / states;
      regime[g] %= states;
      laws.push_back(law ? law(problem.offers[o], stage, regime)
                         : problem.offers[o].law[problem.regime_index(regime)]);
    }
  }
  return result;
}

bool is_gated(const Offer& offer) {
  if (offer.law.empty()) return !offer.gates.empty();
  return std::ranges::any_of(offer.law, [](const fleet::LawOfRegime& law) {
    return !law.may_order || !law.gates.empty();
  });
}

Problem without_offers(Problem problem, const std::vector<std::size_t>& offers) {
  for (const std::size_t o : offers) std::ranges::fill(problem.offers[o].supply, 0.0);
  return problem;
}

Problem stressed(const Problem& problem, const Stress& stress) {
  switch (stress.kind) {
    case Stress::Kind::shut:
      return shut_from(problem, stress.stage);
    case Stress::Kind::delay:
      return delayed(problem, stress.quarters);
    case Stress::Kind::only_lesser:
      return without_offers(problem, all_but_the_lesser(problem));
    case Stress::Kind::third_site_only:
      return without_offers(problem, gated_for(problem, stress.home));
  }
  return problem;
}

std::string to_string(const Problem& problem, const Stress& stress) {
  switch (stress.kind) {
    case Stress::Kind::shut:
      return "every gate is shut from " + problem.stage_names[stress.stage] + " on";
    case Stress::Kind::delay:
      return fmt::format("all that is ordered or built comes {} quarter{} later", stress.quarters,
                         stress.quarters == 1 ? "" : "s");
    case Stress::Kind::only_lesser:
      return "of what needs a gate only the lesser part is let through";
    case Stress::Kind::third_site_only:
      return "what needs a gate comes only to sites in third countries";
  }
  return "";
}

Problem with_horizon(Problem problem, std::size_t stages) {
  needs(stages >= 1, "stages >= 1");
  while (problem.stage_count() < stages) add_stage(problem);
  problem.stage_names.resize(stages);
  problem.year_of_stage.resize(stages);
  problem.year_names.resize(problem.year_of_stage.back() + 1);
  resize_market(problem.market, stages);
  resize(problem.noise, stages);
  for (fleet::Pool& pool : problem.pools) {
    resize(pool.survival, stages);
    resize(pool.resale, stages);
  }
  for (Offer& offer : problem.offers) {
    resize(offer.supply, stages);
    // Held to the end of a horizon stands for held for good.
    if (offer.kind == Offer::Kind::lease)
      offer.term = std::min(std::max(offer.term, offer.committed_term), static_cast<int>(stages));
  }
  for (fleet::Site& site : problem.sites) resize(site.power, stages);
  for (fleet::PowerProject& project : problem.projects) resize(project.supply, stages);
  for (fleet::SellerCap& cap : problem.seller_caps) resize(cap.supply, stages);
  for (fleet::Workload& workload : problem.workloads) {
    resize(workload.presence, stages);
    resize(workload.software, stages);
  }
  for (fleet::Account& account : problem.accounts) account.amount.resize(problem.year_names.size());
  std::erase_if(problem.minimum_fleets,
                [stages](const fleet::MinimumFleet& minimum) { return minimum.stage >= stages; });
  return problem;
}

Problem with_end_value(Problem problem, double factor) {
  problem.end_share *= factor;
  for (fleet::Pool& pool : problem.pools) pool.end_worth *= factor;
  for (fleet::PowerProject& project : problem.projects) project.end_share *= factor;
  return problem;
}

}  // namespace vorrat::insight
