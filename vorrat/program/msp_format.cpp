#include "vorrat/program/msp_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/program/json_text.h"

namespace vorrat::program {
namespace {

using Kind = JsonValue::Kind;
using Quantities = std::map<std::string, double, std::less<>>;

constexpr int most_stages = 10000;

// A number, a name of the lattice's state, or a sum and product of such, worked off in order.
class Expression {
 public:
  static std::optional<Expression> read(const JsonValue& value, JsonFaults& faults) {
    Expression expression;
    if (!expression.add(value, Operation::add, faults)) return std::nullopt;
    return expression;
  }

  bool is_random() const {
    return std::any_of(steps_.begin(), steps_.end(), [](const Step& s) { return !s.name.empty(); });
  }

  double at(const Quantities& state) const {
    double result = 0.0;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const auto found = state.find(steps_[i].name);
      const double value =
          steps_[i].name.empty() ? steps_[i].number : (found == state.end() ? 0.0 : found->second);
      if (i == 0 || steps_[i].operation == Operation::add) {
        result = (i == 0 ? 0.0 : result) + value;
      } else {
        result *= value;
      }
    }
    return result;
  }

  void gather_names(std::set<std::string>& names) const {
    for (const Step& step : steps_) {
      if (!step.name.empty()) names.insert(step.name);
    }
  }

  bool operator==(const Expression&) const = default;

 private:
  enum class Operation { add, multiply };
  struct Step {
    Operation operation;
    double number;
    std::string name;
    bool operator==(const Step&) const = default;
  };

  bool add(const JsonValue& value, Operation operation, JsonFaults& faults) {
    if (value.is(Kind::number)) {
      steps_.push_back({operation, value.number, ""});
      return true;
    }
    if (value.is(Kind::text)) {
      if (value.text == "inf" || value.text == "-inf") {
        steps_.push_back({operation, value.text == "inf" ? lp::infinity : -lp::infinity, ""});
      } else {
        steps_.push_back({operation, 0.0, value.text});
      }
      return true;
    }
    if (value.is(Kind::list) && value.items.size() == 1 && !value.items[0].is(Kind::object))
      return add(value.items[0], operation, faults);
    if (value.is(Kind::list) && !value.items.empty() && operation == Operation::add)
      return std::all_of(value.items.begin(), value.items.end(),
                         [&](const JsonValue& item) { return add_step(item, faults); });
    faults.add(value, "this is not a quantity",
               "expected a number, a name, or a list of {\"ADD\": ...} and {\"MUL\": ...}");
    return false;
  }

  bool add_step(const JsonValue& item, JsonFaults& faults) {
    if (item.is(Kind::object) && item.members.size() == 1) {
      const auto& [word, operand] = item.members.front();
      if (word == "ADD") return add(operand, Operation::add, faults);
      if (word == "MUL") return add(operand, Operation::multiply, faults);
    }
    faults.add(item, "this is not a step of a quantity",
               "expected {\"ADD\": ...} or {\"MUL\": ...}");
    return false;
  }

  std::vector<Step> steps_;
};

struct Variable {
  std::string name;
  int stage = 0;
  Expression cost, lower, upper;
  lp::ColumnKind kind = lp::ColumnKind::continuous;
};

struct Term {
  std::string name;
  int stage = 0;
  Expression coefficient;
  bool operator==(const Term&) const = default;
};

struct Constraint {
  std::string name;
  int stage = 0;
  char type = 'E';
  std::vector<Term> terms;
  Expression right;
  bool operator==(const Constraint&) const = default;
};

struct LatticeNode {
  std::string name;
  int stage = 0;
  Quantities state;
  std::map<std::string, double> successors;
};

std::optional<int> stage_of(const JsonValue& object, JsonFaults& faults, const char* owner) {
  const auto* stage = faults.member(object, "stage", Kind::number, owner);
  if (stage == nullptr) return std::nullopt;
  if (stage->number >= 0 && stage->number < most_stages &&
      stage->number == std::floor(stage->number))
    return static_cast<int>(stage->number);
  faults.add(*stage, fmt::format("{} is not a stage", stage->number),
             fmt::format("a whole number from 0 to {}", most_stages - 1));
  return std::nullopt;
}

// The file with the stage problems.
class ProblemReader {
 public:
  ProblemReader(std::string_view text, const std::string& file) : faults(text, file) {}

