#include "vorrat/input/estimate_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "vorrat/input/reader.h"
#include "vorrat/input/table.h"
#include "vorrat/quantity/text.h"

namespace vorrat {
namespace {

using Kind = Expression::Kind;

Expression name_expression(const std::string& name, const Expression& at) {
  return {.kind = Kind::name, .name = name, .position = at.position, .width = at.width};
}

// A table of rows: each cell is a value under the name "table.column#row".
struct RowTable {
  std::string name;
  Table rows;
  std::vector<std::string> formulas;  // names of computed columns
};

class EstimateReader {
 public:
  EstimateReader(const std::filesystem::path& folder,
                 const std::map<std::string, std::string>& overrides)
      : folder_(folder), overrides_(overrides) {}

  EstimateFile read(const Node& root) {
    Record top(root, "estimate", faults_);
    if (auto head = top.table("estimate", "estimate")) read_head(*head);
    read_inputs(top);
    read_tables(top);
    if (auto formulas = top.table("formulas", "estimate")) read_formulas(*formulas, false);
    if (auto outputs = top.table("outputs", "estimate")) read_formulas(*outputs, true);
    if (file_.outputs.empty() && !faults_.has_errors()) {
      top.fault("outputs", "the estimate has no outputs", "write a table [outputs] of formulas");
    }
    for (const Pending& pending : pending_) add_formula(pending);
    read_correlations(top);
    top.finish();
    for (const auto& [name, text] : overrides_) {
      if (used_overrides_.contains(name)) continue;
      std::vector<std::string> known = file_.model.input_names();
      known.insert(known.end(), correlation_names_.begin(), correlation_names_.end());
      faults_.add_error("--set " + name, fmt::format("there is no input \"{}\"", name),
                        did_you_mean(name, known));
    }
    return std::move(file_);
  }

  Diagnostics faults_;

 private:
  struct Pending {
    std::string name;
    std::string text;
    Spot spot;
    const RowTable* table = nullptr;
    std::size_t row = 0;
  };

  void read_head(Record& head) {
    file_.title = head.value_or<std::string>("title", "");
    file_.options.draws =
        static_cast<std::size_t>(head.value_or<double>("draws", 100000, Bounds::between(2, 1e8)));
    file_.options.seed =
        static_cast<std::uint64_t>(head.value_or<double>("seed", 1, Bounds::between(0, 1e15)));
    file_.options.sampling =
        head.choice_or<Sampling>("sampling",
                                 {{"random", Sampling::random},
                                  {"latin_hypercube", Sampling::latin_hypercube},
                                  {"sobol", Sampling::sobol}},
                                 Sampling::random);
    head.has("note");
    head.has("source");
    head.finish();
  }

  bool is_free(const std::string& name, const Spot& spot) {
    if (!is_name(name)) {
      faults_.add(spot.fault(
          fmt::format("\"{}\" cannot be a name here: it is a unit, a function, or not letters",
                      name),
          "use letters, digits and \"_\", and no word for a unit"));
      return false;
    }
    return true;
  }

  void read_inputs(Record& top) {
    auto inputs = top.table("inputs", "inputs");
    if (!inputs) return;
    const Node* node = top.node()->find("inputs");
    for (const auto& [name, value] : node->members) {
      inputs->has(name);
      if (!is_free(name, value.key_spot)) continue;
      const bool is_group = value.kind == NodeKind::table && !value.find("value");
      if (!is_group) {
        read_input(*inputs, name, name, value);
        continue;
      }
      Record group(value, "inputs." + name, faults_);
      for (const auto& [key, member] : value.members) {
        group.has(key);
        read_input(group, key, fmt::format("{}[{}]", name, key), member);
        groups_[name].push_back(fmt::format("{}[{}]", name, key));
      }
    }
  }

  // A value or a formula; a formula may use other inputs.
  void read_input(Record& record, const std::string& key, const std::string& name,
                  const Node& node) {
    std::string text = record.text(key);
    Spot spot = record.spot(key);
    bool is_fresh = false;
    if (node.kind == NodeKind::table) {
      Record inside(node, "input " + name, faults_);
      inside.has("value");
      inside.value_or<std::string>("source", "");
      inside.optional<Date>("date");
      inside.has("kind");
      inside.has("note");
      is_fresh = inside.choice_or<bool>("draw", {{"once", false}, {"fresh", true}}, false);
      inside.finish();
    }
    if (const auto found = overrides_.find(name); found != overrides_.end()) {
      text = found->second;
      spot = {};
      spot.source = std::make_shared<const SourceText>(
          SourceText{.file = "--set " + name, .text = text, .lines = {text}});
      spot.line = 1;
      spot.column = 1;
      spot.width = std::max(1, character_count(text));
      used_overrides_.insert(name);
    }
    if (is_fresh) fresh_[name] = text;
    add_value(name, text, spot);
  }

