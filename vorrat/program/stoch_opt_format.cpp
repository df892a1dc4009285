#include "vorrat/program/stoch_opt_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/program/json_text.h"

namespace vorrat::program {
namespace {

using Kind = JsonValue::Kind;
using Index = std::map<std::string, std::size_t, std::less<>>;

// A number of the stage problem that is base + sum(coefficient[w] * value of random variable w).
struct RandomNumber {
  double base = 0.0;
  std::map<std::size_t, double> coefficients;  // by random variable

  double at(const std::vector<double>& values) const {
    double result = base;
    for (const auto& [w, coefficient] : coefficients) result += coefficient * values[w];
    return result;
  }
};

struct RandomRow {
  std::size_t row;
  double lower, upper;
  RandomNumber shift;  // added to what the columns give, so taken off the bounds
};

// A subproblem of the file: the template, and how its numbers follow the random variables.
struct Subproblem {
  StageTemplate problem;
  std::vector<std::string> random_names;
  std::vector<RandomRow> rows;
  std::map<std::pair<std::size_t, std::size_t>, RandomNumber> coefficients;  // by (row, column)
  std::map<std::size_t, RandomNumber> costs;                                 // by column
  RandomNumber constant;
};

std::vector<Change> changes_at(const Subproblem& subproblem, const std::vector<double>& values) {
  using What = Change::What;
  std::vector<Change> changes;
  for (const RandomRow& row : subproblem.rows) {
    const double shift = row.shift.at(values);
    if (row.lower == row.upper) {
      changes.push_back({.what = What::row_both, .row = row.row, .value = row.lower - shift});
      continue;
    }
    if (std::isfinite(row.lower))
      changes.push_back({.what = What::row_lower, .row = row.row, .value = row.lower - shift});
    if (std::isfinite(row.upper))
      changes.push_back({.what = What::row_upper, .row = row.row, .value = row.upper - shift});
  }
  for (const auto& [place, number] : subproblem.coefficients) {
    changes.push_back({.what = What::coefficient,
                       .row = place.first,
                       .column = place.second,
                       .value = number.at(values)});
  }
  for (const auto& [column, number] : subproblem.costs)
    changes.push_back({.what = What::cost, .column = column, .value = number.at(values)});
  if (!subproblem.constant.coefficients.empty()) {
    changes.push_back({.what = What::objective_constant, .value = subproblem.constant.at(values)});
  }
  return changes;
}

// A function of a subproblem, sorted into columns and random numbers.
struct Function {
  std::map<std::size_t, RandomNumber> columns;  // coefficient of each column
  RandomNumber constant;
};

class SubproblemReader {
 public:
  SubproblemReader(JsonFaults& faults, const std::vector<std::string>& states, std::string name)
      : faults_(faults), states_(states), owner_(fmt::format("subproblem \"{}\"", name)) {}

  Subproblem read(const JsonValue& value) {
    if (!faults_.of_kind(value, Kind::object, owner_)) return {};
    read_random_names(value);
    const JsonValue* model = faults_.member(value, "subproblem", Kind::object, owner_);
    if (model == nullptr) return {};
    read_variables(*model);
    read_states(value);
    read_objective(*model);
    if (const auto* list = faults_.member(*model, "constraints", Kind::list, owner_)) {
      for (const JsonValue& constraint : list->items) read_constraint(constraint);
    }
    check_bounds(*model);
    return std::move(result_);
  }

 private:
  lp::Model& model() { return result_.problem.model; }

  void read_random_names(const JsonValue& value) {
    const JsonValue* list = value.find("random_variables");
    if (list == nullptr || !faults_.of_kind(*list, Kind::list, "\"random_variables\"")) return;
    for (const JsonValue& name : list->items) {
      if (!faults_.of_kind(name, Kind::text, "a random variable")) continue;
      if (!random_.emplace(name.text, result_.random_names.size()).second)
        faults_.add(name, fmt::format("the random variable \"{}\" is named twice", name.text));
      else
        result_.random_names.push_back(name.text);
    }
  }

  void read_variables(const JsonValue& value) {
    const JsonValue* list = faults_.member(value, "variables", Kind::list, owner_);
    if (list == nullptr) return;
    std::set<std::string> seen;
    for (const JsonValue& variable : list->items) {
      if (!faults_.of_kind(variable, Kind::object, "a variable")) continue;
      const JsonValue* name = faults_.member(variable, "name", Kind::text, "a variable");
      if (name == nullptr) continue;
      if (!seen.insert(name->text).second) {
        faults_.add(*name, fmt::format("the variable \"{}\" is named twice", name->text));
      } else if (!random_.contains(name->text)) {
        columns_[name->text] =
            model().add_column({.lower = -lp::infinity, .upper = lp::infinity, .name = name->text});
      }
    }
    for (const auto& [name, w] : random_) {
      if (!seen.contains(name)) {
        faults_.add(*list,
                    fmt::format("the random variable \"{}\" is not among the variables of {}", name,
                                owner_));
      }
    }
  }