  void read(const JsonValue& document) {
    if (!faults.of_kind(document, Kind::object, "the file")) return;
    if (const auto* title = document.find("name"); title != nullptr) name = title->text;
    const auto* maximise = faults.member(document, "maximize", Kind::boolean, "the file");
    if (maximise != nullptr && maximise->boolean) sense = lp::Sense::maximise;
    if (const auto* list = faults.member(document, "variables", Kind::list, "the file")) {
      for (const JsonValue& value : list->items) read_variable(value);
    }
    if (const auto* list = faults.member(document, "constraints", Kind::list, "the file")) {
      for (const JsonValue& value : list->items) read_constraint(value);
    }
  }

  JsonFaults faults;
  std::string name;
  lp::Sense sense = lp::Sense::minimise;
  std::vector<Variable> variables;
  std::vector<Constraint> constraints;
  std::set<std::string> states;
  int repeated = 0;  // constraints that stand more than once

 private:
  Expression quantity(const JsonValue& object, const char* key, const char* owner) {
    const JsonValue* value = object.find(key);
    if (value == nullptr) {
      faults.add(object, fmt::format("{} has no \"{}\"", owner, key));
      return {};
    }
    return Expression::read(*value, faults).value_or(Expression());
  }

  void read_variable(const JsonValue& value) {
    if (!faults.of_kind(value, Kind::object, "a variable")) return;
    const auto* title = faults.member(value, "name", Kind::text, "a variable");
    const auto stage = stage_of(value, faults, "a variable");
    const auto* type = faults.member(value, "type", Kind::text, "a variable");
    Variable variable{.name = {},
                      .cost = quantity(value, "obj", "a variable"),
                      .lower = quantity(value, "lb", "a variable"),
                      .upper = quantity(value, "ub", "a variable")};
    if (title == nullptr || !stage || type == nullptr) return;
    variable.name = title->text;
    variable.stage = *stage;
    if (!known_.emplace(title->text, *stage).second)
      faults.add(*title,
                 fmt::format("the variable \"{}\" stands twice in stage {}", title->text, *stage));
    if (type->text == "INTEGER" || type->text == "BINARY") {
      variable.kind = lp::ColumnKind::integer;
    } else if (type->text != "CONTINUOUS") {
      faults.add(*type, fmt::format("unknown type \"{}\"", type->text),
                 "known: CONTINUOUS, INTEGER, BINARY");
    }
    if (type->text == "BINARY") {
      JsonValue one{.kind = Kind::number, .number = 1.0}, zero{.kind = Kind::number};
      variable.lower = *Expression::read(zero, faults);
      variable.upper = *Expression::read(one, faults);
    }
    variables.push_back(std::move(variable));
  }

  void read_constraint(const JsonValue& value) {
    if (!faults.of_kind(value, Kind::object, "a constraint")) return;
    Constraint constraint;
    if (const auto* title = value.find("name")) constraint.name = title->text;
    const auto* type = faults.member(value, "type", Kind::text, "a constraint");
    const auto* list = faults.member(value, "lhs", Kind::list, "a constraint");
    constraint.right = quantity(value, "rhs", "a constraint");
    if (type == nullptr || list == nullptr) return;
    if (type->text != "EQ" && type->text != "LEQ" && type->text != "GEQ")
      faults.add(*type, fmt::format("unknown type \"{}\"", type->text), "known: EQ, LEQ, GEQ");
    constraint.type = type->text.empty() ? '?' : type->text.front();
    for (const JsonValue& item : list->items) read_term(item, constraint);
    if (constraint.terms.empty()) return;
    check_reach(*list, constraint);
    if (std::find(constraints.begin(), constraints.end(), constraint) != constraints.end()) {
      ++repeated;
    } else {
      constraints.push_back(std::move(constraint));
    }
  }

  void read_term(const JsonValue& value, Constraint& constraint) {
    if (!faults.of_kind(value, Kind::object, "a term")) return;
    const auto* title = faults.member(value, "name", Kind::text, "a term");
    const auto stage = stage_of(value, faults, "a term");
    Term term{.name = {}, .coefficient = quantity(value, "coefficient", "a term")};
    if (title == nullptr || !stage) return;
    if (!known_.contains({title->text, *stage})) {
      faults.add(*title,
                 fmt::format("there is no variable \"{}\" in stage {}", title->text, *stage));
      return;
    }
    term.name = title->text;
    term.stage = *stage;
    constraint.stage = std::max(constraint.stage, *stage);
    constraint.terms.push_back(std::move(term));
  }

