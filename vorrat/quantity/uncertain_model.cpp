#include "vorrat/quantity/uncertain_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/parallel.h"
#include "vorrat/base/random.h"

namespace vorrat {
namespace {

using Kind = Expression::Kind;

constexpr std::size_t block_size = 256;  // draws computed together, so that each step vectorises
constexpr std::size_t draws_for_drivers = 20000;

enum class Op {
  add,
  subtract,
  multiply,
  divide,
  minimum,
  maximum,
  negate,
  absolute,
  root,
  exponential,
  logarithm
};

struct Step {
  Op op;
  std::size_t result, a, b;
};

// Straight-line code over registers, each of block_size doubles.
struct Program {
  std::vector<std::pair<std::size_t, double>> constants;    // register, value
  std::vector<std::pair<std::size_t, std::size_t>> inputs;  // register, input
  std::vector<Step> steps;
  std::size_t register_count = 0;
};

template <class Function>
void apply(double* result, const double* a, const double* b, const Function& function) {
  for (std::size_t i = 0; i < block_size; ++i) result[i] = function(a[i], b[i]);
}

void execute(const Step& step, double* registers) {
  double* r = registers + step.result * block_size;
  const double* a = registers + step.a * block_size;
  const double* b = registers + step.b * block_size;
  switch (step.op) {
    case Op::add:
      return apply(r, a, b, [](double x, double y) { return x + y; });
    case Op::subtract:
      return apply(r, a, b, [](double x, double y) { return x - y; });
    case Op::multiply:
      return apply(r, a, b, [](double x, double y) { return x * y; });
    case Op::divide:
      return apply(r, a, b, [](double x, double y) { return x / y; });
    case Op::minimum:
      return apply(r, a, b, [](double x, double y) { return std::min(x, y); });
    case Op::maximum:
      return apply(r, a, b, [](double x, double y) { return std::max(x, y); });
    case Op::negate:
      return apply(r, a, b, [](double x, double) { return -x; });
    case Op::absolute:
      return apply(r, a, b, [](double x, double) { return std::abs(x); });
    case Op::root:
      return apply(r, a, b, [](double x, double) { return std::sqrt(x); });
    case Op::exponential:
      return apply(r, a, b, [](double x, double) { return std::exp(x); });
    case Op::logarithm:
      return apply(r, a, b, [](double x, double) { return std::log(x); });
  }
}

// Direction numbers of the first dimensions of the Sobol sequence: degree, coefficients, initial
// numbers. Source: Joe, Kuo, "Constructing Sobol sequences with better two-dimensional projections"
// (2008), table new-joe-kuo-6.
struct SobolRow {
  int degree;
  unsigned coefficients;
  std::array<unsigned, 7> initial;
};
constexpr std::array sobol_rows = std::to_array<SobolRow>({{1, 0, {1}},
                                                           {2, 1, {1, 3}},
                                                           {3, 1, {1, 3, 1}},
                                                           {3, 2, {1, 1, 1}},
                                                           {4, 1, {1, 1, 3, 3}},
                                                           {4, 4, {1, 3, 5, 13}},
                                                           {5, 2, {1, 1, 5, 5, 17}},
                                                           {5, 4, {1, 1, 5, 5, 5}},
                                                           {5, 7, {1, 1, 7, 11, 19}},
                                                           {5, 11, {1, 1, 5, 1, 1}},
                                                           {5, 13, {1, 1, 1, 3, 11}},
                                                           {5, 14, {1, 3, 5, 5, 31}},
                                                           {6, 1, {1, 3, 3, 9, 7, 49}},
                                                           {6, 13, {1, 1, 1, 15, 21, 21}},
                                                           {6, 16, {1, 3, 1, 13, 27, 49}},
                                                           {6, 19, {1, 1, 1, 15, 7, 5}},
                                                           {6, 22, {1, 3, 1, 15, 13, 25}},
                                                           {6, 25, {1, 1, 5, 5, 19, 61}},
                                                           {7, 1, {1, 3, 7, 11, 23, 15, 103}},
                                                           {7, 4, {1, 3, 7, 13, 13, 15, 69}}});
constexpr std::size_t sobol_dimensions = sobol_rows.size() + 1;

std::array<std::uint32_t, 32> sobol_directions(std::size_t dimension) {
  std::array<std::uint32_t, 32> v{};
  if (dimension == 0) {
    for (std::size_t k = 0; k < 32; ++k) v[k] = 1U << (31 - k);
    return v;
  }
  const SobolRow& row = sobol_rows[dimension - 1];
  const auto s = static_cast<std::size_t>(row.degree);
  for (std::size_t k = 0; k < 32; ++k) {
    if (k < s) {
      v[k] = row.initial[k] << (31 - k);
      continue;
    }
    v[k] = v[k - s] ^ (v[k - s] >> s);
    for (std::size_t i = 1; i < s; ++i) {
      if ((row.coefficients >> (s - 1 - i)) & 1U) v[k] ^= v[k - i];
    }
  }
  return v;
}

// The uniform draws of one input.
class InputStream {
 public:
  InputStream(const std::string& name, std::size_t place, const ModelOptions& options)
      : stream_(options.seed, name), sampling_(options.sampling), draws_(options.draws) {
    if (sampling_ == Sampling::sobol && place < sobol_dimensions) {
      directions_ = sobol_directions(place);
    } else if (sampling_ == Sampling::sobol) {
      sampling_ = Sampling::random;
    } else if (sampling_ == Sampling::latin_hypercube) {
      slices_.resize(draws_);
      std::iota(slices_.begin(), slices_.end(), 0U);
      for (std::size_t i = draws_; i > 1; --i) {  // Fisher and Yates
        std::swap(slices_[i - 1], slices_[stream_.bits(i, 1) % i]);
      }
    }
  }