  void read_states(const JsonValue& value) {
    const JsonValue* object = faults_.member(value, "state_variables", Kind::object, owner_);
    if (object == nullptr) return;
    for (const auto& [name, pair] : object->members) {
      if (std::find(states_.begin(), states_.end(), name) == states_.end())
        faults_.add(pair, fmt::format("the root has no state \"{}\"", name),
                    did_you_mean(name, states_));
    }
    for (const std::string& state : states_) {
      const JsonValue* pair = object->find(state);
      if (pair == nullptr) {
        faults_.add(*object, fmt::format("{} lacks the state \"{}\"", owner_, state));
        continue;
      }
      if (!faults_.of_kind(*pair, Kind::object, fmt::format("state \"{}\"", state))) continue;
      result_.problem.incoming.push_back(state_column(*pair, "in", state));
      result_.problem.outgoing.push_back(state_column(*pair, "out", state));
    }
  }

  std::size_t state_column(const JsonValue& pair, const char* side, const std::string& state) {
    const auto* name = faults_.member(pair, side, Kind::text, fmt::format("state \"{}\"", state));
    return name == nullptr ? 0 : column(*name).value_or(0);
  }

  std::optional<std::size_t> column(const JsonValue& name) {
    const auto found = columns_.find(name.text);
    if (found != columns_.end()) return found->second;
    if (random_.contains(name.text)) {
      faults_.add(name,
                  fmt::format("\"{}\" is a random variable; a decision is needed here", name.text));
    } else {
      faults_.add(name, fmt::format("{} has no variable \"{}\"", owner_, name.text),
                  did_you_mean(name.text, names()));
    }
    return std::nullopt;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> result = result_.random_names;
    for (const auto& [name, index] : columns_) result.push_back(name);
    return result;
  }

  double number(const JsonValue& object, const char* key, std::optional<double> otherwise,
                const char* owner) {
    if (otherwise && object.find(key) == nullptr) return *otherwise;
    const JsonValue* value = faults_.member(object, key, Kind::number, owner);
    return value == nullptr ? 0.0 : value->number;
  }

  void add_linear(Function& function, const JsonValue& name, double coefficient) {
    const auto random = random_.find(name.text);
    if (random != random_.end()) {
      function.constant.coefficients[random->second] += coefficient;
    } else if (const auto j = column(name)) {
      function.columns[*j].base += coefficient;
    }
  }

  void add_terms(Function& function, const JsonValue& list) {
    for (const JsonValue& term : list.items) {
      if (!faults_.of_kind(term, Kind::object, "a term")) continue;
      const JsonValue* name = faults_.member(term, "variable", Kind::text, "a term");
      if (name != nullptr) add_linear(function, *name, number(term, "coefficient", {}, "a term"));
    }
  }

  void add_products(Function& function, const JsonValue& list) {
    for (const JsonValue& term : list.items) {
      if (!faults_.of_kind(term, Kind::object, "a quadratic term")) continue;
      const auto* a = faults_.member(term, "variable_1", Kind::text, "a quadratic term");
      const auto* b = faults_.member(term, "variable_2", Kind::text, "a quadratic term");
      if (a == nullptr || b == nullptr) continue;
      const double coefficient = number(term, "coefficient", {}, "a quadratic term");
      const bool first = random_.contains(a->text), second = random_.contains(b->text);
      if (first == second) {
        faults_.add(term,
                    fmt::format("the product of \"{}\" and \"{}\" is not linear once the random "
                                "variables are known",
                                a->text, b->text),
                    "exactly one of the two must be a random variable");
        continue;
      }
      if (const auto j = column(first ? *b : *a)) {
        function.columns[*j].coefficients[random_.find(first ? a->text : b->text)->second] +=
            coefficient;
      }
    }
  }

  std::optional<Function> read_function(const JsonValue& value) {
    const auto* type = faults_.member(value, "type", Kind::text, "a function");
    if (type == nullptr) return std::nullopt;
    Function function;
    if (type->text == "Variable") {
      const auto* name = faults_.member(value, "name", Kind::text, "a function of type Variable");
      if (name == nullptr) return std::nullopt;
      add_linear(function, *name, 1.0);
      return function;
    }
    const bool is_quadratic = type->text == "ScalarQuadraticFunction";
    if (!is_quadratic && type->text != "ScalarAffineFunction") {
      faults_.add(*type, fmt::format("functions of type \"{}\" cannot be read", type->text),
                  "known: Variable, ScalarAffineFunction, ScalarQuadraticFunction");
      return std::nullopt;
    }
    const auto* terms =
        faults_.member(value, is_quadratic ? "affine_terms" : "terms", Kind::list, "a function");
    if (terms != nullptr) add_terms(function, *terms);
    if (is_quadratic) {
      const auto* products = faults_.member(value, "quadratic_terms", Kind::list, "a function");
      if (products != nullptr) add_products(function, *products);
    }
    function.constant.base += number(value, "constant", 0.0, "a function");
    return function;
  }

