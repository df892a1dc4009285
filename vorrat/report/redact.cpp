#include "vorrat/report/redact.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "vorrat/report/format.h"

namespace vorrat::report {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool same_letters(const std::string& text, std::size_t at, const std::string& name) {
  if (at + name.size() > text.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (lower(text[at + i]) != lower(name[i])) return false;
  }
  return true;
}

/// Whole words only, whatever their case.
std::string without_name(const std::string& text, const Confidential& secret) {
  if (secret.name.empty()) return text;
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = i + secret.name.size();
    const bool whole =
        (i == 0 || !is_word(text[i - 1])) && (end >= text.size() || !is_word(text[end]));
    if (whole && same_letters(text, i, secret.name)) {
      result += secret.replacement;
      i = end;
    } else {
      result += text[i++];
    }
  }
  return result;
}

std::string without_names(std::string text, const std::vector<Confidential>& secrets) {
  for (const Confidential& secret : secrets) text = without_name(text, secret);
  return text;
}

/// A number in a text: "1,234.5". Parts of words, days, quarters and citations are none.
std::size_t end_of_number(const std::string& text, std::size_t start) {
  std::size_t end = start;
  while (end < text.size() &&
         (is_digit(text[end]) || ((text[end] == ',' || text[end] == '.') && end + 1 < text.size() &&
                                  is_digit(text[end + 1]))))
    ++end;
  return end;
}

bool stands_alone(const std::string& text, std::size_t start, std::size_t end) {
  const auto joins = [](char c) { return is_word(c) || c == '-' || c == '/' || c == '('; };
  if (start > 0 && joins(text[start - 1]) && text[start - 1] != '(') {
    // A sign before a figure is no hyphen in a word.
    const bool sign = text[start - 1] == '-' && (start == 1 || text[start - 2] == ' ');
    if (!sign) return false;
  }
  return end >= text.size() || !joins(text[end]);
}

std::string with_rounded_numbers(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      result += text[i++];
      continue;
    }
    const std::size_t end = end_of_number(text, i);
    std::string digits = text.substr(i, end - i);
    if (stands_alone(text, i, end)) {
      const bool grouped = digits.find(',') != std::string::npos;
      std::erase(digits, ',');
      const double value = rounded(std::stod(digits));
      digits = grouped ? format_number(value, 0) : fmt::format("{}", value);
    }
    result += digits;
    i = end;
  }
  return result;
}

/// Sums of sums come after what they add, so one pass in the order of the table is enough.
void add_up(DataTable& table) {
  for (const Sum& sum : table.sums) {
    for (const std::string& id : sum.columns) {
      const std::size_t c = table.column_index(id);
      double total = 0.0;
      for (std::size_t row : sum.add)
        if (const auto* value = std::get_if<double>(&table.rows[row][c])) total += *value;
      for (std::size_t row : sum.subtract)
        if (const auto* value = std::get_if<double>(&table.rows[row][c])) total -= *value;
      if (std::holds_alternative<double>(table.rows[sum.row][c])) table.rows[sum.row][c] = total;
    }
  }
}

const std::set<std::string> telling_columns = {"latitude", "longitude", "owner", "jurisdiction",
                                               "title"};
// Words in which digits are no figures of the buyer.
const std::set<std::string> public_tables = {"rules", "order-law", "method", "insight_method"};

void drop_columns(DataTable& table) {
  if (table.id != "sites") return;
  table.charts.clear();
  for (std::size_t c = table.columns.size(); c-- > 0;) {
    if (!telling_columns.contains(table.columns[c].id)) continue;
    table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(c));
    for (auto& row : table.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(c));
  }
}

void redact(DataTable& table, const std::vector<Confidential>& secrets) {
  drop_columns(table);
  const bool is_public = public_tables.contains(table.id);
  for (auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (auto* value = std::get_if<double>(&row[c])) *value = rounded(*value);
      if (auto* words = std::get_if<std::string>(&row[c])) {
        *words = without_names(*words, secrets);
        const std::string& id = table.columns[c].id;
        if (!is_public && id != "source" && id != "date" && id != "quarter")
          *words = with_rounded_numbers(*words);
      }
    }
  }
  for (std::string& note : table.notes) note = without_names(note, secrets);
  add_up(table);
  if (!table.sums.empty())
    table.notes.push_back("figures are rounded to two digits; sums are those of the rounded ones");
}

}  // namespace

double rounded(double value) {
  if (value == 0.0) return 0.0;
  const int exponent = static_cast<int>(std::floor(std::log10(std::abs(value)))) - 1;
  // Dividing by a whole power of ten rounds better than multiplying by a fraction of one.
  const double scale = std::pow(10.0, std::abs(exponent));
  return exponent >= 0 ? std::round(value / scale) * scale : std::round(value * scale) / scale;
}

Tables redacted(Tables tables) {
  for (Section& section : tables.sections) {
    section.lead = without_names(section.lead, tables.confidential);
    for (DataTable& table : section.tables) redact(table, tables.confidential);
  }
  for (Sentence& sentence : tables.answer) {
    for (Piece& piece : sentence) piece.words = without_names(piece.words, tables.confidential);
  }
  tables.title = without_names(tables.title, tables.confidential);
  tables.subtitle = without_names(tables.subtitle, tables.confidential) + "; redacted: figures " +
                    "rounded, sites not named";
  tables.confidential.clear();
  check(tables);
  return tables;
}

}  // namespace vorrat::report
