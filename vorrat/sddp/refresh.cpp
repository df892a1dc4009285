#include "vorrat/sddp/refresh.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>

#include "vorrat/base/error.h"
#include "vorrat/sddp/checkpoint.h"
#include "vorrat/sddp/cost_to_go_bound.h"
#include "vorrat/sddp/passes.h"

namespace vorrat::sddp {
namespace {

using program::PolicyGraph;

void check_shape(const PolicyGraph& before, const PolicyGraph& changed) {
  changed.check();
  if (before.sense() != changed.sense() || before.state_names != changed.state_names)
    throw InvalidInput("the changed program has other states, or another sense: train it afresh");
  if (before.nodes.size() != changed.nodes.size())
    throw InvalidInput(
        fmt::format("the changed program has {} nodes, the policy's {}: train it afresh",
                    changed.nodes.size(), before.nodes.size()));
  for (std::size_t n = 0; n < before.nodes.size(); ++n) {
    if (before.nodes[n].name != changed.nodes[n].name)
      throw InvalidInput(
          fmt::format("node {} of the changed program is \"{}\", the policy's \"{}\"", n,
                      changed.nodes[n].name, before.nodes[n].name));
  }
}

bool same_arcs(const std::vector<program::Arc>& a, const std::vector<program::Arc>& b) {
  return std::ranges::equal(a, b, [](const program::Arc& x, const program::Arc& y) {
    return x.child == y.child && x.probability == y.probability;
  });
}

// [node] whether all that can follow it is as it was.
std::vector<bool> unchanged_futures(const PolicyGraph& before, const PolicyGraph& changed) {
  const std::size_t nodes = before.nodes.size();
  std::vector<bool> same(nodes), holds(nodes);
  for (std::size_t n = 0; n < nodes; ++n) {
    same[n] = fingerprint(before.nodes[n]) == fingerprint(changed.nodes[n]);
    holds[n] = same_arcs(before.nodes[n].arcs, changed.nodes[n].arcs);
  }
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (std::size_t n = nodes; n-- > 0;) {
      for (const program::Arc& arc : changed.nodes[n].arcs) {
        if (!holds[n] || (same[arc.child] && holds[arc.child])) continue;
        holds[n] = false;
        has_changed = true;
      }
    }
  }
  return holds;
}

// Families, each after those that can follow it (in a cycle: as far as that goes).
std::vector<std::size_t> from_the_last(const ValuePolicy& policy) {
  const CutSharing& sharing = policy.sharing();
  std::vector<std::size_t> order;
  std::vector<char> seen(sharing.family_count(), 0);
  struct Visit {
    std::size_t family, next_child;
  };
  for (std::size_t f = 0; f < sharing.family_count(); ++f) {
    if (seen[f]) continue;
    seen[f] = 1;
    for (std::vector<Visit> path = {{f, 0}}; !path.empty();) {
      Visit& visit = path.back();
      const auto& children = sharing.family(visit.family).children;
      if (visit.next_child == children.size()) {
        order.push_back(visit.family);
        path.pop_back();
        continue;
      }
      const std::size_t child = children[visit.next_child++].node;
      if (policy.futures()[child].is_last()) continue;
      const std::size_t family = sharing.family_of(child);
      if (seen[family]) continue;
      seen[family] = 1;
      path.push_back({family, 0});
    }
  }
  return order;
}

// [name of a node] its family in `saved`.
std::map<std::string, std::size_t> families_by_node(const SavedStates& saved) {
  std::map<std::string, std::size_t> families;
  for (std::size_t f = 0; f < saved.families.size(); ++f) {
    for (const std::string& node : saved.families[f].nodes) families[node] = f;
  }
  return families;
}

// The trial states in an order in which neighbours are near: solves begin at the basis of the one
// before, and what it found bounds the next.
std::vector<std::size_t> chain(const std::vector<double>& states, std::size_t width) {
  const std::size_t count = states.size() / width;
  std::vector<double> scale(width, 0.0);
  for (std::size_t t = 0; t < count; ++t)
    for (std::size_t k = 0; k < width; ++k)
      scale[k] = std::max(scale[k], std::abs(states[t * width + k]));
  const auto distance = [&](std::size_t a, std::size_t b) {
    double sum = 0.0;
    for (std::size_t k = 0; k < width; ++k)
      if (scale[k] > 0.0) sum += std::abs(states[a * width + k] - states[b * width + k]) / scale[k];
    return sum;
  };
  std::vector<std::size_t> order(count);
  for (std::size_t t = 0; t < count; ++t) order[t] = t;
  for (std::size_t t = 1; t + 1 < count; ++t) {
    std::size_t nearest = t;
    double least = distance(order[t - 1], order[t]);
    for (std::size_t u = t + 1; u < count; ++u) {
      const double d = distance(order[t - 1], order[u]);
      if (d < least) {
        least = d;
        nearest = u;
      }
    }
    std::swap(order[t], order[nearest]);
  }
  return order;
}

class Refresh {
 public:
  /// `before` is null where no cuts can be kept.
  Refresh(const SavedStates& saved, const ValuePolicy* before, std::shared_ptr<ValuePolicy> policy,
          const RefreshOptions& options)
      : saved_(saved),
        family_of_(families_by_node(saved)),
        before_(before),
        policy_(std::move(policy)),
        options_(options),
        holds_(before == nullptr ? std::vector<bool>(policy_->graph().nodes.size(), false)
                                 : unchanged_futures(before->graph(), policy_->graph())),
        team_(options.threads),
        passes_(*policy_, *options.risk, CutSelection::useful, 1) {
    policy_->iterations = saved.iterations;
    passes_.set_enough(options.enough);
  }