  void read_objective(const JsonValue& value) {
    const auto* objective = faults_.member(value, "objective", Kind::object, owner_);
    if (objective == nullptr) return;
    const auto* sense = faults_.member(*objective, "sense", Kind::text, "the objective");
    if (sense == nullptr) return;
    if (sense->text == "feasibility") return;
    if (sense->text != "min" && sense->text != "max") {
      faults_.add(*sense, fmt::format("unknown sense \"{}\"", sense->text), "known: min, max");
      return;
    }
    model().sense = sense->text == "min" ? lp::Sense::minimise : lp::Sense::maximise;
    const auto* terms = faults_.member(*objective, "function", Kind::object, "the objective");
    if (terms == nullptr) return;
    const auto function = read_function(*terms);
    if (!function) return;
    for (const auto& [j, cost] : function->columns) {
      model().columns[j].cost = cost.base;
      if (!cost.coefficients.empty()) result_.costs[j] = cost;
    }
    model().objective_constant = function->constant.base;
    result_.constant = function->constant;
  }

  struct Set {
    double lower = -lp::infinity, upper = lp::infinity;
    bool is_integer = false, is_known = true;
  };

  Set read_set(const JsonValue& value) {
    const auto* type = faults_.member(value, "type", Kind::text, "a set");
    if (type == nullptr) return {.is_known = false};
    const auto at = [&](const char* key) { return number(value, key, {}, "a set"); };
    if (type->text == "EqualTo") {
      const double both = at("value");
      return {.lower = both, .upper = both};
    }
    if (type->text == "GreaterThan") return {.lower = at("lower")};
    if (type->text == "LessThan") return {.upper = at("upper")};
    if (type->text == "Interval") return {.lower = at("lower"), .upper = at("upper")};
    if (type->text == "Integer") return {.is_integer = true};
    if (type->text == "ZeroOne") return {.lower = 0, .upper = 1, .is_integer = true};
    faults_.add(*type, fmt::format("sets of type \"{}\" cannot be read", type->text),
                "known: EqualTo, GreaterThan, LessThan, Interval, Integer, ZeroOne");
    return {.is_known = false};
  }

  void read_constraint(const JsonValue& value) {
    if (!faults_.of_kind(value, Kind::object, "a constraint")) return;
    const auto* terms = faults_.member(value, "function", Kind::object, "a constraint");
    const auto* range = faults_.member(value, "set", Kind::object, "a constraint");
    if (terms == nullptr || range == nullptr) return;
    const auto function = read_function(*terms);
    const Set set = read_set(*range);
    if (!function || !set.is_known) return;
    const bool is_variable = terms->find("type")->text == "Variable";
    if (is_variable && !function->columns.empty()) {
      bound_column(function->columns.begin()->first, set);
    } else if (set.is_integer) {
      faults_.add(*range, "only a single variable can be restricted to whole numbers");
    } else if (!is_variable) {
      const JsonValue* name = value.find("name");
      add_row(*function, set, name != nullptr && name->is(Kind::text) ? name->text : "");
    }
  }

  void bound_column(std::size_t j, const Set& set) {
    lp::Column& column = model().columns[j];
    column.lower = std::max(column.lower, set.lower);
    column.upper = std::min(column.upper, set.upper);
    if (set.is_integer) column.kind = lp::ColumnKind::integer;
  }

  void add_row(const Function& function, const Set& set, std::string name) {
    const double constant = function.constant.base;
    const std::size_t i = model().add_row(
        {.lower = set.lower - constant, .upper = set.upper - constant, .name = std::move(name)});
    for (const auto& [j, coefficient] : function.columns) {
      if (coefficient.base != 0.0) model().add_entry(i, j, coefficient.base);
      if (!coefficient.coefficients.empty()) result_.coefficients[{i, j}] = coefficient;
    }
    if (!function.constant.coefficients.empty()) {
      RandomNumber shift = function.constant;
      shift.base = 0.0;
      result_.rows.push_back({.row = i,
                              .lower = set.lower - constant,
                              .upper = set.upper - constant,
                              .shift = std::move(shift)});
    }
  }

  void check_bounds(const JsonValue& at) {
    for (const lp::Column& column : model().columns) {
      if (column.lower > column.upper) {
        faults_.add(at, fmt::format("the variable \"{}\" of {} must be at least {} and at most {}",
                                    column.name, owner_, column.lower, column.upper));
      }
    }
    for (const lp::Row& row : model().rows) {
      if (row.lower > row.upper)
        faults_.add(at, fmt::format("a constraint of {} must be at least {} and at most {}", owner_,
                                    row.lower, row.upper));
    }
  }

  JsonFaults& faults_;
  const std::vector<std::string>& states_;
  std::string owner_;
  Index random_, columns_;
  Subproblem result_;
};

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : faults_(text, file) {}

  std::expected<StochOptProblem, Diagnostics> read(const JsonValue& document) {
    if (faults_.of_kind(document, Kind::object, "the file")) read_parts(document);
    if (faults_.found().has_errors()) return std::unexpected(faults_.found());
    return std::move(problem_);
  }