  void check_reach(const JsonValue& list, const Constraint& constraint) {
    for (const Term& term : constraint.terms) {
      if (term.stage == constraint.stage) continue;
      states.insert(term.name);
      if (term.stage < constraint.stage - 1) {
        faults.add(list,
                   fmt::format("a constraint of stage {} uses \"{}\" of stage {}", constraint.stage,
                               term.name, term.stage),
                   "only the stage before can be used");
      }
    }
  }

  std::set<std::pair<std::string, int>> known_;
};

// The file with the lattice.
class LatticeReader {
 public:
  LatticeReader(std::string_view text, const std::string& file) : faults(text, file) {}

  void read(const JsonValue& document) {
    if (!faults.of_kind(document, Kind::object, "the file")) return;
    for (const auto& [title, value] : document.members) read_node(title, value);
    for (const auto& [title, value] : document.members) check_successors(title, value);
    if (std::none_of(nodes.begin(), nodes.end(), [](const auto& n) { return n.second.stage == 0; }))
      faults.add(document, "no node has stage 0");
  }

  JsonFaults faults;
  std::map<std::string, LatticeNode> nodes;

 private:
  void read_node(const std::string& title, const JsonValue& value) {
    const std::string owner = fmt::format("node \"{}\"", title);
    LatticeNode& node = nodes[title];
    node.name = title;
    if (!faults.of_kind(value, Kind::object, owner)) return;
    node.stage = stage_of(value, faults, owner.c_str()).value_or(0);
    if (const auto* state = faults.member(value, "state", Kind::object, owner)) {
      for (const auto& [name, number] : state->members) {
        if (faults.of_kind(number, Kind::number, fmt::format("\"{}\" of {}", name, owner)))
          node.state[name] = number.number;
      }
    }
    const auto* successors = faults.member(value, "successors", Kind::object, owner);
    if (successors == nullptr) return;
    double sum = 0.0;
    for (const auto& [child, probability] : successors->members) {
      if (!faults.of_kind(probability, Kind::number, "a probability of " + owner)) continue;
      if (!(probability.number >= 0.0 && probability.number <= 1.0)) {
        faults.add(probability, fmt::format("a probability of {} is {}", owner, probability.number),
                   "a probability lies between 0 and 1");
      }
      node.successors[child] = probability.number;
      sum += probability.number;
    }
    if (!node.successors.empty() && std::abs(sum - 1.0) > 1e-6) {
      faults.add(*successors, fmt::format("the probabilities of {} sum to {}", owner, sum),
                 "they must sum to 1");
    }
    for (auto& [child, probability] : node.successors) probability /= sum;
  }

  void check_successors(const std::string& title, const JsonValue& value) {
    const LatticeNode& node = nodes[title];
    for (const auto& [child, probability] : node.successors) {
      const auto found = nodes.find(child);
      if (found == nodes.end()) {
        faults.add(value,
                   fmt::format("node \"{}\" leads to \"{}\", which is not there", title, child));
      } else if (found->second.stage != node.stage + 1) {
        faults.add(value,
                   fmt::format("node \"{}\" of stage {} leads to \"{}\" of stage {}", title,
                               node.stage, child, found->second.stage),
                   "arcs lead to the next stage");
      }
    }
  }
};

// Turns both files into a policy graph.
class Builder {
 public:
  Builder(const ProblemReader& problem, const LatticeReader& lattice)
      : problem_(problem),
        lattice_(lattice),
        states_(problem.states.begin(), problem.states.end()) {
    for (const auto& [title, node] : lattice.nodes)
      stages_ = std::max(stages_, static_cast<std::size_t>(node.stage) + 1);
    by_stage_.resize(stages_);
    for (const auto& [title, node] : lattice.nodes) by_stage_[node.stage].push_back(&node);
  }

  PolicyGraph build() {
    PolicyGraph graph;
    graph.state_names = states_;
    graph.initial_state.assign(states_.size(), 0.0);
    if (is_stagewise_independent()) {
      add_stages(graph);
    } else {
      add_lattice(graph);
    }
    return graph;
  }

