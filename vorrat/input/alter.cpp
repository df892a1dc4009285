#include "vorrat/input/alter.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "vorrat/input/edit.h"

namespace vorrat {
namespace {

constexpr const char* settings_file = "scenario.toml";

struct Wish {
  std::string whole, key, value;
  std::string file, row, column;  // of a cell; `row` empty: every row
};

/// "x1.05" as 1.05.
std::optional<double> factor_of(const std::string& value) {
  double factor = 0.0;
  if (value.size() < 2 || value[0] != 'x') return std::nullopt;
  const char* end = value.data() + value.size();
  const auto read = std::from_chars(value.data() + 1, end, factor);
  if (read.ec != std::errc() || read.ptr != end || !(factor > 0.0)) return std::nullopt;
  return factor;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Where the number that begins at `at` ends; commas group its digits.
std::size_t number_end(const std::string& text, std::size_t at) {
  const auto digits = [&](std::size_t i) {
    while (i < text.size() && is_digit(text[i])) ++i;
    return i;
  };
  std::size_t end = digits(at);
  while (end + 3 < text.size() && text[end] == ',' && digits(end + 1) == end + 4) end += 4;
  if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) end = digits(end + 1);
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    std::size_t power = end + 1;
    if (power < text.size() && (text[power] == '-' || text[power] == '+')) ++power;
    if (power < text.size() && is_digit(text[power])) end = digits(power);
  }
  return end;
}

/// The numbers that begin a word outside parentheses, multiplied; nothing if there is none, or if
/// parentheses hold more than how likely a range is.
std::optional<std::string> multiplied(const std::string& text, double factor) {
  std::string result;
  bool found = false;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '(') {
      const std::size_t close = text.find(')', i);
      if (close == std::string::npos || (i > 0 && text[i - 1] != ' ')) return std::nullopt;
      result += text.substr(i, close + 1 - i);
      i = close + 1;
    } else if (is_digit(text[i]) && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '-')) {
      const std::size_t end = number_end(text, i);
      std::string digits = text.substr(i, end - i);
      std::erase(digits, ',');
      double number = 0.0;
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
      result += fmt::format("{:.12g}", number * factor);
      found = true;
      i = end;
    } else {
      result += text[i++];
    }
  }
  return found ? std::optional(result) : std::nullopt;
}

class Alteration {
 public:
  explicit Alteration(const FileTexts& files) : files_(files) {}

  void make(const std::string& whole) {
    const std::size_t equals = whole.find('=');
    if (equals == std::string::npos || equals == 0) {
      fault(whole, "there is no KEY=VALUE", "write a change as in money.discount_rate=12 %/year");
      return;
    }
    Wish wish{.whole = whole,
              .key = whole.substr(0, equals),
              .value = whole.substr(equals + 1),
              .file = {},
              .row = {},
              .column = {}};
    if (const auto written = written_at(wish.key)) {
      change_value(wish, *written);
    } else if (find_cells(wish)) {
      change_cells(wish);
    }
  }

  std::expected<FileTexts, Diagnostics> result() && {
    if (faults_.has_errors()) return std::unexpected(std::move(faults_));
    return std::move(files_);
  }

 private:
  struct Written {
    std::string path, literal;
  };

  /// A key of scenario.toml, or the figure of one that has a source beside it.
  std::optional<Written> written_at(const std::string& key) const {
    const auto file = files_.find(settings_file);
    if (file == files_.end() || key.find(':') != std::string::npos) return std::nullopt;
    for (const std::string& path : {key, key + ".value"}) {
      if (auto literal = written_value(file->second, path)) return Written{path, *literal};
    }
    return std::nullopt;
  }

  void change_value(const Wish& wish, const Written& written) {
    const bool quoted = written.literal.starts_with('"') || written.literal.starts_with('\'');
    const std::string plain =
        quoted ? written.literal.substr(1, written.literal.size() - 2) : written.literal;
    const auto value = new_value(wish, plain);
    if (!value) return;
    std::string& text = files_.at(settings_file);
    const auto changed = with_value(text, written.path, quoted ? '"' + *value + '"' : *value);
    if (changed) {
      text = *changed;
    } else {
      fault(wish.whole, fmt::format("\"{}\" cannot be written there", *value),
            "it is now " + written.literal);
    }
  }