 private:
  void read_parts(const JsonValue& document) {
    read_titles(document);
    const auto* root = faults_.member(document, "root", Kind::object, "the file");
    const auto* nodes = faults_.member(document, "nodes", Kind::object, "the file");
    const auto* subproblems = faults_.member(document, "subproblems", Kind::object, "the file");
    if (root == nullptr || nodes == nullptr || subproblems == nullptr) return;
    for (const auto& [name, value] : nodes->members) node_index_.emplace(name, node_index_.size());
    read_root(*root);
    for (const auto& [name, value] : subproblems->members) {
      subproblems_.emplace(name,
                           SubproblemReader(faults_, problem_.graph.state_names, name).read(value));
    }
    for (const auto& [name, value] : nodes->members) read_node(name, value);
    number_stages();
    if (const JsonValue* scenarios = document.find("validation_scenarios")) {
      if (faults_.of_kind(*scenarios, Kind::list, "\"validation_scenarios\"")) {
        for (const JsonValue& scenario : scenarios->items) read_scenario(scenario);
      }
    }
    if (!faults_.found().has_errors()) check_whole(document);
  }

  void check_whole(const JsonValue& document) {
    try {
      problem_.graph.check();
    } catch (const InvalidInput& fault) {
      faults_.add(document, fault.what());
    }
  }

  void read_titles(const JsonValue& document) {
    const auto text = [&](const char* key) {
      const JsonValue* value = document.find(key);
      return value != nullptr && value->is(Kind::text) ? value->text : std::string();
    };
    problem_.name = text("name");
    problem_.author = text("author");
    problem_.date = text("date");
    problem_.description = text("description");
    const auto* version = faults_.member(document, "version", Kind::object, "the file");
    if (version == nullptr) return;
    const auto* major = faults_.member(*version, "major", Kind::number, "the version");
    if (major != nullptr && major->number != 1.0) {
      faults_.add(*major, fmt::format("this is version {} of StochOptFormat", major->number),
                  "version 1 can be read");
    }
  }

  std::vector<Arc> read_arcs(const JsonValue& object, std::string_view owner) {
    std::vector<Arc> arcs;
    const JsonValue* successors = object.find("successors");
    if (successors == nullptr || !faults_.of_kind(*successors, Kind::object, "\"successors\""))
      return arcs;
    double sum = 0.0;
    for (const auto& [name, probability] : successors->members) {
      const auto child = node_index_.find(name);
      if (child == node_index_.end()) {
        faults_.add(probability,
                    fmt::format("{} leads to \"{}\", which is not a node", owner, name),
                    did_you_mean(name, node_names()));
      } else if (is_probability(probability, owner)) {
        arcs.push_back({.child = child->second, .probability = probability.number});
        sum += probability.number;
      }
    }
    if (sum > 1.0 + 1e-6) {
      faults_.add(*successors,
                  fmt::format("the probabilities of the successors of {} sum to {}", owner, sum),
                  "at most 1");
    }
    return scaled_to_one(std::move(arcs), sum);
  }

  // Decimal fractions such as three times 0.333333 are meant to be certain: what is within 1e-6 of
  // 1 is divided by its sum.
  static std::vector<Arc> scaled_to_one(std::vector<Arc> arcs, double sum) {
    if (std::abs(sum - 1.0) <= 1e-6) {
      for (Arc& arc : arcs) arc.probability /= sum;
    }
    return arcs;
  }

  bool is_probability(const JsonValue& value, std::string_view owner) {
    if (!faults_.of_kind(value, Kind::number, fmt::format("a probability of {}", owner)))
      return false;
    if (value.number >= 0.0 && value.number <= 1.0) return true;
    faults_.add(value, fmt::format("a probability of {} is {}", owner, value.number),
                "a probability lies between 0 and 1");
    return false;
  }

  std::vector<std::string> node_names() const {
    std::vector<std::string> names;
    for (const auto& [name, index] : node_index_) names.push_back(name);
    return names;
  }

  void read_root(const JsonValue& root) {
    const auto* states = faults_.member(root, "state_variables", Kind::object, "the root");
    if (states != nullptr) {
      for (const auto& [name, value] : states->members) {
        if (!faults_.of_kind(value, Kind::number, fmt::format("the initial value of \"{}\"", name)))
          continue;
        problem_.graph.state_names.push_back(name);
        problem_.graph.initial_state.push_back(value.number);
      }
    }
    problem_.graph.root = read_arcs(root, "the root");
    double sum = 0.0;
    for (const Arc& arc : problem_.graph.root) sum += arc.probability;
    if (std::abs(sum - 1.0) > 1e-6) {
      faults_.add(root, fmt::format("the probabilities of the root's successors sum to {}", sum),
                  "they must sum to 1");
    }
  }

  void read_node(const std::string& name, const JsonValue& value) {
    const std::string owner = fmt::format("node \"{}\"", name);
    Node& node = problem_.graph.nodes.emplace_back();
    node.name = name;
    node_subproblem_.push_back(nullptr);
    if (!faults_.of_kind(value, Kind::object, owner)) return;
    node.arcs = read_arcs(value, owner);
    const auto* subproblem = faults_.member(value, "subproblem", Kind::text, owner);
    if (subproblem == nullptr) return;
    const auto found = subproblems_.find(subproblem->text);
    if (found == subproblems_.end()) {
      std::vector<std::string> known;
      for (const auto& [title, s] : subproblems_) known.push_back(title);
      faults_.add(*subproblem, fmt::format("there is no subproblem \"{}\"", subproblem->text),
                  did_you_mean(subproblem->text, known));
      return;
    }
    node_subproblem_.back() = &found->second;
    node.problem = found->second.problem;
    read_realizations(node, value, owner);
  }

