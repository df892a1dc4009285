#include "vorrat/sddp/checkpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "vorrat/program/json_text.h"

namespace vorrat::sddp {
namespace {

using Kind = program::JsonValue::Kind;

// Trial states of a family that are written.
constexpr std::size_t most_trials = 64;

// FNV-1a over 64-bit words: for telling graphs apart, not against malice.
class Hash {
 public:
  void add(std::uint64_t word) {
    for (int byte = 0; byte < 8; ++byte) {
      value_ = (value_ ^ ((word >> (8 * byte)) & 0xFF)) * 0x100000001B3ULL;
    }
  }
  void add(double number) { add(std::bit_cast<std::uint64_t>(number == 0.0 ? 0.0 : number)); }
  void add(const std::string& text) {
    add(static_cast<std::uint64_t>(text.size()));
    for (char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
  }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xCBF29CE484222325ULL;
};

void add(Hash& hash, const std::vector<program::Arc>& arcs) {
  hash.add(static_cast<std::uint64_t>(arcs.size()));
  for (const program::Arc& arc : arcs) {
    hash.add(static_cast<std::uint64_t>(arc.child));
    hash.add(arc.probability);
  }
}

void add(Hash& hash, const lp::Model& model) {
  hash.add(static_cast<std::uint64_t>(model.sense == lp::Sense::minimise ? 0 : 1));
  hash.add(model.objective_constant);
  for (const lp::Column& c : model.columns) {
    hash.add(c.lower);
    hash.add(c.upper);
    hash.add(c.cost);
  }
  for (const lp::Row& r : model.rows) {
    hash.add(r.lower);
    hash.add(r.upper);
  }
  for (const lp::Entry& e : model.entries) {
    hash.add(static_cast<std::uint64_t>(e.row));
    hash.add(static_cast<std::uint64_t>(e.column));
    hash.add(e.value);
  }
}

void add(Hash& hash, const program::Node& node) {
  hash.add(node.name);
  add(hash, node.problem.model);
  for (std::size_t j : node.problem.incoming) hash.add(static_cast<std::uint64_t>(j));
  for (std::size_t j : node.problem.outgoing) hash.add(static_cast<std::uint64_t>(j));
  for (const program::Realization& r : node.noise) {
    hash.add(r.probability);
    for (const program::Change& c : r.changes) {
      hash.add(static_cast<std::uint64_t>(c.what));
      hash.add(static_cast<std::uint64_t>(c.row));
      hash.add(static_cast<std::uint64_t>(c.column));
      hash.add(c.value);
    }
  }
}

std::string numbers(std::span<const double> values) {
  std::string text;
  for (double v : values) text += (text.empty() ? "" : ", ") + program::json_number(v);
  return text;
}

std::string written(const ValueFunction& future, std::size_t states) {
  std::string cuts;
  std::vector<double> slope(states);
  for (const std::size_t c : future.cuts->in_use()) {
    future.cuts->slope_into(c, slope);
    const std::size_t theta = future.cuts->theta(c);
    cuts += fmt::format("{}\n      [{}, {}{}{}]", cuts.empty() ? "" : ",",
                        theta == lp::CutPool::no_theta ? "null" : std::to_string(theta),
                        program::json_number(future.cuts->rhs(c)), states > 0 ? ", " : "",
                        numbers(slope));
  }
  return fmt::format("    {{\"bounds\": [{}], \"cuts\": [{}]}}", numbers(future.theta_bounds),
                     cuts);
}

// The worthiest trial states of each family, worst first: of equal ones the last read counts as
// the latest.
std::string written_trials(const ValuePolicy& policy) {
  std::string families;
  for (std::size_t f = 0; f < policy.sharing().family_count(); ++f) {
    auto entries = policy.trials(f).list(most_trials, policy.iterations);
    std::ranges::reverse(entries);
    families += fmt::format("{}\n    [", f > 0 ? "," : "");
    for (std::size_t i = 0; i < entries.size(); ++i) {
      families += fmt::format("{}\n      [{}{}{}]", i > 0 ? "," : "",
                              program::json_number(entries[i].worth),
                              entries[i].state.empty() ? "" : ", ", numbers(entries[i].state));
    }
    families += "]";
  }
  return families;
}

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : faults_(text, file) {}