  std::set<std::string> missing() const {
    std::set<std::string> result;
    for (const auto& stage : by_stage_) {
      for (const LatticeNode* node : stage) {
        std::set<std::string> names;
        for (const Variable& v : problem_.variables) {
          if (v.stage != node->stage) continue;
          for (const Expression* e : {&v.cost, &v.lower, &v.upper}) e->gather_names(names);
        }
        for (const Constraint& c : problem_.constraints) {
          if (c.stage != node->stage) continue;
          c.right.gather_names(names);
          for (const Term& term : c.terms) term.coefficient.gather_names(names);
        }
        for (const std::string& name : names) {
          if (!node->state.contains(name)) result.insert(name);
        }
      }
    }
    return result;
  }

 private:
  bool is_stagewise_independent() const {
    return std::all_of(by_stage_.begin(), by_stage_.end(), [](const auto& stage) {
      return std::all_of(stage.begin(), stage.end(), [&](const LatticeNode* node) {
        return node->successors == stage.front()->successors;
      });
    });
  }

  void add_stages(PolicyGraph& graph) {
    graph.root = {{.child = 0}};
    for (std::size_t t = 0; t < stages_; ++t) {
      const StageProblem stage(*this, static_cast<int>(t));
      Node node{
          .name = fmt::format("{}", t), .stage = static_cast<int>(t) + 1, .problem = stage.problem};
      for (const LatticeNode* from : by_stage_[t]) {
        const double probability = t == 0 ? 1.0 / static_cast<double>(by_stage_[0].size())
                                          : probability_of(*by_stage_[t - 1].front(), from->name);
        if (probability > 0.0) {
          node.noise.push_back({.probability = probability,
                                .changes = stage.changes(from->state),
                                .name = from->name});
        }
      }
      if (t + 1 < stages_) node.arcs = {{.child = t + 1}};
      graph.nodes.push_back(std::move(node));
    }
  }

  static double probability_of(const LatticeNode& node, const std::string& child) {
    const auto found = node.successors.find(child);
    return found == node.successors.end() ? 0.0 : found->second;
  }

  void add_lattice(PolicyGraph& graph) {
    std::map<std::string, std::size_t> index;
    for (const auto& stage : by_stage_) {
      for (const LatticeNode* node : stage) index.emplace(node->name, index.size());
    }
    for (std::size_t t = 0; t < stages_; ++t) {
      const StageProblem stage(*this, static_cast<int>(t));
      for (const LatticeNode* from : by_stage_[t]) {
        Node node{.name = from->name, .stage = static_cast<int>(t) + 1, .problem = stage.problem};
        node.noise = {{.changes = stage.changes(from->state)}};
        for (const auto& [child, probability] : from->successors)
          node.arcs.push_back({.child = index[child], .probability = probability});
        graph.nodes.push_back(std::move(node));
      }
    }
    for (const LatticeNode* first : by_stage_[0]) {
      graph.root.push_back({.child = index[first->name],
                            .probability = 1.0 / static_cast<double>(by_stage_[0].size())});
    }
  }

  // The template of a stage, and what the lattice's state changes in it.
  class StageProblem {
   public:
    StageProblem(const Builder& builder, int t) {
      problem.model.sense = builder.problem_.sense;
      std::map<std::string, std::size_t> now;
      add_variables(builder, t, now);
      std::map<std::string, std::size_t> before = add_states(builder, now);
      for (const Constraint& constraint : builder.problem_.constraints) {
        if (constraint.stage == t) add_constraint(constraint, now, before);
      }
    }

    std::vector<Change> changes(const Quantities& state) const {
      std::vector<Change> result;
      for (const auto& [change, expression] : random_) {
        result.push_back(change);
        result.back().value = expression.at(state);
      }
      return result;
    }

    StageTemplate problem;

   private:
    using What = Change::What;

    // The template's own value is the one of a state without entries; noise always replaces it.
    double value(const Expression& expression, Change change) {
      if (expression.is_random()) random_.emplace_back(change, expression);
      return expression.at({});
    }