  void read_realizations(Node& node, const JsonValue& value, const std::string& owner) {
    const Subproblem& subproblem = *node_subproblem_.back();
    const JsonValue* list = value.find("realizations");
    if (list != nullptr && !faults_.of_kind(*list, Kind::list, "\"realizations\"")) return;
    if (list == nullptr || list->items.empty()) {
      if (!subproblem.random_names.empty()) {
        faults_.add(value, fmt::format("{} has random variables but no realizations", owner));
      }
      return;
    }
    double sum = 0.0;
    for (const JsonValue& item : list->items) {
      if (!faults_.of_kind(item, Kind::object, "a realization")) continue;
      const auto* probability = faults_.member(item, "probability", Kind::number, "a realization");
      if (probability == nullptr || !is_probability(*probability, owner)) continue;
      sum += probability->number;
      node.noise.push_back(
          {.probability = probability->number,
           .changes = changes_at(subproblem, read_support(item, subproblem, owner)),
           .name = {}});
    }
    if (std::abs(sum - 1.0) > 1e-6) {
      faults_.add(*list,
                  fmt::format("the probabilities of the realizations of {} sum to {}", owner, sum),
                  "they must sum to 1");
    }
    for (Realization& realization : node.noise) realization.probability /= sum;
  }

  std::vector<double> read_support(const JsonValue& item, const Subproblem& subproblem,
                                   const std::string& owner) {
    std::vector<double> values(subproblem.random_names.size(), 0.0);
    const JsonValue* support = item.find("support");
    if (support == nullptr && values.empty()) return values;
    support = faults_.member(item, "support", Kind::object, "a realization of " + owner);
    if (support == nullptr) return values;
    for (const auto& [name, value] : support->members) {
      const auto& names = subproblem.random_names;
      const auto found = std::find(names.begin(), names.end(), name);
      if (found == names.end()) {
        faults_.add(value, fmt::format("{} has no random variable \"{}\"", owner, name),
                    did_you_mean(name, names));
      } else if (faults_.of_kind(value, Kind::number, fmt::format("the value of \"{}\"", name))) {
        values[static_cast<std::size_t>(found - names.begin())] = value.number;
      }
    }
    for (const std::string& name : subproblem.random_names) {
      if (support->find(name) == nullptr)
        faults_.add(*support, fmt::format("the random variable \"{}\" has no value here", name));
    }
    return values;
  }

  void read_scenario(const JsonValue& list) {
    if (!faults_.of_kind(list, Kind::list, "a validation scenario")) return;
    std::vector<Visit> scenario;
    for (const JsonValue& step : list.items) {
      if (!faults_.of_kind(step, Kind::object, "a step of a validation scenario")) continue;
      const auto* name =
          faults_.member(step, "node", Kind::text, "a step of a validation scenario");
      if (name == nullptr) continue;
      const auto node = node_index_.find(name->text);
      if (node == node_index_.end()) {
        faults_.add(*name, fmt::format("there is no node \"{}\"", name->text),
                    did_you_mean(name->text, node_names()));
        continue;
      }
      const Subproblem* subproblem = node_subproblem_[node->second];
      if (subproblem == nullptr) continue;
      const auto values = read_support(step, *subproblem, fmt::format("node \"{}\"", name->text));
      scenario.push_back(
          {.node = node->second, .outcome = {.changes = changes_at(*subproblem, values)}});
    }
    problem_.validation_scenarios.push_back(std::move(scenario));
  }

  // The format has no stages: a node's is one more than the fewest arcs that lead to it.
  void number_stages() {
    auto& nodes = problem_.graph.nodes;
    for (Node& node : nodes) node.stage = 0;
    std::vector<std::size_t> reached;
    const auto visit = [&](const std::vector<Arc>& arcs, int stage) {
      for (const Arc& arc : arcs) {
        if (nodes[arc.child].stage != 0) continue;
        nodes[arc.child].stage = stage;
        reached.push_back(arc.child);
      }
    };
    visit(problem_.graph.root, 1);
    for (std::size_t i = 0; i < reached.size(); ++i)
      visit(nodes[reached[i]].arcs, nodes[reached[i]].stage + 1);
    for (Node& node : nodes) node.stage = std::max(node.stage, 1);
  }

  JsonFaults faults_;
  StochOptProblem problem_;
  Index node_index_;
  std::map<std::string, Subproblem, std::less<>> subproblems_;
  std::vector<const Subproblem*> node_subproblem_;  // [node]; into subproblems_
};

// --- writing ---

// Writes one node's stage problem, and its noise as random variables named w0, w1, ...
class NodeWriter {
 public:
  NodeWriter(const PolicyGraph& graph, std::size_t node) : graph_(graph), node_(graph.nodes[node]) {
    name_columns();
    gather_noise();
  }

