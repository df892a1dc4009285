#include "vorrat/report/layout.h"

#include <algorithm>
#include <map>

#include "vorrat/report/format.h"

namespace vorrat::report {
namespace {

LaidCell laid_cell(const Column& column, const Cell& cell) {
  LaidCell result{.text = cell_text(column, cell), .value = {}, .columns = {}};
  if (const auto* value = std::get_if<double>(&cell)) result.value = *value;
  return result;
}

Layout as_it_stands(const DataTable& table) {
  Layout layout;
  for (const Column& column : table.columns) {
    layout.columns.push_back({.kind = LaidColumn::Kind::data,
                              .name = column.name,
                              .unit = column.unit,
                              .id = column.id,
                              .is_number = column.format != Format::text});
  }
  for (const auto& row : table.rows) {
    std::vector<LaidCell> cells;
    for (std::size_t c = 0; c < row.size(); ++c)
      cells.push_back(laid_cell(table.columns[c], row[c]));
    layout.rows.push_back(std::move(cells));
  }
  layout.is_sum.assign(table.rows.size(), false);
  for (const Sum& sum : table.sums) layout.is_sum[sum.row] = true;
  return layout;
}

/// The rows of one group: those that agree in all words but `across`.
struct Group {
  std::vector<Cell> keys;
  std::map<std::string, std::size_t> row_at;  // by value of `across`
};

class Pivot {
 public:
  explicit Pivot(const DataTable& table)
      : table_(table), across_(table.column_index(table.across)) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (c == across_) continue;
      (table.columns[c].format == Format::text ? keys_ : figures_).push_back(c);
    }
    for (std::size_t r = 0; r < table.rows.size(); ++r) place(r);
  }

  Layout layout() const {
    Layout result;
    for (std::size_t c : keys_) {
      result.columns.push_back({.kind = LaidColumn::Kind::data,
                                .name = table_.columns[c].name,
                                .unit = {},
                                .id = table_.columns[c].id});
    }
    result.columns.push_back(
        {.kind = LaidColumn::Kind::figure, .name = "figure", .unit = {}, .id = "figure"});
    for (const std::string& value : values_) {
      result.columns.push_back({.kind = LaidColumn::Kind::across,
                                .name = value,
                                .unit = {},
                                .id = value,
                                .is_number = true});
    }
    for (const Group& group : groups_) add_rows(group, result);
    result.is_sum.assign(result.rows.size(), false);
    return result;
  }

 private:
  void place(std::size_t r) {
    const std::string value = cell_text(table_.columns[across_], table_.rows[r][across_]);
    if (std::find(values_.begin(), values_.end(), value) == values_.end()) values_.push_back(value);
    std::vector<Cell> keys;
    for (std::size_t c : keys_) keys.push_back(table_.rows[r][c]);
    auto group = std::find_if(groups_.begin(), groups_.end(),
                              [&](const Group& other) { return other.keys == keys; });
    if (group == groups_.end()) group = groups_.insert(group, Group{keys, {}});
    group->row_at.emplace(value, r);
  }

  /// "5 % = 50 %, USD": columns that a row shows, with the unit that they share.
  std::string names(const std::vector<std::string>& ids) const {
    std::string text, unit;
    for (const std::string& id : ids) {
      const Column& column = table_.columns[table_.column_index(id)];
      text += (text.empty() ? "" : " = ") + column.name;
      unit = column.unit;
    }
    return unit.empty() ? text : text + ", " + unit;
  }

  std::vector<LaidCell> figure_row(const Group& group, std::size_t c, bool first) const {
    const Column& column = table_.columns[c];
    std::vector<LaidCell> cells;
    for (std::size_t k = 0; k < keys_.size(); ++k) {
      cells.push_back(laid_cell(table_.columns[keys_[k]], group.keys[k]));
      cells.back().is_repeated = !first;
    }
    cells.push_back({.text = names({column.id}), .value = {}, .columns = {column.id}});
    for (const std::string& value : values_) {
      const auto found = group.row_at.find(value);
      cells.push_back(found == group.row_at.end()
                          ? LaidCell{.text = "-", .value = {}, .columns = {}}
                          : laid_cell(column, table_.rows[found->second][c]));
    }
    return cells;
  }

  bool same_texts(const std::vector<LaidCell>& a, const std::vector<LaidCell>& b) const {
    return std::equal(a.begin() + keys_.size() + 1, a.end(), b.begin() + keys_.size() + 1,
                      [](const LaidCell& x, const LaidCell& y) { return x.text == y.text; });
  }

  void add_rows(const Group& group, Layout& result) const {
    std::size_t previous = table_.columns.size();
    for (std::size_t c : figures_) {
      const bool first = previous == table_.columns.size();
      std::vector<LaidCell> row = figure_row(group, c, first);
      const bool alike = !first && table_.columns[c].format == table_.columns[previous].format &&
                         table_.columns[c].unit == table_.columns[previous].unit;
      if (alike && same_texts(result.rows.back(), row)) {
        LaidCell& figure = result.rows.back()[keys_.size()];
        figure.columns.push_back(table_.columns[c].id);
        figure.text = names(figure.columns);
      } else {
        result.rows.push_back(std::move(row));
      }
      previous = c;
    }
  }

  const DataTable& table_;
  std::size_t across_;
  std::vector<std::size_t> keys_, figures_;
  std::vector<std::string> values_;
  std::vector<Group> groups_;
};

}  // namespace

Layout lay_out(const DataTable& table) {
  return table.across.empty() ? as_it_stands(table) : Pivot(table).layout();
}

Table laid_out(const DataTable& table) {
  const Layout layout = lay_out(table);
  Table result{
      .id = table.id, .title = table.title, .columns = {}, .rows = {}, .notes = table.notes};
  std::vector<std::string> units;
  for (const LaidColumn& column : layout.columns) {
    result.columns.push_back({column.name, column.is_number ? Align::right : Align::left});
    units.push_back(column.unit);
  }
  // Units have a line of their own, or the headings would be wider than the figures.
  if (std::any_of(units.begin(), units.end(), [](const auto& unit) { return !unit.empty(); }))
    result.rows.push_back(std::move(units));
  for (const auto& row : layout.rows) {
    std::vector<std::string> texts;
    for (const LaidCell& cell : row) texts.push_back(cell.is_repeated ? "" : cell.text);
    result.rows.push_back(std::move(texts));
  }
  return result;
}

}  // namespace vorrat::report