  std::expected<std::shared_ptr<ValuePolicy>, Diagnostics> read(
      const program::JsonValue& document, std::shared_ptr<const program::PolicyGraph> graph) {
    auto policy = read_policy(document, graph);
    if (!policy || faults_.found().has_errors()) return std::unexpected(faults_.found());
    return policy;
  }

 private:
  std::shared_ptr<ValuePolicy> read_policy(
      const program::JsonValue& document,
      const std::shared_ptr<const program::PolicyGraph>& graph) {
    if (!faults_.of_kind(document, Kind::object, "the file")) return nullptr;
    const auto* version = faults_.member(document, "vorrat_policy", Kind::number, "the file");
    if (version == nullptr) return nullptr;
    if (version->number != 2.0) {
      faults_.add(*version, fmt::format("this is version {} of a policy file", version->number),
                  "version 2 can be read");
      return nullptr;
    }
    const auto* print = faults_.member(document, "graph", Kind::text, "the file");
    const auto* kind = faults_.member(document, "cuts", Kind::text, "the file");
    const auto* sharing = faults_.member(document, "sharing", Kind::text, "the file");
    const auto* iterations = faults_.member(document, "iterations", Kind::number, "the file");
    const auto* trials = faults_.member(document, "trials", Kind::list, "the file");
    const auto* nodes = faults_.member(document, "nodes", Kind::list, "the file");
    if (print == nullptr || kind == nullptr || sharing == nullptr || iterations == nullptr ||
        trials == nullptr || nodes == nullptr)
      return nullptr;
    if (print->text != fingerprint(*graph)) {
      faults_.add(*print,
                  "this policy was made for another problem, or for other numbers of this one");
      return nullptr;
    }
    if (kind->text != "single" && kind->text != "multiple") {
      faults_.add(*kind, fmt::format("unknown kind of cuts \"{}\"", kind->text),
                  "known: single, multiple");
      return nullptr;
    }
    if (sharing->text != "family" && sharing->text != "none") {
      faults_.add(*sharing, fmt::format("unknown sharing of cuts \"{}\"", sharing->text),
                  "known: family, none");
      return nullptr;
    }
    const std::vector<double> no_bounds(graph->nodes.size(), 0.0);
    std::vector<std::vector<double>> no_outcome_bounds;
    for (const program::Node& node : graph->nodes)
      no_outcome_bounds.emplace_back(std::max<std::size_t>(1, node.noise.size()), 0.0);
    auto policy = std::make_shared<ValuePolicy>(
        graph, kind->text == "single" ? CutKind::single : CutKind::multiple, no_bounds,
        no_outcome_bounds, sharing->text == "family" ? Sharing::family : Sharing::none);
    policy->iterations = iterations->number;
    if (nodes->items.size() != graph->nodes.size()) {
      faults_.add(*nodes, fmt::format("there are {} nodes here; the problem has {}",
                                      nodes->items.size(), graph->nodes.size()));
      return nullptr;
    }
    for (std::size_t n = 0; n < nodes->items.size(); ++n)
      read_future(nodes->items[n], policy->futures()[n], graph->state_names.size());
    read_trials(*trials, *policy);
    return policy;
  }

  void read_trials(const program::JsonValue& list, ValuePolicy& policy) {
    const std::size_t families = policy.sharing().family_count();
    if (list.items.size() != families) {
      faults_.add(list,
                  fmt::format("there are trial states of {} families here; the problem has {}",
                              list.items.size(), families));
      return;
    }
    for (std::size_t f = 0; f < families; ++f) {
      if (!faults_.of_kind(list.items[f], Kind::list, "a family")) continue;
      for (const program::JsonValue& entry : list.items[f].items) {
        if (!faults_.of_kind(entry, Kind::list, "a trial state") ||
            !all_numbers(entry, policy.graph().state_names.size() + 1))
          continue;
        std::vector<double> state;
        for (std::size_t k = 1; k < entry.items.size(); ++k) state.push_back(entry.items[k].number);
        policy.trials(f).add(state, policy.iterations, entry.items[0].number);
      }
    }
  }