  std::string subproblem() const {
    std::string states, variables;
    for (std::size_t k = 0; k < graph_.state_names.size(); ++k) {
      states +=
          fmt::format("{}{}: {{\"in\": {}, \"out\": {}}}", k > 0 ? ", " : "",
                      json_quoted(graph_.state_names[k]),
                      json_quoted(names_[node_.problem.incoming[k]]), json_quoted(out_name(k)));
    }
    const auto add_variable = [&](const std::string& name) {
      variables +=
          fmt::format("{}{{\"name\": {}}}", variables.empty() ? "" : ", ", json_quoted(name));
    };
    for (const std::string& name : names_) add_variable(name);
    for (std::size_t k = 0; k < graph_.state_names.size(); ++k) {
      if (passes_through(k)) add_variable(out_name(k));
    }
    std::string random;
    for (std::size_t w = 0; w < numbers_.size(); ++w) {
      add_variable(random_name(w));
      random += fmt::format("{}{}", w > 0 ? ", " : "", json_quoted(random_name(w)));
    }
    return fmt::format(
        "{{\n      \"state_variables\": {{{}}},\n      \"random_variables\": [{}],\n"
        "      \"subproblem\": {{\n        \"version\": {{\"major\": 1, \"minor\": 2}},\n"
        "        \"variables\": [{}],\n        \"objective\": {},\n        \"constraints\": [{}]\n"
        "      }}\n    }}",
        states, random, variables, objective(), constraints());
  }

  std::string realizations() const {
    std::string text;
    for (const Realization& realization : node_.noise) {
      text += fmt::format("{}\n        {{\"probability\": {}, \"support\": {{{}}}}}",
                          text.empty() ? "" : ",", json_number(realization.probability),
                          support(realization));
    }
    return text;
  }

  // The values of all random variables under one realisation: the template's where it says nothing.
  std::string support(const Realization& realization) const {
    std::map<Number, double> values = numbers_in(realization);
    std::string text;
    for (std::size_t w = 0; w < numbers_.size(); ++w) {
      const auto found = values.find(numbers_[w]);
      const double value = found == values.end() ? base(numbers_[w]) : found->second;
      if (!std::isfinite(value)) {
        throw InvalidInput(fmt::format(
            "the noise of node \"{}\" sets a bound to infinity, which StochOptFormat cannot say",
            node_.name));
      }
      text += fmt::format("{}{}: {}", w > 0 ? ", " : "", json_quoted(random_name(w)),
                          json_number(value));
    }
    return text;
  }

 private:
  using What = Change::What;
  struct Number {  // one number that noise sets; "both" is split into lower and upper
    What what;
    std::size_t row, column;
    auto operator<=>(const Number&) const = default;
  };

  void name_columns() {
    std::set<std::string> seen;
    const auto& columns = node_.problem.model.columns;
    for (std::size_t j = 0; j < columns.size(); ++j) {
      std::string name = columns[j].name;
      if (name.empty() || seen.contains(name)) name = fmt::format("{}#{}", name, j);
      while (!seen.insert(name).second) name += "'";
      names_.push_back(name);
    }
    for (prefix_ = "w"; std::any_of(seen.begin(), seen.end(),
                                    [&](const std::string& n) { return n.starts_with(prefix_); });)
      prefix_ += "_";
  }

  static std::map<Number, double> numbers_in(const Realization& realization) {
    std::map<Number, double> values;
    for (const Change& c : realization.changes) {
      switch (c.what) {
        case What::row_both:
          values[{What::row_lower, c.row, 0}] = values[{What::row_upper, c.row, 0}] = c.value;
          break;
        case What::column_both:
          values[{What::column_lower, 0, c.column}] = values[{What::column_upper, 0, c.column}] =
              c.value;
          break;
        case What::row_lower:
        case What::row_upper:
          values[{c.what, c.row, 0}] = c.value;
          break;
        case What::column_lower:
        case What::column_upper:
        case What::cost:
          values[{c.what, 0, c.column}] = c.value;
          break;
        case What::coefficient:
          values[{c.what, c.row, c.column}] = c.value;
          break;
        case What::objective_constant:
          values[{c.what, 0, 0}] = c.value;
          break;
      }
    }
    return values;
  }

  void gather_noise() {
    std::set<Number> all;
    for (const Realization& realization : node_.noise) {
      for (const auto& [number, value] : numbers_in(realization)) all.insert(number);
    }
    numbers_.assign(all.begin(), all.end());
  }

  double base(const Number& n) const {
    const lp::Model& m = node_.problem.model;
    switch (n.what) {
      case What::row_lower:
        return m.rows[n.row].lower;
      case What::row_upper:
        return m.rows[n.row].upper;
      case What::column_lower:
        return m.columns[n.column].lower;
      case What::column_upper:
        return m.columns[n.column].upper;
      case What::cost:
        return m.columns[n.column].cost;
      case What::objective_constant:
        return m.objective_constant;
      default:
        break;
    }
    double sum = 0.0;
    for (const lp::Entry& e : m.entries)
      sum += e.row == n.row && e.column == n.column ? e.value : 0.0;
    return sum;
  }

  std::optional<std::size_t> random(What what, std::size_t row, std::size_t column) const {
    const auto found = std::find(numbers_.begin(), numbers_.end(), Number{what, row, column});
    if (found == numbers_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - numbers_.begin());
  }