  // A text is a quantity or range if it can be read as one, else a formula; the fault shown is that
  // of the reading that came further.
  void add_value(const std::string& name, const std::string& text, const Spot& spot) {
    const auto value = parse_uncertain(text);
    if (value) {
      note_assumption(*value, spot);
      guarded(spot, [&] { file_.model.add_input(name, *value); });
      return;
    }
    const auto expression = parse_expression(text);
    if (expression) {
      bool is_formula = false;
      for_each_name(*expression, [&](const Expression&) { is_formula = true; });
      is_formula = is_formula || !expression->operands.empty();
      if (is_formula) {
        pending_.push_back({name, text, spot});
        return;
      }
    }
    const bool formula_came_further =
        !expression && expression.error().position > value.error().position;
    const TextFault& fault = formula_came_further ? expression.error() : value.error();
    faults_.add(
        spot.part(fault.position, fault.width)
            .fault(fmt::format("\"{}\" is \"{}\": {}", name, text, fault.message), fault.hint));
  }

  void note_assumption(const Uncertain& value, const Spot& spot) {
    if (value.assumption().empty()) return;
    file_.notes.add(spot.fault(value.assumption(), "write the probability, as in \"(80 %)\"",
                               Severity::warning));
  }

  template <class Work>
  void guarded(const Spot& spot, const Work& work) {
    try {
      work();
    } catch (const InvalidInput& fault) {
      faults_.add(spot.fault(fault.what(), "rename one of them"));
    }
  }

  void read_tables(Record& top) {
    auto tables = top.table("tables", "tables");
    if (!tables) return;
    for (const std::string& name : tables->keys()) {
      auto record = tables->table(name, "table " + name);
      if (record) read_table(*record, name);
    }
  }

  void read_table(Record& record, const std::string& name) {
    if (!is_free(name, record.spot("file"))) return;
    const std::string file = record.required<std::string>("file");
    if (file.empty()) return;
    auto rows = Table::read(folder_ / file, file);
    if (!rows) {
      faults_.append(rows.error());
      return;
    }
    tables_.push_back(std::make_unique<RowTable>(RowTable{name, std::move(*rows), {}}));
    RowTable& table = *tables_.back();
    for (const std::string& key : record.keys()) {
      if (key == "file") continue;
      const std::string text = record.required<std::string>(key);
      if (text.empty()) continue;
      if (table.rows.has_column(key)) {
        record.fault(key, fmt::format("\"{}\" is a column of {} already", key, file),
                     "rename one of them");
        continue;
      }
      table.formulas.push_back(key);
      for (std::size_t row = 0; row < table.rows.row_count(); ++row) {
        pending_.push_back({cell_name(table, key, row), text, record.spot(key), &table, row});
      }
    }
    // Cells that are quantities become inputs; words stay words, for keys and filters.
    for (const std::string& column : table.rows.columns()) {
      for (std::size_t row = 0; row < table.rows.row_count(); ++row) {
        const Cell* cell = table.rows.find(row, column);
        const auto value = parse_uncertain(cell->text);
        if (!value) continue;
        note_assumption(*value, cell->spot);
        guarded(cell->spot, [&] { file_.model.add_input(cell_name(table, column, row), *value); });
      }
    }
  }

  static std::string cell_name(const RowTable& table, const std::string& column, std::size_t row) {
    return fmt::format("{}.{}#{}", table.name, column, row + 1);
  }

  void read_formulas(Record& record, bool are_outputs) {
    for (const std::string& name : record.keys()) {
      const Node* node = record.node()->find(name);
      record.has(name);
      if (!is_free(name, node->key_spot)) continue;
      std::string text = record.text(name);
      Spot spot = record.spot(name);
      EstimateOutput output{name, ""};
      if (node->kind == NodeKind::table) {
        Record inside(*node, "output \"" + name + "\"", faults_);
        text = inside.required<std::string>("formula");
        spot = inside.spot("formula");
        output.unit = inside.value_or<std::string>("unit", "");
        if (!output.unit.empty()) {
          const auto unit = parse_unit(output.unit);
          if (!unit) inside.fault("unit", unit.error().message, unit.error().hint);
        }
        inside.has("note");
        inside.finish();
      }
      if (text.empty()) continue;
      if (are_outputs) file_.outputs.push_back(output);
      add_value(name, text, spot);
    }
  }