  double uniform(std::size_t draw) const {
    if (sampling_ == Sampling::random) return stream_.uniform(draw);
    if (sampling_ == Sampling::latin_hypercube) {
      return (slices_[draw] + stream_.uniform(draw)) / static_cast<double>(draws_);
    }
    std::uint32_t point = static_cast<std::uint32_t>(stream_.bits(0, 2) >> 32);  // digital shift
    const std::size_t gray = draw ^ (draw >> 1);
    for (std::size_t k = 0; k < 32; ++k) {
      if ((gray >> k) & 1U) point ^= directions_[k];
    }
    return (point + 0.5) * 0x1p-32;
  }

 private:
  RandomStream stream_;
  Sampling sampling_;
  std::size_t draws_;
  std::vector<std::uint32_t> slices_;
  std::array<std::uint32_t, 32> directions_{};
};

double from_normal(const Distribution& distribution, double z) {
  if (const auto direct = distribution.from_normal(z)) return *direct;
  constexpr double edge = 0x1p-53;
  return distribution.quantile(std::clamp(normal_cumulative(z), edge, 1 - edge));
}

double interpolated(const std::vector<double>& sorted, double probability) {
  const double at = probability * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace

// Turns formulas into a Program and runs it.
class ModelCompiler {
 public:
  ModelCompiler(const UncertainModel& model, const ModelOptions& options)
      : model_(model), options_(options) {
    needs(options.draws >= 2, "draws >= 2");
  }

  struct Value {
    std::size_t at = 0;  // register
    AnyQuantity kind;    // value 1
    std::optional<double> constant;
  };

  Value compile_name(const std::string& name, const Expression* asked_at) {
    if (const auto known = values_.find(name); known != values_.end()) return known->second;
    Value value;
    if (const auto input = model_.input_index_.find(name); input != model_.input_index_.end()) {
      value = compile_input(input->second);
    } else if (const auto formula = model_.formulas_.find(name);
               formula != model_.formulas_.end()) {
      if (!open_.insert(name).second) {
        throw FormulaFault{name,
                           {formula->second.position, formula->second.width,
                            fmt::format("\"{}\" depends on itself", name), "break the circle"}};
      }
      try {
        value = compile(formula->second);
      } catch (const TextFault& fault) {
        throw FormulaFault{name, fault};
      }
      open_.erase(name);
    } else {
      refuse_name(name, asked_at);
    }
    values_[name] = value;
    return value;
  }

  std::vector<std::vector<double>> draw(const std::vector<Value>& wanted,
                                        std::vector<std::vector<double>>* input_draws);

  const Program& program() const { return program_; }

 private:
  [[noreturn]] void refuse_name(const std::string& name, const Expression* at) {
    std::vector<std::string> known = model_.input_names_;
    for (const auto& [formula, expression] : model_.formulas_) known.push_back(formula);
    const TextFault fault{at ? at->position : 0, at ? at->width : 1,
                          fmt::format("there is no \"{}\"", name), did_you_mean(name, known)};
    if (at) throw fault;
    throw FormulaFault{name, fault};
  }

  std::size_t new_register() { return program_.register_count++; }

  Value constant(double value, AnyQuantity kind) {
    kind.value = 1;
    const std::size_t at = new_register();
    program_.constants.emplace_back(at, value);
    return {.at = at, .kind = kind, .constant = value};
  }

  Value compile_input(std::size_t index) {
    const Uncertain& input = model_.inputs_[index];
    if (input.is_certain()) return constant(input.distribution().mean(), input.kind());
    const std::size_t at = new_register();
    program_.inputs.emplace_back(at, index);
    return {.at = at, .kind = input.kind(), .constant = std::nullopt};
  }

  Value step(Op op, const Value& a, const Value& b, AnyQuantity kind) {
    kind.value = 1;
    const std::size_t at = new_register();
    if (a.constant && b.constant) {
      std::vector<double> registers(3 * block_size);
      std::fill_n(registers.begin() + block_size, block_size, *a.constant);
      std::fill_n(registers.begin() + 2 * block_size, block_size, *b.constant);
      execute({op, 0, 1, 2}, registers.data());
      program_.constants.emplace_back(at, registers[0]);
      return {.at = at, .kind = kind, .constant = registers[0]};
    }
    program_.steps.push_back({op, at, a.at, b.at});
    return {.at = at, .kind = kind, .constant = std::nullopt};
  }

  static AnyQuantity common_kind(const AnyQuantity& a, const AnyQuantity& b, const char* verb) {
    if (same_kind(a, b)) return a;
    if (a.dimension == b.dimension) return verb[0] == 's' ? a - b : a + b;  // throws on currencies
    throw InvalidInput(fmt::format("cannot {} {} and {}", verb, name_with_article(a.dimension),
                                   name_with_article(b.dimension)));
  }

  Value compile(const Expression& e) {
    if (e.kind == Kind::quantity) return constant(e.quantity.value, e.quantity);
    if (e.kind == Kind::name) return compile_name(full_name(e), &e);
    if (e.kind == Kind::filter) {
      throw TextFault{e.position, e.width, "a filter stands outside of the sum of a table",
                      "write sum(table.column, quarter = 2026Q1)"};
    }
    if (e.kind == Kind::call && (e.name == "median" || e.name == "mean" || e.name == "quantile")) {
      return statistic(e);
    }
    std::vector<Value> v;
    for (const Expression& operand : e.operands) v.push_back(compile(operand));
    try {
      return combine(e, v);
    } catch (const InvalidInput& fault) {
      throw TextFault{e.position, std::max(1, e.width), fault.what(), "bring both to one kind"};
    }
  }

  Value combine(const Expression& e, const std::vector<Value>& v) {
    switch (e.kind) {
      case Kind::add:
        return step(Op::add, v[0], v[1], common_kind(v[0].kind, v[1].kind, "add"));
      case Kind::subtract:
        return step(Op::subtract, v[0], v[1], common_kind(v[0].kind, v[1].kind, "subtract"));
      case Kind::multiply:
        return step(Op::multiply, v[0], v[1], v[0].kind * v[1].kind);
      case Kind::divide:
        if (v[1].constant && *v[1].constant == 0) throw InvalidInput("a division by zero");
        return step(Op::divide, v[0], v[1], v[0].kind / v[1].kind);
      case Kind::negate:
        return step(Op::negate, v[0], v[0], v[0].kind);
      case Kind::power:
        return power(v[0], e.exponent);
      default:
        return call(e, v);
    }
  }

  Value power(const Value& base, int exponent) {
    Value result = constant(1, {});
    for (int i = 0; i < std::abs(exponent); ++i) {
      result = exponent > 0 ? step(Op::multiply, result, base, result.kind * base.kind)
                            : step(Op::divide, result, base, result.kind / base.kind);
    }
    return result;
  }

  Value call(const Expression& e, const std::vector<Value>& v) {
    if (e.name == "sum" || e.name == "mean_of" || e.name == "min" || e.name == "max") {
      const Op op = e.name == "min" ? Op::minimum : e.name == "max" ? Op::maximum : Op::add;
      Value result = v[0];
      for (std::size_t i = 1; i < v.size(); ++i) {
        result = step(op, result, v[i], common_kind(result.kind, v[i].kind, "add"));
      }
      if (e.name != "mean_of") return result;
      return step(Op::divide, result, constant(static_cast<double>(v.size()), {}), result.kind);
    }
    // The kind of the result and faults are those of plain values; a value of 1 is in every domain.
    const AnyQuantity kind =
        evaluate(Expression{.kind = Kind::call,
                            .name = e.name,
                            .operands = {Expression{.kind = Kind::quantity, .quantity = v[0].kind}},
                            .position = e.position,
                            .width = e.width},
                 [](const Expression&) { return AnyQuantity{}; });
    const Op op = e.name == "abs"    ? Op::absolute
                  : e.name == "sqrt" ? Op::root
                  : e.name == "exp"  ? Op::exponential
                                     : Op::logarithm;
    return step(op, v[0], v[0], kind);
  }

  // median(x), mean(x) and quantile(x, p): a number that needs all draws of x first.
  Value statistic(const Expression& e) {
    if (e.operands.size() != (e.name == "quantile" ? 2U : 1U)) {
      throw TextFault{e.position, e.width,
                      fmt::format("\"{}\" has the wrong number of arguments", e.name),
                      "write median(x), mean(x) or quantile(x, 5 %)"};
    }
    ModelCompiler inner(model_, options_);
    inner.open_ = open_;
    const Value value = inner.compile(e.operands[0]);
    double probability = 0.5;
    if (e.name == "quantile") {
      const Value p = inner.compile(e.operands[1]);
      if (!p.constant || p.kind.dimension != dimensions::none || !(*p.constant >= 0) ||
          !(*p.constant <= 1)) {
        throw TextFault{e.operands[1].position, e.operands[1].width,
                        "the second argument is not a share between 0 % and 100 %",
                        "write quantile(x, 5 %)"};
      }
      probability = *p.constant;
    }
    if (value.constant) return constant(*value.constant, value.kind);
    std::vector<double> draws = inner.draw({value}, nullptr)[0];
    if (e.name == "mean") {
      const double sum = std::accumulate(draws.begin(), draws.end(), 0.0);
      return constant(sum / static_cast<double>(draws.size()), value.kind);
    }
    std::sort(draws.begin(), draws.end());
    return constant(interpolated(draws, probability), value.kind);
  }

  const UncertainModel& model_;
  const ModelOptions& options_;
  Program program_;
  std::map<std::string, Value> values_;
  std::set<std::string> open_;
};

std::vector<std::vector<double>> ModelCompiler::draw(
    const std::vector<Value>& wanted, std::vector<std::vector<double>>* input_draws) {
  std::vector<InputStream> streams;
  std::vector<const Distribution*> distributions;
  std::map<std::size_t, std::size_t> slot;  // of an input among those of the program
  std::size_t place = 0;
  std::vector<bool> is_used(model_.inputs_.size(), false);
  for (const auto& entry : program_.inputs) is_used[entry.second] = true;
  // A member of a group needs the draws of all members before it.
  for (const UncertainModel::Group& group : model_.groups_) {
    const bool any = std::any_of(group.members.begin(), group.members.end(),
                                 [&](std::size_t i) { return is_used[i]; });
    for (const std::size_t member : group.members) is_used[member] = is_used[member] || any;
  }
  for (std::size_t i = 0; i < model_.inputs_.size(); ++i) {
    if (model_.inputs_[i].is_certain()) continue;
    if (is_used[i]) {
      slot[i] = streams.size();
      streams.emplace_back(model_.input_names_[i], place, options_);
      distributions.push_back(&model_.inputs_[i].distribution());
    }
    ++place;
  }
  std::vector<bool> is_grouped(streams.size(), false);
  for (const UncertainModel::Group& group : model_.groups_) {
    for (const std::size_t member : group.members) {
      if (slot.contains(member)) is_grouped[slot[member]] = true;
    }
  }
  std::vector<std::vector<double>> results(wanted.size(), std::vector<double>(options_.draws));
  const std::size_t kept = std::min(draws_for_drivers, options_.draws);
  if (input_draws) input_draws->assign(program_.inputs.size(), std::vector<double>(kept));

  const auto fill_inputs = [&](std::size_t first, std::size_t count,
                               std::vector<std::vector<double>>& x) {
    for (std::size_t s = 0; s < streams.size(); ++s) {
      for (std::size_t i = 0; i < block_size; ++i) {
        const double u = streams[s].uniform(first + std::min(i, count - 1));
        x[s][i] = is_grouped[s] ? normal_quantile(u) : distributions[s]->quantile(u);
      }
    }
    for (const UncertainModel::Group& group : model_.groups_) {
      if (!slot.contains(group.members[0])) continue;
      for (std::size_t row = group.members.size(); row-- > 0;) {
        std::vector<double>& target = x[slot.at(group.members[row])];
        for (std::size_t i = 0; i < block_size; ++i) {
          double z = 0;
          for (std::size_t k = 0; k <= row; ++k) {
            z += group.factor(row, k) * x[slot.at(group.members[k])][i];
          }
          target[i] = z;
        }
      }
      for (const std::size_t member : group.members) {
        const std::size_t s = slot.at(member);
        for (double& value : x[s]) value = from_normal(*distributions[s], value);
      }
    }
  };

  const std::size_t block_count = (options_.draws + block_size - 1) / block_size;
  constexpr std::size_t blocks_at_once = 16;
  parallel_for(
      (block_count + blocks_at_once - 1) / blocks_at_once, options_.threads,
      [&](std::size_t task, int) {
        std::vector<double> registers(program_.register_count * block_size);
        for (const auto& [at, value] : program_.constants) {
          std::fill_n(registers.begin() + static_cast<std::ptrdiff_t>(at * block_size), block_size,
                      value);
        }
        std::vector<std::vector<double>> x(streams.size(), std::vector<double>(block_size));
        for (std::size_t block = task * blocks_at_once;
             block < std::min(block_count, (task + 1) * blocks_at_once); ++block) {
          const std::size_t first = block * block_size;
          const std::size_t count = std::min(block_size, options_.draws - first);
          fill_inputs(first, count, x);
          for (const auto& [at, input] : program_.inputs) {
            std::copy(x[slot.at(input)].begin(), x[slot.at(input)].end(),
                      registers.begin() + static_cast<std::ptrdiff_t>(at * block_size));
          }
          for (const Step& s : program_.steps) execute(s, registers.data());
          for (std::size_t w = 0; w < wanted.size(); ++w) {
            const double* from = registers.data() + wanted[w].at * block_size;
            std::copy(from, from + count, results[w].begin() + static_cast<std::ptrdiff_t>(first));
          }
          if (!input_draws) continue;
          for (std::size_t k = 0; k < program_.inputs.size(); ++k) {
            const double* from = registers.data() + program_.inputs[k].first * block_size;
            for (std::size_t i = 0; i < count && first + i < kept; ++i) {
              (*input_draws)[k][first + i] = from[i];
            }
          }
        }
      });
  return results;
}

AnyQuantity ModelOutput::quantile(double probability) const {
  needs(probability >= 0 && probability <= 1, "0 <= probability <= 1");
  AnyQuantity quantity = mean;
  quantity.value = interpolated(sorted, probability);
  return quantity;
}

void UncertainModel::add_input(const std::string& name, const Uncertain& value) {
  if (has(name)) throw InvalidInput(fmt::format("\"{}\" is defined twice", name));
  input_index_[name] = inputs_.size();
  input_names_.push_back(name);
  inputs_.push_back(value);
}

void UncertainModel::add_formula(const std::string& name, Expression formula) {
  if (has(name)) throw InvalidInput(fmt::format("\"{}\" is defined twice", name));
  formulas_[name] = std::move(formula);
}

bool UncertainModel::has(const std::string& name) const {
  return input_index_.contains(name) || formulas_.contains(name);
}

double UncertainModel::correlate(const std::vector<std::string>& names,
                                 const SquareMatrix& rank_correlations) {
  needs(names.size() == rank_correlations.size() && !names.empty(), "one row for each input");
  std::vector<std::size_t> members;
  for (const std::string& name : names) {
    const auto found = input_index_.find(name);
    if (found == input_index_.end()) {
      const std::string hint = did_you_mean(name, input_names_);
      throw InvalidInput(
          fmt::format("there is no input \"{}\"{}{}", name, hint.empty() ? "" : "; ", hint));
    }
    if (inputs_[found->second].is_certain()) {
      throw InvalidInput(
          fmt::format("the input \"{}\" is certain, so nothing moves with it", name));
    }
    for (const Group& group : groups_) {
      if (std::find(group.members.begin(), group.members.end(), found->second) !=
          group.members.end()) {
        throw InvalidInput(fmt::format("the input \"{}\" is in two correlations", name));
      }
    }
    if (std::find(members.begin(), members.end(), found->second) != members.end()) {
      throw InvalidInput(fmt::format("the input \"{}\" is named twice", name));
    }
    members.push_back(found->second);
  }
  const NearestCorrelation ranks = nearest_correlation(rank_correlations);
  SquareMatrix normals = ranks.matrix;
  for (std::size_t i = 0; i < normals.size(); ++i) {
    for (std::size_t j = 0; j < normals.size(); ++j) {
      if (i != j) normals(i, j) = normal_correlation(normals(i, j));
    }
  }
  // The sine may push a valid matrix a little beyond; that change is far below what ranks can show.
  groups_.push_back({members, cholesky_factor(nearest_correlation(normals).matrix)});
  return ranks.largest_change;
}

namespace {

bool is_constant(const Expression& e) {
  return e.kind == Kind::quantity ||
         (!e.operands.empty() && e.kind != Kind::filter &&
          std::all_of(e.operands.begin(), e.operands.end(), is_constant));
}

// Whether a value is a median, perhaps scaled.
bool is_median(const Expression& e, const std::map<std::string, Expression>& formulas, int depth) {
  if (depth > 50) return false;
  if (e.kind == Kind::call) return e.name == "median" || e.name == "quantile";
  if (e.kind == Kind::name) {
    const auto found = formulas.find(full_name(e));
    return found != formulas.end() && is_median(found->second, formulas, depth + 1);
  }
  if (e.kind == Kind::multiply || e.kind == Kind::divide) {
    const bool first = is_median(e.operands[0], formulas, depth + 1);
    const bool second = is_median(e.operands[1], formulas, depth + 1);
    return (first && is_constant(e.operands[1])) || (second && is_constant(e.operands[0]));
  }
  return false;
}

int medians_added(const Expression& e, const std::map<std::string, Expression>& formulas) {
  const bool adds = e.kind == Kind::add || (e.kind == Kind::call && e.name == "sum");
  if (!adds) return is_median(e, formulas, 0) ? 1 : 0;
  int count = 0;
  for (const Expression& operand : e.operands) count += medians_added(operand, formulas);
  return count;
}

bool adds_medians(const Expression& e, const std::map<std::string, Expression>& formulas) {
  if (medians_added(e, formulas) >= 2) return true;
  return std::any_of(e.operands.begin(), e.operands.end(),
                     [&](const Expression& operand) { return adds_medians(operand, formulas); });
}

double sum_of_squares_about(const std::vector<double>& values, double mean) {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

}  // namespace

ModelResult UncertainModel::run(const std::vector<std::string>& outputs,
                                const ModelOptions& options) const {
  ModelCompiler compiler(*this, options);
  std::vector<ModelCompiler::Value> wanted;
  for (const std::string& name : outputs) wanted.push_back(compiler.compile_name(name, nullptr));
  std::vector<std::vector<double>> input_draws;
  std::vector<std::vector<double>> draws = compiler.draw(wanted, &input_draws);
  const Program& program = compiler.program();
  std::vector<std::vector<double>> input_ranks;
  for (const std::vector<double>& values : input_draws) input_ranks.push_back(ranks(values));

  ModelResult result;
  for (const auto& [name, formula] : formulas_) {
    if (!adds_medians(formula, formulas_)) continue;
    result.warnings.push_back(
        fmt::format("\"{}\" adds medians or quantiles: the median of a sum is not the sum of the "
                    "medians; add the quantities, then take the median",
                    name));
  }
  for (std::size_t w = 0; w < wanted.size(); ++w) {
    ModelOutput output{.name = outputs[w], .mean = wanted[w].kind, .deviation = wanted[w].kind};
    const auto count = static_cast<double>(options.draws);
    output.mean.value = std::accumulate(draws[w].begin(), draws[w].end(), 0.0) / count;
    output.deviation.value =
        std::sqrt(sum_of_squares_about(draws[w], output.mean.value) / (count - 1));
    if (!wanted[w].constant) {
      const std::vector<double> first(
          draws[w].begin(), draws[w].begin() + static_cast<std::ptrdiff_t>(
                                                   std::min(draws_for_drivers, options.draws)));
      const std::vector<double> output_ranks = ranks(first);
      for (std::size_t k = 0; k < program.inputs.size(); ++k) {
        output.drivers.push_back({input_names_[program.inputs[k].second],
                                  plain_correlation(input_ranks[k], output_ranks)});
      }
      std::stable_sort(output.drivers.begin(), output.drivers.end(),
                       [](const Driver& a, const Driver& b) {
                         return std::abs(a.rank_correlation) > std::abs(b.rank_correlation);
                       });
    }
    std::sort(draws[w].begin(), draws[w].end());
    output.sorted = std::move(draws[w]);
    result.outputs.push_back(std::move(output));
  }
  return result;
}

}  // namespace vorrat
