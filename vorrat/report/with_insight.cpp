#include "vorrat/report/with_insight.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "vorrat/report/format.h"
#include "vorrat/report/insight_tables.h"
#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

const std::string& text_at(const DataTable& table, const std::vector<Cell>& row,
                           const char* column) {
  return std::get<std::string>(row[table.column_index(column)]);
}

std::optional<double> number_at(const DataTable& table, const std::vector<Cell>& row,
                                const char* column) {
  const auto* value = std::get_if<double>(&row[table.column_index(column)]);
  return value ? std::optional(*value) : std::nullopt;
}

/// What was found about the inputs that a figure is part of.
struct Influence {
  std::optional<double> swing, moved;  // the larger of several inputs [currency], [1]
  bool is_impossible = false;          // no plan at an end of the range of one of them
  std::string changes;                 // orders, as in "h200-lease at 9.15 k"
};

void take_larger(std::optional<double>& kept, const std::optional<double>& other) {
  if (other && (!kept || *kept < *other)) kept = other;
}

std::map<std::string, Influence> influence_of_inputs(const Tables& insight) {
  std::map<std::string, Influence> found;
  for (const char* id : {"impossible_inputs", "inputs", "lesser_inputs"}) {
    const DataTable* inputs = insight.find(id);
    if (inputs == nullptr) continue;
    for (const auto& row : inputs->rows) {
      Influence& influence = found[text_at(*inputs, row, "input")];
      influence.swing = number_at(*inputs, row, "swing");
      influence.moved = number_at(*inputs, row, "moved");
      influence.is_impossible = !influence.swing;
    }
  }
  const DataTable* points = insight.find("break_evens");
  if (points == nullptr) return found;
  const Column& at = points->columns[points->column_index("at")];
  for (const auto& row : points->rows) {
    const auto value = number_at(*points, row, "at");
    if (!value) continue;
    std::string& changes = found[text_at(*points, row, "input")].changes;
    changes += (changes.empty() ? "" : ", ") + text_at(*points, row, "offer") + " at " +
               cell_text(at, *value);
  }
  return found;
}

std::map<std::string, Influence> influence_of_figures(const Tables& insight) {
  std::map<std::string, Influence> found;
  const DataTable* figures = insight.find("input_figures");
  if (figures == nullptr) return found;
  const auto inputs = influence_of_inputs(insight);
  for (const auto& row : figures->rows) {
    const auto input = inputs.find(text_at(*figures, row, "input"));
    if (input == inputs.end()) continue;
    Influence& influence = found[text_at(*figures, row, "figure")];
    take_larger(influence.swing, input->second.swing);
    take_larger(influence.moved, input->second.moved);
    influence.is_impossible |= input->second.is_impossible;
    if (!input->second.changes.empty())
      influence.changes += (influence.changes.empty() ? "" : ", ") + input->second.changes;
  }
  return found;
}

std::string currency_of(const Tables& insight) {
  const DataTable* inputs = insight.find("inputs");
  return inputs == nullptr ? "" : inputs->columns[inputs->column_index("swing")].unit;
}

void add_influence(DataTable& assumptions, const Tables& insight) {
  const auto found = influence_of_figures(insight);
  const std::size_t at = assumptions.column_index("value") + 1;
  const auto place = [at](auto& list) { return list.begin() + static_cast<std::ptrdiff_t>(at); };
  const std::vector<Column> columns = {
      figure("moves_cost", "moves the cost by", Format::money, currency_of(insight),
             "the cost at the high end of its input less that at the low end"),
      figure("moves_orders", "the orders by", Format::odds, "",
             "share of this quarter's commitments ordered otherwise at the end that moves more"),
      words("changes", "changes the order of")};
  assumptions.columns.insert(place(assumptions.columns), columns.begin(), columns.end());
  const Cell unknown = std::string("not measured");
  for (auto& row : assumptions.rows) {
    std::vector<Cell> cells = {unknown, Cell{}, std::string()};
    const auto influence = found.find(std::get<std::string>(row.front()));
    if (influence != found.end()) {
      const Influence& known = influence->second;
      cells = {known.is_impossible ? Cell{std::string("leaves no plan")}
                                   : or_words(known.swing, "not measured"),
               cell(known.moved), known.changes};
    }
    row.insert(place(row), cells.begin(), cells.end());
  }
  assumptions.notes.push_back(
      "moves by: between the ends of its range, all others as they are, together with the other "
      "figures of its input (see the table of inputs); changes the order of: at this value of its "
      "input the offer ceases or begins to be worth ordering");
}

void remove_influence(DataTable& assumptions) {
  for (const char* id : {"moves_cost", "moves_orders", "changes"}) {
    const auto found = std::ranges::find(assumptions.columns, id, &Column::id);
    if (found == assumptions.columns.end()) continue;
    const auto c = found - assumptions.columns.begin();
    assumptions.columns.erase(found);
    for (auto& row : assumptions.rows) row.erase(row.begin() + c);
    if (std::string(id) == "changes") assumptions.notes.pop_back();
  }
}

Section* section_of(Tables& tables, const std::string& id) {
  const auto found = std::ranges::find(tables.sections, id, &Section::id);
  return found == tables.sections.end() ? nullptr : &*found;
}

/// Into a section of the plan, in place of tables of the same names; before the law of its orders.
void join_tables(Section& target, const std::vector<DataTable>& tables, bool at_end) {
  for (const DataTable& added : tables)
    std::erase_if(target.tables, [&](const DataTable& one) { return one.id == added.id; });
  const auto place =
      at_end ? target.tables.end() : std::ranges::find(target.tables, "order-law", &DataTable::id);
  target.tables.insert(place, tables.begin(), tables.end());
}

}  // namespace

Tables with_insight(Tables plan, const Tables& insight) {
  std::vector<Section> added;
  for (const Section& section : insight.sections) {
    Section* target = section_of(plan, section.id == "reasons"          ? "orders"
                                       : section.id == "insight_method" ? "method"
                                                                        : "");
    if (target != nullptr) {
      join_tables(*target, section.tables, section.id == "insight_method");
    } else {
      added.push_back(section);
    }
  }
  std::erase_if(plan.sections, [&](const Section& section) {
    return section.id == decision_id ||
           std::ranges::any_of(added, [&](const Section& one) { return one.id == section.id; });
  });
  auto place = std::ranges::find(plan.sections, "limits", &Section::id);
  if (place == plan.sections.end()) place = std::ranges::find(plan.sections, "sites", &Section::id);
  plan.sections.insert(place, added.begin(), added.end());
  if (Section* register_of = section_of(plan, "assumptions")) {
    for (DataTable& table : register_of->tables) {
      if (table.id != "assumptions") continue;
      remove_influence(table);
      add_influence(table, insight);
    }
  }
  check(plan);
  return plan;
}

}  // namespace vorrat::report