  void read_future(const program::JsonValue& value, ValueFunction& future, std::size_t states) {
    if (future.is_last() && value.is(Kind::null)) return;
    if (!faults_.of_kind(value, Kind::object, "a node")) return;
    const auto* bounds = faults_.member(value, "bounds", Kind::list, "a node");
    const auto* cuts = faults_.member(value, "cuts", Kind::list, "a node");
    if (bounds == nullptr || cuts == nullptr || !all_numbers(*bounds, future.theta_bounds.size()))
      return;
    for (std::size_t t = 0; t < bounds->items.size(); ++t)
      future.theta_bounds[t] = bounds->items[t].number;
    for (const program::JsonValue& cut : cuts->items) read_cut(cut, future, states);
  }

  bool all_numbers(const program::JsonValue& list, std::size_t count) {
    if (list.items.size() != count) {
      faults_.add(list, fmt::format("{} numbers are needed here", count));
      return false;
    }
    for (const auto& item : list.items)
      if (!faults_.of_kind(item, Kind::number, "an entry")) return false;
    return true;
  }

  void read_cut(const program::JsonValue& cut, ValueFunction& future, std::size_t states) {
    if (!faults_.of_kind(cut, Kind::list, "a cut")) return;
    if (cut.items.size() != states + 2) {
      faults_.add(cut, fmt::format("a cut has {} numbers here", states + 2));
      return;
    }
    const program::JsonValue& first = cut.items.front();
    const bool has_theta = first.is(Kind::number);
    if (!has_theta && !first.is(Kind::null)) {
      faults_.add(first, "a cut starts with the number of its theta, or null");
      return;
    }
    if (has_theta &&
        !(first.number >= 0 && first.number < static_cast<double>(future.theta_bounds.size()))) {
      faults_.add(first, fmt::format("there is no theta {}", first.number));
      return;
    }
    std::vector<double> slope;
    for (std::size_t i = 1; i < cut.items.size(); ++i) {
      if (!faults_.of_kind(cut.items[i], Kind::number, "an entry of a cut")) return;
      if (i > 1) slope.push_back(cut.items[i].number);
    }
    future.append(slope, cut.items[1].number,
                  has_theta ? static_cast<std::size_t>(first.number) : lp::CutPool::no_theta,
                  TrialStates::none);
  }

  program::JsonFaults faults_;
};

}  // namespace

std::uint64_t fingerprint(const program::Node& node) {
  Hash hash;
  add(hash, node);
  return hash.value();
}

std::string fingerprint(const program::PolicyGraph& graph) {
  Hash hash;
  for (const std::string& name : graph.state_names) hash.add(name);
  for (double v : graph.initial_state) hash.add(v);
  add(hash, graph.root);
  for (const program::Node& node : graph.nodes) {
    add(hash, node);
    add(hash, node.arcs);
  }
  return fmt::format("{:016x}", hash.value());
}

std::string write_policy(const ValuePolicy& policy) {
  std::string nodes;
  for (const ValueFunction& future : policy.futures()) {
    nodes += nodes.empty() ? "\n" : ",\n";
    nodes += future.is_last() ? "    null" : written(future, policy.graph().state_names.size());
  }
  return fmt::format(
      "{{\n  \"vorrat_policy\": 2,\n  \"graph\": \"{}\",\n  \"cuts\": \"{}\",\n  \"sharing\": "
      "\"{}\",\n"
      "  \"iterations\": {},\n  \"trials\": [{}],\n  \"nodes\": [{}\n  ]\n}}\n",
      fingerprint(policy.graph()), policy.kind() == CutKind::single ? "single" : "multiple",
      policy.sharing_kind() == Sharing::family ? "family" : "none",
      program::json_number(policy.iterations), written_trials(policy), nodes);
}

std::expected<std::shared_ptr<ValuePolicy>, Diagnostics> read_policy(
    std::string_view text, const std::string& file,
    std::shared_ptr<const program::PolicyGraph> graph) {
  const auto document = program::parse_json(text, file);
  if (!document) return std::unexpected(document.error());
  return Reader(text, file).read(*document, std::move(graph));
}

}  // namespace vorrat::sddp