  RefreshResult run() {
    RefreshResult result{.policy = policy_};
    for (std::size_t family : from_the_last(*policy_)) {
      const CutGroup& group = policy_->sharing().family(family);
      bool all_hold = true;
      for (const CutGroup::Member& member : group.members) {
        ++(holds_[member.node] ? result.kept_nodes : result.made_nodes);
        all_hold = all_hold && holds_[member.node];
        if (holds_[member.node]) keep(member.node);
      }
      if (!all_hold) make_anew(group);
    }
    StageProblems& problems = policy_->problems();
    const auto value = passes_.root_value(problems);
    result.solves = problems.solves();
    result.status = value ? TrainStatus::stopped : TrainStatus::infeasible;
    result.reason = reason(result);
    if (value) result.bound = policy_->graph().sense() == lp::Sense::minimise ? *value : -*value;
    return result;
  }

 private:
  static std::string reason(const RefreshResult& result) {
    if (result.status == TrainStatus::infeasible) return cannot_be_carried_on;
    if (result.made_nodes == 0) return "all cuts hold still: nothing after the first stage changed";
    return fmt::format("the cuts of {} of {} nodes were made anew", result.made_nodes,
                       result.kept_nodes + result.made_nodes);
  }

  void keep(std::size_t node) {
    const ValueFunction& from = before_->futures()[node];
    ValueFunction& to = policy_->futures()[node];
    to.theta_bounds = from.theta_bounds;
    const std::size_t old_family = before_->sharing().family_of(node),
                      family = policy_->sharing().family_of(node);
    std::vector<double> slope(policy_->graph().state_names.size());
    for (const std::size_t c : from.cuts->in_use()) {
      from.cuts->slope_into(c, slope);
      to.append(slope, from.cuts->rhs(c), from.cuts->theta(c),
                from.origins[c] == TrialStates::none
                    ? TrialStates::none
                    : kept_trial(old_family, from.origins[c], family));
    }
  }