  std::string random_name(std::size_t w) const { return fmt::format("{}{}", prefix_, w); }
  bool passes_through(std::size_t k) const {
    const auto& in = node_.problem.incoming;
    return std::find(in.begin(), in.end(), node_.problem.outgoing[k]) != in.end();
  }
  // The format wants two variables for a state that goes through as one column.
  std::string out_name(std::size_t k) const {
    const std::string& name = names_[node_.problem.outgoing[k]];
    return passes_through(k) ? fmt::format("{}_out{}", name, k) : name;
  }

  static std::string term(const std::string& name, double coefficient) {
    return fmt::format("{{\"variable\": {}, \"coefficient\": {}}}", json_quoted(name),
                       json_number(coefficient));
  }

  static std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    return text;
  }

  std::string product(std::size_t w, const std::string& name) const {
    return fmt::format("{{\"variable_1\": {}, \"variable_2\": {}, \"coefficient\": 1}}",
                       json_quoted(random_name(w)), json_quoted(name));
  }

  static std::string function(const std::vector<std::string>& terms,
                              const std::vector<std::string>& products, double constant) {
    if (products.empty()) {
      return fmt::format(
          "{{\"type\": \"ScalarAffineFunction\", \"terms\": [{}], \"constant\": {}}}",
          joined(terms), json_number(constant));
    }
    return fmt::format(
        "{{\"type\": \"ScalarQuadraticFunction\", \"affine_terms\": [{}], \"quadratic_terms\": "
        "[{}], "
        "\"constant\": {}}}",
        joined(terms), joined(products), json_number(constant));
  }

  std::string objective() const {
    const lp::Model& model = node_.problem.model;
    std::vector<std::string> terms, products;
    for (std::size_t j = 0; j < names_.size(); ++j) {
      if (const auto w = random(What::cost, 0, j)) {
        products.push_back(product(*w, names_[j]));
      } else if (model.columns[j].cost != 0.0) {
        terms.push_back(term(names_[j], model.columns[j].cost));
      }
    }
    const auto constant = random(What::objective_constant, 0, 0);
    if (constant) terms.push_back(term(random_name(*constant), 1.0));
    return fmt::format("{{\"sense\": \"{}\", \"function\": {}}}",
                       model.sense == lp::Sense::minimise ? "min" : "max",
                       function(terms, products, constant ? 0.0 : model.objective_constant));
  }

  static void add_constraint(std::string& text, const std::string& function, const std::string& set,
                             const std::string& name = {}) {
    text += fmt::format(
        "{}\n          {{{}\"function\": {}, \"set\": {}}}", text.empty() ? "" : ",",
        name.empty() ? "" : fmt::format("\"name\": {}, ", json_quoted(name)), function, set);
  }

  static std::string set_of(double lower, double upper) {
    if (lower == upper)
      return fmt::format("{{\"type\": \"EqualTo\", \"value\": {}}}", json_number(lower));
    if (!std::isfinite(upper))
      return fmt::format("{{\"type\": \"GreaterThan\", \"lower\": {}}}", json_number(lower));
    if (!std::isfinite(lower))
      return fmt::format("{{\"type\": \"LessThan\", \"upper\": {}}}", json_number(upper));
    return fmt::format("{{\"type\": \"Interval\", \"lower\": {}, \"upper\": {}}}",
                       json_number(lower), json_number(upper));
  }

  // lower <= terms <= upper, where noise may set either side.
  void add_range(std::string& text, std::vector<std::string> terms,
                 const std::vector<std::string>& products, double lower, double upper,
                 std::optional<std::size_t> random_lower, std::optional<std::size_t> random_upper,
                 const std::string& name) const {
    const auto less = [&](std::size_t w) {
      std::vector<std::string> shifted = terms;
      shifted.push_back(term(random_name(w), -1.0));
      return function(shifted, products, 0.0);
    };
    if (random_lower) {
      add_constraint(text, less(*random_lower), set_of(0, lp::infinity), name);
      lower = -lp::infinity;
    }
    if (random_upper) {
      add_constraint(text, less(*random_upper), set_of(-lp::infinity, 0), name);
      upper = lp::infinity;
    }
    if (std::isfinite(lower) || std::isfinite(upper))
      add_constraint(text, function(terms, products, 0.0), set_of(lower, upper), name);
  }

  std::string constraints() const {
    const lp::Model& model = node_.problem.model;
    std::string text;
    std::vector<std::vector<std::string>> terms(model.rows.size()), products(model.rows.size());
    for (const lp::Entry& e : model.entries) {
      if (!random(What::coefficient, e.row, e.column))
        terms[e.row].push_back(term(names_[e.column], e.value));
    }
    for (std::size_t w = 0; w < numbers_.size(); ++w) {
      if (numbers_[w].what == What::coefficient)
        products[numbers_[w].row].push_back(product(w, names_[numbers_[w].column]));
    }
    for (std::size_t i = 0; i < model.rows.size(); ++i) {
      add_range(text, terms[i], products[i], model.rows[i].lower, model.rows[i].upper,
                random(What::row_lower, i, 0), random(What::row_upper, i, 0), model.rows[i].name);
    }
    const auto& incoming = node_.problem.incoming;
    for (std::size_t j = 0; j < names_.size(); ++j) {
      if (std::find(incoming.begin(), incoming.end(), j) != incoming.end()) continue;
      add_column_bounds(text, j);
    }
    for (std::size_t k = 0; k < graph_.state_names.size(); ++k) {
      if (!passes_through(k)) continue;
      add_constraint(
          text,
          function({term(out_name(k), 1), term(names_[node_.problem.outgoing[k]], -1)}, {}, 0),
          set_of(0, 0));
    }
    return text;
  }

