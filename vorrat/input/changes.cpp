#include "vorrat/input/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "vorrat/input/edit.h"

namespace vorrat {
namespace {

using Row = Grid::Row;

std::string key_of(const Grid& grid, const Row& row, const Row& key_columns) {
  std::string key;
  for (const std::string& column : key_columns) {
    const std::string part = grid.cell(row, column);
    if (!part.empty()) key += (key.empty() ? "" : ", ") + part;
  }
  return key;
}

bool tells_apart(const Grid& grid, const Row& key_columns) {
  std::set<std::string> keys;
  for (const Row& row : grid.rows) {
    if (!keys.insert(key_of(grid, row, key_columns)).second) return false;
  }
  return true;
}

// As few of the first columns as tell all rows apart in both. All of them if even they do not.
Row key_columns(const Grid& before, const Grid& after) {
  Row columns;
  for (const std::string& column : before.columns) {
    if (!after.place_of(column)) continue;
    columns.push_back(column);
    if (tells_apart(before, columns) && tells_apart(after, columns)) return columns;
  }
  return columns;
}

std::map<std::string, const Row*> by_key(const Grid& grid, const Row& key) {
  std::map<std::string, const Row*> rows;
  for (const Row& row : grid.rows) rows[key_of(grid, row, key)] = &row;
  return rows;
}

// A whole row in one text, for a row that came or went.
std::string spoken(const Grid& grid, const Row& row) {
  std::string text;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row[i].empty())
      text += fmt::format("{}{} {}", text.empty() ? "" : "; ", grid.columns[i], row[i]);
  }
  return text;
}

Row all_columns(const Grid& before, const Grid& after) {
  Row columns = before.columns;
  for (const std::string& column : after.columns) {
    if (!before.place_of(column)) columns.push_back(column);
  }
  return columns;
}

/// A table and the line of each row.
struct LinedGrid {
  Grid grid;
  std::vector<int> lines;
};

std::optional<LinedGrid> lined(const std::string& text) {
  auto grid = read_grid(text);
  if (!grid) return std::nullopt;
  return LinedGrid{std::move(*grid), row_lines(text)};
}

std::vector<Change> table_changes(const std::string& file, const LinedGrid& was,
                                  const LinedGrid& is) {
  const auto& [before, old_lines] = was;
  const auto& [after, new_lines] = is;
  std::vector<Change> changes;
  const Row key = key_columns(before, after), columns = all_columns(before, after);
  const auto old_rows = by_key(before, key), new_rows = by_key(after, key);
  for (std::size_t r = 0; r < after.rows.size(); ++r) {
    const Row& row = after.rows[r];
    const std::string name = key_of(after, row, key);
    const auto old = old_rows.find(name);
    if (old == old_rows.end()) {
      changes.push_back(
          {Change::Kind::row_added, file, name, "", "", spoken(after, row), new_lines[r]});
      continue;
    }
    for (const std::string& column : columns) {
      const std::string from = before.cell(*old->second, column), to = after.cell(row, column);
      if (from != to)
        changes.push_back({Change::Kind::cell, file, name, column, from, to, new_lines[r]});
    }
  }
  for (std::size_t r = 0; r < before.rows.size(); ++r) {
    const Row& row = before.rows[r];
    const std::string name = key_of(before, row, key);
    if (!new_rows.contains(name))
      changes.push_back(
          {Change::Kind::row_removed, file, name, "", spoken(before, row), "", old_lines[r]});
  }
  return changes;
}

std::vector<Change> toml_changes(const std::string& file, const std::vector<TomlValue>& before,
                                 const std::vector<TomlValue>& after) {
  std::map<std::string, TomlValue> old_values, new_values;
  for (const TomlValue& value : before) old_values[value.path] = value;
  for (const TomlValue& value : after) new_values[value.path] = value;
  std::vector<Change> changes;
  for (const auto& [path, text, kind, line] : after) {
    const auto old = old_values.find(path);
    if (old == old_values.end()) {
      changes.push_back({Change::Kind::key_added, file, "", path, "", text, line});
    } else if (old->second.text != text || old->second.kind != kind) {
      changes.push_back({Change::Kind::key, file, "", path, old->second.text, text, line});
    }
  }
  for (const auto& [path, text, kind, line] : before) {
    if (!new_values.contains(path))
      changes.push_back({Change::Kind::key_removed, file, "", path, text, "", line});
  }
  return changes;
}

std::vector<Change> file_changes(const std::string& file, const std::string& before,
                                 const std::string& after) {
  std::optional<std::vector<Change>> found;
  if (file.ends_with(".csv")) {
    const auto old_grid = lined(before), new_grid = lined(after);
    if (old_grid && new_grid) found = table_changes(file, *old_grid, *new_grid);
  } else {
    const auto old_values = values_of(before), new_values = values_of(after);
    if (old_values && new_values) found = toml_changes(file, *old_values, *new_values);
  }
  if (!found) return {{Change::Kind::file, file, "", "", "a text", "another text"}};
  if (found->empty()) return {{Change::Kind::writing, file, "", "", "", ""}};
  return *found;
}