  std::uint32_t kept_trial(std::size_t old_family, std::uint32_t trial, std::size_t family) {
    const auto [at, is_new] = trials_.try_emplace({old_family, trial, family}, 0);
    if (is_new) {
      const auto entry = before_->trials(old_family).entry(trial, before_->iterations);
      at->second = policy_->trials(family).add(entry.state, policy_->iterations, entry.worth);
    }
    return at->second;
  }

  void make_anew(const CutGroup& group) {
    std::vector<std::size_t> old_families;
    for (const CutGroup::Member& member : group.members) {
      const auto old = family_of_.find(policy_->graph().nodes[member.node].name);
      if (old == family_of_.end()) continue;  // a last node before: it had no cuts
      if (std::ranges::find(old_families, old->second) == old_families.end())
        old_families.push_back(old->second);
    }
    std::vector<double> states, worths;
    for (std::size_t old : old_families) {
      const SavedStates::Family& family = saved_.families[old];
      worths.insert(worths.end(), family.worths.begin(), family.worths.end());
      states.insert(states.end(), family.states.begin(), family.states.end());
    }
    if (worths.empty()) return;
    const std::size_t width = policy_->graph().state_names.size();
    std::vector<double> in_order, worths_in_order;
    for (std::size_t t : chain(states, width)) {
      const auto first = states.begin() + static_cast<std::ptrdiff_t>(t * width);
      in_order.insert(in_order.end(), first, first + static_cast<std::ptrdiff_t>(width));
      worths_in_order.push_back(worths[t]);
    }
    passes_.learn(policy_->problems(), group,
                  {.states = in_order, .count = worths.size(), .is_chain = true}, team_,
                  worths_in_order);
  }

  const SavedStates& saved_;
  std::map<std::string, std::size_t> family_of_;
  const ValuePolicy* before_;
  std::shared_ptr<ValuePolicy> policy_;
  const RefreshOptions& options_;
  std::vector<bool> holds_;
  ThreadTeam team_;
  Passes passes_;
  std::map<std::tuple<std::size_t, std::uint32_t, std::size_t>, std::uint32_t> trials_;
};

RefreshResult run(const SavedStates& saved, const ValuePolicy* before, CutKind kind,
                  Sharing sharing, const PolicyGraph& changed, const RefreshOptions& options) {
  needs(options.threads >= 1, "threads >= 1");
  const auto start = std::chrono::steady_clock::now();
  check_risk(kind, *options.risk);
  const CostToGoBound bound = cost_to_go_bound(changed, options.cost_to_go_bound, options.threads);
  if (bound.status != lp::Status::optimal)
    return {.status = status_of(bound), .reason = bound.message};
  RefreshResult result;
  try {
    result =
        Refresh(saved, before,
                std::make_shared<ValuePolicy>(std::make_shared<const PolicyGraph>(changed), kind,
                                              bound.future_bounds, bound.by_realization, sharing),
                options)
            .run();
  } catch (const Unavailable& fault) {
    result.status = TrainStatus::failed;
    result.reason = fault.what();
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace

RefreshResult refresh(const ValuePolicy& policy, const PolicyGraph& changed,
                      const RefreshOptions& options) {
  check_shape(policy.graph(), changed);
  return run(saved_states(policy, options.states), &policy, policy.kind(), policy.sharing_kind(),
             changed, options);
}

RefreshResult remake(const SavedStates& saved, const PolicyGraph& graph,
                     const RefreshOptions& options) {
  graph.check();
  if (saved.state_names != graph.state_names)
    throw InvalidInput("the program has other states than the saved ones: train it afresh");
  const auto families = families_by_node(saved);
  for (const program::Node& node : graph.nodes) {
    if (!node.arcs.empty() && !families.contains(node.name))
      throw InvalidInput(fmt::format(
          "node \"{}\" is not among those whose trial states are saved: train it afresh",
          node.name));
  }
  return run(saved, nullptr, CutKind::single, Sharing::family, graph, options);
}

}  // namespace vorrat::sddp