  // The formula with the names of its row and its sums over tables written out.
  void add_formula(const Pending& pending) {
    const auto parsed = parse_expression(pending.text);
    if (!parsed) {
      if (pending.row == 0) {  // the same fault in each row
        const TextFault& fault = parsed.error();
        faults_.add(
            pending.spot.part(fault.position, fault.width).fault(fault.message, fault.hint));
      }
      return;
    }
    file_.spots[pending.name] = pending.spot;
    try {
      Expression resolved = resolve(*parsed, pending);
      guarded(pending.spot, [&] { file_.model.add_formula(pending.name, std::move(resolved)); });
    } catch (const TextFault& fault) {
      faults_.add(pending.spot.part(fault.position, fault.width).fault(fault.message, fault.hint));
    }
  }

  Expression resolve(const Expression& e, const Pending& where) {
    if (e.kind == Kind::name) return resolve_name(e, where);
    if (e.kind == Kind::call && !e.operands.empty() && is_column(e.operands[0])) {
      return over_rows(e, where);
    }
    Expression result = e;
    for (Expression& operand : result.operands) operand = resolve(operand, where);
    return result;
  }

  const RowTable* table_of(const Expression& e, std::string* column) const {
    if (e.kind != Kind::name) return nullptr;
    const std::size_t dot = e.name.find('.');
    if (dot == std::string::npos) return nullptr;
    for (const auto& table : tables_) {
      if (table->name != e.name.substr(0, dot)) continue;
      *column = e.name.substr(dot + 1);
      return table.get();
    }
    return nullptr;
  }

  bool is_column(const Expression& e) const {
    std::string column;
    return table_of(e, &column) != nullptr;
  }

  // sum(sales.shipped, quarter = FY26Q1): the function over the rows that pass the filters.
  Expression over_rows(const Expression& call, const Pending& where) {
    std::string column;
    const RowTable& table = *table_of(call.operands[0], &column);
    check_column(table, column, call.operands[0], true);
    Expression result = call;
    result.operands.clear();
    for (std::size_t row = 0; row < table.rows.row_count(); ++row) {
      bool passes = true;
      for (std::size_t i = 1; i < call.operands.size(); ++i) {
        passes = passes && fits(table, row, call.operands[i], where);
      }
      if (passes) {
        result.operands.push_back(name_expression(cell_name(table, column, row), call.operands[0]));
      }
    }
    if (result.operands.empty()) {
      throw TextFault{call.position, call.width, "no row of the table passes these filters",
                      "see the words in the table"};
    }
    return result;
  }

  void check_column(const RowTable& table, const std::string& column, const Expression& at,
                    bool formulas_too) const {
    std::vector<std::string> known = table.rows.columns();
    if (formulas_too) known.insert(known.end(), table.formulas.begin(), table.formulas.end());
    if (std::find(known.begin(), known.end(), column) != known.end()) return;
    throw TextFault{at.position, at.width,
                    fmt::format("the table \"{}\" has no column \"{}\"", table.name, column),
                    did_you_mean(column, known)};
  }

  bool fits(const RowTable& table, std::size_t row, const Expression& filter,
            const Pending&) const {
    if (filter.kind != Kind::filter) {
      throw TextFault{filter.position, filter.width, "a filter is missing here",
                      "write column = word, as in chip = H20"};
    }
    check_column(table, filter.name, filter, false);
    return table.rows.find(row, filter.name)->text == filter.key;
  }

  Expression resolve_name(const Expression& e, const Pending& where) {
    Expression result = e;
    if (where.table && !e.key.empty() && where.table->rows.has_column(e.key)) {
      result.key = where.table->rows.find(where.row, e.key)->text;
    }
    if (where.table && e.key.empty()) {
      const bool is_own = where.table->rows.has_column(e.name) ||
                          std::find(where.table->formulas.begin(), where.table->formulas.end(),
                                    e.name) != where.table->formulas.end();
      if (is_own) return own_cell(e, where);
    }
    const std::string name = full_name(result);
    if (where.table && fresh_.contains(name)) return fresh_draw(name, e, where);
    return result;
  }

  Expression own_cell(const Expression& e, const Pending& where) {
    const std::string name = cell_name(*where.table, e.name, where.row);
    const Cell* cell = where.table->rows.find(where.row, e.name);
    if (cell && !file_.model.has(name)) {
      throw TextFault{e.position, e.width,
                      fmt::format("the {} of row {} is \"{}\", which is not a quantity", e.name,
                                  where.row + 1, cell->text),
                      "write a quantity in the cell"};
    }
    return name_expression(name, e);
  }

  Expression fresh_draw(const std::string& name, const Expression& e, const Pending& where) {
    const std::string own = fmt::format("{}#{}.{}", name, where.table->name, where.row + 1);
    if (!file_.model.has(own)) {
      const auto value = parse_uncertain(fresh_.at(name));
      if (!value) return e;
      file_.model.add_input(own, *value);
    }
    return name_expression(own, e);
  }