  void add_column_bounds(std::string& text, std::size_t j) const {
    const lp::Column& column = node_.problem.model.columns[j];
    const std::string variable =
        fmt::format("{{\"type\": \"Variable\", \"name\": {}}}", json_quoted(names_[j]));
    const auto lower = random(What::column_lower, 0, j), upper = random(What::column_upper, 0, j);
    if (lower || upper) {
      add_range(text, {term(names_[j], 1.0)}, {}, column.lower, column.upper, lower, upper, "");
    } else if (std::isfinite(column.lower) || std::isfinite(column.upper)) {
      add_constraint(text, variable, set_of(column.lower, column.upper));
    }
    if (column.kind == lp::ColumnKind::integer)
      add_constraint(text, variable, "{\"type\": \"Integer\"}");
  }

  const PolicyGraph& graph_;
  const Node& node_;
  std::vector<std::string> names_;  // [column]
  std::string prefix_;              // of random variables: no column starts with it
  std::vector<Number> numbers_;     // [random variable]
};

std::string node_title(const PolicyGraph& graph, std::size_t n) {
  // Names must be there and differ; the index makes sure of both where they do not.
  const std::string& name = graph.nodes[n].name;
  const bool is_unique = std::count_if(graph.nodes.begin(), graph.nodes.end(),
                                       [&](const Node& node) { return node.name == name; }) == 1;
  return name.empty() || !is_unique ? fmt::format("{}#{}", name, n) : name;
}

std::string written_arcs(const std::vector<std::string>& titles, const std::vector<Arc>& arcs) {
  std::map<std::size_t, double> by_child;  // parallel arcs become one: a key stands once
  for (const Arc& arc : arcs) by_child[arc.child] += arc.probability;
  std::string text;
  for (const auto& [child, probability] : by_child) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", json_quoted(titles[child]),
                        json_number(std::min(1.0, probability)));
  }
  return text;
}

}  // namespace

std::expected<StochOptProblem, Diagnostics> read_stoch_opt_format(std::string_view text,
                                                                  const std::string& file) {
  const auto document = parse_json(text, file);
  if (!document) return std::unexpected(document.error());
  return Reader(text, file).read(*document);
}

std::string write_stoch_opt_format(const StochOptProblem& problem) {
  const PolicyGraph& graph = problem.graph;
  std::vector<std::string> titles;
  std::vector<NodeWriter> writers;
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    titles.push_back(node_title(graph, n));
    writers.emplace_back(graph, n);
  }
  std::string text = "{\n";
  for (const auto& [key, value] :
       {std::pair{"name", &problem.name}, std::pair{"author", &problem.author},
        std::pair{"date", &problem.date}, std::pair{"description", &problem.description}}) {
    if (!value->empty()) text += fmt::format("  \"{}\": {},\n", key, json_quoted(*value));
  }
  std::string states, nodes, subproblems, scenarios;
  for (std::size_t k = 0; k < graph.state_names.size(); ++k) {
    states += fmt::format("{}{}: {}", k > 0 ? ", " : "", json_quoted(graph.state_names[k]),
                          json_number(graph.initial_state[k]));
  }
  for (std::size_t n = 0; n < graph.nodes.size(); ++n) {
    const std::string title = json_quoted(titles[n]);
    nodes += fmt::format(
        "{}    {}: {{\n      \"subproblem\": {},\n      \"realizations\": [{}],\n"
        "      \"successors\": {{{}}}\n    }}",
        n > 0 ? ",\n" : "", title, title, writers[n].realizations(),
        written_arcs(titles, graph.nodes[n].arcs));
    subproblems += fmt::format("{}    {}: {}", n > 0 ? ",\n" : "", title, writers[n].subproblem());
  }
  for (const auto& scenario : problem.validation_scenarios) {
    std::string steps;
    for (const Visit& visit : scenario) {
      steps +=
          fmt::format("{}\n      {{\"node\": {}, \"support\": {{{}}}}}", steps.empty() ? "" : ",",
                      json_quoted(titles[visit.node]), writers[visit.node].support(visit.outcome));
    }
    scenarios += fmt::format("{}    [{}]", scenarios.empty() ? "" : ",\n", steps);
  }
  text += fmt::format(
      "  \"version\": {{\"major\": 1, \"minor\": 0}},\n  \"root\": {{\n"
      "    \"state_variables\": {{{}}},\n    \"successors\": {{{}}}\n  }},\n"
      "  \"nodes\": {{\n{}\n  }},\n  \"subproblems\": {{\n{}\n  }},\n"
      "  \"validation_scenarios\": [\n{}\n  ]\n}}\n",
      states, written_arcs(titles, graph.root), nodes, subproblems, scenarios);
  return text;
}

}  // namespace vorrat::program