    void add_variables(const Builder& builder, int t, std::map<std::string, std::size_t>& now) {
      for (const Variable& v : builder.problem_.variables) {
        if (v.stage != t) continue;
        const std::size_t j = problem.model.columns.size();
        now[v.name] = j;
        problem.model.add_column(
            {.lower = value(v.lower, {.what = What::column_lower, .column = j}),
             .upper = value(v.upper, {.what = What::column_upper, .column = j}),
             .cost = value(v.cost, {.what = What::cost, .column = j}),
             .kind = v.kind,
             .name = v.name});
      }
    }

    // A state that a stage does not have goes out as 0.
    std::map<std::string, std::size_t> add_states(const Builder& builder,
                                                  const std::map<std::string, std::size_t>& now) {
      std::map<std::string, std::size_t> before;
      for (const std::string& state : builder.states_) {
        before[state] = problem.model.add_column({.name = state + " before"});
        problem.incoming.push_back(before[state]);
        const auto found = now.find(state);
        problem.outgoing.push_back(found != now.end() ? found->second
                                                      : problem.model.add_column({.upper = 0.0}));
      }
      return before;
    }

    void add_constraint(const Constraint& constraint, const std::map<std::string, std::size_t>& now,
                        const std::map<std::string, std::size_t>& before) {
      const std::size_t i = problem.model.rows.size();
      const What side = constraint.type == 'E'   ? What::row_both
                        : constraint.type == 'L' ? What::row_upper
                                                 : What::row_lower;
      const double right = value(constraint.right, {.what = side, .row = i});
      problem.model.add_row({.lower = constraint.type == 'L' ? -lp::infinity : right,
                             .upper = constraint.type == 'G' ? lp::infinity : right,
                             .name = constraint.name});
      // One place may stand in several terms; a change replaces them all, so they are added first.
      std::map<std::size_t, std::vector<const Expression*>> places;
      for (const Term& term : constraint.terms) {
        const auto& columns = term.stage == constraint.stage ? now : before;
        places[columns.at(term.name)].push_back(&term.coefficient);
      }
      for (const auto& [j, expressions] : places) {
        for (const Expression* e : expressions) {
          if (e->is_random() && expressions.size() > 1) {
            throw InvalidInput("a random coefficient stands twice at one place");
          }
          const double coefficient = value(*e, {.what = What::coefficient, .row = i, .column = j});
          if (coefficient != 0.0) problem.model.add_entry(i, j, coefficient);
        }
      }
    }

    std::vector<std::pair<Change, Expression>> random_;
  };

  const ProblemReader& problem_;
  const LatticeReader& lattice_;
  std::vector<std::string> states_;
  std::size_t stages_ = 0;
  std::vector<std::vector<const LatticeNode*>> by_stage_;  // by name within a stage
};

}  // namespace

std::expected<MspProblem, Diagnostics> read_msp_format(std::string_view problem_text,
                                                       const std::string& problem_file,
                                                       std::string_view lattice_text,
                                                       const std::string& lattice_file) {
  Diagnostics faults;
  ProblemReader problem(problem_text, problem_file);
  LatticeReader lattice(lattice_text, lattice_file);
  const auto problem_json = parse_json(problem_text, problem_file);
  const auto lattice_json = parse_json(lattice_text, lattice_file);
  if (problem_json) problem.read(*problem_json);
  if (lattice_json) lattice.read(*lattice_json);
  faults.append(problem_json ? problem.faults.found() : problem_json.error());
  faults.append(lattice_json ? lattice.faults.found() : lattice_json.error());
  if (faults.has_errors()) return std::unexpected(faults);

  MspProblem result{.name = problem.name};
  try {
    Builder builder(problem, lattice);
    result.graph = builder.build();
    result.graph.check();
    for (const std::string& name : builder.missing()) {
      result.notes.add(
          {.place = {.file = lattice_file},
           .message = fmt::format("\"{}\" is missing in the state of some nodes and counts "
                                  "as 0 there",
                                  name),
           .severity = Severity::warning});
    }
  } catch (const InvalidInput& fault) {
    faults.add_error(problem_file, fault.what());
    return std::unexpected(faults);
  }
  if (problem.repeated > 0) {
    result.notes.add({.place = {.file = problem_file},
                      .message = fmt::format(
                          "{} constraint{} stand{} more than once and {} used once",
                          problem.repeated, problem.repeated == 1 ? "" : "s",
                          problem.repeated == 1 ? "s" : "", problem.repeated == 1 ? "is" : "are"),
                      .severity = Severity::warning});
  }
  return result;
}

}  // namespace vorrat::program