  void read_correlations(Record& top) {
    for (Record& record : top.tables("correlation", "correlation")) {
      const std::string name = record.value_or<std::string>("name", "");
      if (!name.empty()) correlation_names_.push_back(name + ".rank");
      std::vector<std::string> members;
      for (const std::string& item : record.list("of")) {
        const auto group = groups_.find(item);
        if (group == groups_.end()) {
          members.push_back(item);
        } else {
          members.insert(members.end(), group->second.begin(), group->second.end());
        }
      }
      read_correlation(record, name, members);
      record.has("note");
      record.finish();
    }
  }

  void read_correlation(Record& record, const std::string& name,
                        const std::vector<std::string>& members) {
    if (members.size() < 2) {
      record.fault("of", "a correlation is between two inputs or more", "name them in of = [...]");
      return;
    }
    SquareMatrix matrix(members.size());
    if (record.has("matrix")) {
      if (!read_matrix(record, matrix)) return;
    } else {
      double rank = record.required<double>("rank", Bounds::between(-1, 1));
      if (const auto found = overrides_.find(name + ".rank"); found != overrides_.end()) {
        used_overrides_.insert(found->first);
        const auto value = parse_quantity(found->second);
        if (value && value->dimension == dimensions::none && std::abs(value->value) <= 1) {
          rank = value->value;
        } else {
          faults_.add_error("--set " + found->first,
                            fmt::format("\"{}\" is not a correlation", found->second),
                            "write a number between -1 and 1");
        }
      }
      matrix = shared_correlation(members.size(), rank);
    }
    try {
      const double change = file_.model.correlate(members, matrix);
      if (change > 0) {
        file_.notes.add(record.spot(record.has("matrix") ? "matrix" : "rank")
                            .fault(fmt::format("no quantities can have these correlations; the "
                                               "nearest possible were taken, {:.3f} away at most",
                                               change),
                                   "lower the strongest, or use one shared rank",
                                   Severity::warning));
      }
    } catch (const InvalidInput& fault) {
      record.fault("of", fault.what(), "see [inputs]");
    }
  }

  bool read_matrix(Record& record, SquareMatrix& matrix) {
    const Node* node = record.node()->find("matrix");
    const auto refuse = [&] {
      record.fault(
          "matrix",
          fmt::format("the matrix has not {} rows of {} numbers", matrix.size(), matrix.size()),
          "write one row for each input, as in [[1, 0.5], [0.5, 1]]");
      return false;
    };
    if (node->kind != NodeKind::array || node->items.size() != matrix.size()) return refuse();
    for (std::size_t i = 0; i < matrix.size(); ++i) {
      const Node& row = node->items[i];
      if (row.kind != NodeKind::array || row.items.size() != matrix.size()) return refuse();
      for (std::size_t j = 0; j < matrix.size(); ++j) {
        const auto entry = parse_quantity(row.items[j].text);
        if (row.items[j].kind != NodeKind::number || !entry) return refuse();
        matrix(i, j) = entry->value;
      }
    }
    return true;
  }

  std::filesystem::path folder_;
  const std::map<std::string, std::string>& overrides_;
  std::set<std::string> used_overrides_;
  std::vector<std::string> correlation_names_;
  EstimateFile file_;
  std::map<std::string, std::vector<std::string>> groups_;
  std::map<std::string, std::string> fresh_;  // inputs drawn anew in each row, as written
  std::vector<std::unique_ptr<RowTable>> tables_;
  std::vector<Pending> pending_;
};

}  // namespace

Diagnostics EstimateFile::at_place(const FormulaFault& fault) const {
  Diagnostics diagnostics;
  const auto found = spots.find(fault.formula);
  if (found == spots.end()) {
    diagnostics.add_error("", fmt::format("\"{}\": {}", fault.formula, fault.fault.message),
                          fault.fault.hint);
    return diagnostics;
  }
  diagnostics.add(found->second.part(fault.fault.position, fault.fault.width)
                      .fault(fault.fault.message, fault.fault.hint));
  return diagnostics;
}

std::expected<EstimateFile, Diagnostics> read_estimate(
    const std::filesystem::path& path, const std::map<std::string, std::string>& overrides) {
  auto document = Document::read(path);
  if (!document) return std::unexpected(document.error());
  EstimateReader reader(path.parent_path(), overrides);
  EstimateFile file = reader.read(document->root());
  if (reader.faults_.has_errors()) return std::unexpected(reader.faults_);
  return file;
}

}  // namespace vorrat