bool is_computed_with(const std::string& file) {
  return file.ends_with(".csv") || file.ends_with(".toml");
}

// scenario.toml before the rest: it says what the tables mean.
std::vector<std::string> names_of(const FileTexts& before, const FileTexts& after) {
  std::set<std::string> names;
  for (const FileTexts* files : {&before, &after}) {
    for (const auto& [name, text] : *files) {
      if (is_computed_with(name)) names.insert(name);
    }
  }
  std::vector<std::string> ordered(names.begin(), names.end());
  std::stable_partition(ordered.begin(), ordered.end(),
                        [](const std::string& name) { return name == "scenario.toml"; });
  return ordered;
}

void change_rows(const Change& change, const Row& key, const Grid& after, Grid& grid) {
  const auto is_meant = [&](const Grid& in, const Row& row) {
    return key_of(in, row, key) == change.row;
  };
  if (change.kind == Change::Kind::row_removed)
    std::erase_if(grid.rows, [&](const Row& row) { return is_meant(grid, row); });
  if (change.kind == Change::Kind::cell) {
    for (Row& row : grid.rows) {
      if (is_meant(grid, row)) row[*grid.place_of(change.column)] = change.to;
    }
  }
  if (change.kind != Change::Kind::row_added) return;
  for (const Row& row : after.rows) {
    if (!is_meant(after, row)) continue;
    Row added;
    for (const std::string& column : grid.columns) added.push_back(after.cell(row, column));
    grid.rows.push_back(std::move(added));
  }
}

std::string in_table(const Change& change, const std::string& text, const std::string& before,
                     const std::string& after) {
  auto grid = read_grid(text);
  const auto old_grid = read_grid(before), new_grid = read_grid(after);
  if (!grid || !old_grid || !new_grid) return after;
  for (const std::string& column : new_grid->columns) grid->add_column(column);
  change_rows(change, key_columns(*old_grid, *new_grid), *new_grid, *grid);
  return write_grid(*grid);
}

std::string in_toml(const Change& change, const std::string& text, const std::string& after) {
  const auto literal = written_value(after, change.column);
  const auto result = literal ? with_value(text, change.column, *literal) : std::nullopt;
  return result ? *result : after;
}

}  // namespace

std::string to_string(const Change& change) {
  std::string where = change.file;
  if (change.line > 0) where += fmt::format(":{}", change.line);
  if (!change.row.empty()) where += ", " + change.row;
  const auto shown = [](const std::string& value) { return value.empty() ? "nothing" : value; };
  switch (change.kind) {
    case Change::Kind::cell:
    case Change::Kind::key:
    case Change::Kind::key_added:
    case Change::Kind::key_removed:
      return fmt::format("{}, {}: {} -> {}", where, change.column, shown(change.from),
                         shown(change.to));
    case Change::Kind::row_added:
      return fmt::format("{}: added ({})", where, change.to);
    case Change::Kind::row_removed:
      return fmt::format("{}: removed ({})", where, change.from);
    case Change::Kind::file:
      return fmt::format("{}: {} -> {}", where, shown(change.from), shown(change.to));
    case Change::Kind::writing:
      return fmt::format("{}: the same values, written in another way", where);
  }
  return where;
}

bool is_remark(const Change& change) {
  if (change.kind == Change::Kind::writing) return true;
  if (change.kind != Change::Kind::cell && change.kind != Change::Kind::key) return false;
  const std::string name = change.column.substr(change.column.rfind('.') + 1);
  for (const char* word : {"source", "date", "kind"}) {
    if (name == word || name.ends_with(std::string("_") + word)) return name != "price_date";
  }
  return name == "note";
}

std::vector<Change> changes_between(const FileTexts& before, const FileTexts& after) {
  std::vector<Change> changes;
  for (const std::string& file : names_of(before, after)) {
    const auto old = before.find(file), fresh = after.find(file);
    if (old == before.end()) {
      changes.push_back({Change::Kind::file, file, "", "", "", "a file"});
    } else if (fresh == after.end()) {
      changes.push_back({Change::Kind::file, file, "", "", "a file", ""});
    } else if (old->second != fresh->second) {
      for (Change& change : file_changes(file, old->second, fresh->second))
        changes.push_back(std::move(change));
    }
  }
  return changes;
}

FileTexts apply(const Change& change, const FileTexts& files, const FileTexts& before,
                const FileTexts& after) {
  FileTexts result = files;
  const auto fresh = after.find(change.file);
  if (fresh == after.end()) {
    result.erase(change.file);
    return result;
  }
  std::string& text = result[change.file];
  switch (change.kind) {
    case Change::Kind::cell:
    case Change::Kind::row_added:
    case Change::Kind::row_removed:
      text = in_table(change, text, before.at(change.file), fresh->second);
      break;
    case Change::Kind::key:
      text = in_toml(change, text, fresh->second);
      break;
    case Change::Kind::key_added:
    case Change::Kind::key_removed:
    case Change::Kind::file:
    case Change::Kind::writing:
      text = fresh->second;
      break;
  }
  return result;
}

}  // namespace vorrat