  std::optional<std::string> new_value(const Wish& wish, const std::string& now) {
    const auto factor = factor_of(wish.value);
    if (!factor) return wish.value;
    const auto value = multiplied(now, *factor);
    if (!value)
      fault(wish.whole, fmt::format("\"{}\" cannot be multiplied", now), "write the whole value");
    return value;
  }

  /// FILE:ROW:COLUMN, FILE:COLUMN or COLUMN.
  bool find_cells(Wish& wish) {
    const std::size_t first = wish.key.find(':'), last = wish.key.rfind(':');
    wish.column = last == std::string::npos ? wish.key : wish.key.substr(last + 1);
    if (first == std::string::npos) return find_table_with_column(wish);
    wish.file = wish.key.substr(0, first);
    if (!wish.file.ends_with(".csv")) wish.file += ".csv";
    if (last > first) wish.row = wish.key.substr(first + 1, last - first - 1);
    if (wish.row == "*") wish.row.clear();
    if (files_.contains(wish.file)) return true;
    fault(wish.whole, fmt::format("there is no table {}", wish.file),
          did_you_mean(wish.file, tables()));
    return false;
  }

  std::vector<std::string> tables() const {
    std::vector<std::string> names;
    for (const auto& [name, text] : files_) {
      if (name.ends_with(".csv")) names.push_back(name);
    }
    return names;
  }

  bool find_table_with_column(Wish& wish) {
    std::vector<std::string> found, known;
    for (const std::string& table : tables()) {
      const auto grid = read_grid(files_.at(table));
      if (!grid) continue;
      if (grid->place_of(wish.column)) found.push_back(table + ":" + wish.column);
      known.insert(known.end(), grid->columns.begin(), grid->columns.end());
    }
    if (found.size() == 1) {
      wish.file = found[0].substr(0, found[0].rfind(':'));
      return true;
    }
    if (found.empty()) {
      fault(wish.whole,
            fmt::format("\"{}\" is neither a value of {} nor a column", wish.key, settings_file),
            did_you_mean(wish.key, known));
    } else {
      fault(wish.whole, fmt::format("several tables have a column \"{}\"", wish.column),
            "say which: " + fmt::format("{}", fmt::join(found, ", ")));
    }
    return false;
  }

  void change_cells(const Wish& wish) {
    auto grid = read_grid(files_.at(wish.file));
    if (!grid) {
      fault(wish.whole, fmt::format("{} cannot be read as a table", wish.file), "");
      return;
    }
    if (!grid->place_of(wish.column)) {
      fault(wish.whole, fmt::format("{} has no column \"{}\"", wish.file, wish.column),
            did_you_mean(wish.column, grid->columns));
      return;
    }
    const std::vector<std::string> names = row_names(*grid);
    bool found = false;
    for (std::size_t r = 0; r < grid->rows.size(); ++r) {
      if (!wish.row.empty() && names[r] != wish.row) continue;
      const std::string now = grid->cell(grid->rows[r], wish.column);
      found = true;
      if (now.empty() && wish.row.empty()) continue;
      const auto value = new_value(wish, now);
      if (!value) return;
      grid->set(r, wish.column, *value);
    }
    if (found) {
      files_.at(wish.file) = write_grid(*grid);
    } else {
      fault(wish.whole, fmt::format("{} has no row \"{}\"", wish.file, wish.row),
            did_you_mean(wish.row, names));
    }
  }

  /// As few of the first columns as tell all rows apart.
  static std::vector<std::string> row_names(const Grid& grid) {
    std::vector<std::string> names(grid.rows.size());
    for (const std::string& column : grid.columns) {
      for (std::size_t r = 0; r < grid.rows.size(); ++r) {
        const std::string part = grid.cell(grid.rows[r], column);
        if (!part.empty()) names[r] += (names[r].empty() ? "" : ", ") + part;
      }
      if (std::set<std::string>(names.begin(), names.end()).size() == names.size()) break;
    }
    return names;
  }

  void fault(const std::string& wish, std::string message, std::string hint) {
    faults_.add({.place = {.file = wish}, .message = std::move(message), .hint = std::move(hint)});
  }

  FileTexts files_;
  Diagnostics faults_;
};

}  // namespace

std::expected<FileTexts, Diagnostics> altered(const FileTexts& files,
                                              const std::vector<std::string>& wishes) {
  Alteration alteration(files);
  for (const std::string& wish : wishes) alteration.make(wish);
  return std::move(alteration).result();
}

}  // namespace vorrat
