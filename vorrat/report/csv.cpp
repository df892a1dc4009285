#include "vorrat/report/csv.h"

#include <fmt/format.h>

namespace vorrat::report {
namespace {

// A spreadsheet takes a text that begins with one of these for a formula.
bool looks_like_a_formula(const std::string& text) {
  return !text.empty() && std::string("=+-@\t\r").find(text[0]) != std::string::npos;
}

std::string field(const std::string& text) {
  const std::string safe = looks_like_a_formula(text) ? "'" + text : text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string field(const Cell& cell) {
  if (const auto* words = std::get_if<std::string>(&cell)) return field(*words);
  if (const auto* value = std::get_if<double>(&cell)) return fmt::format("{}", *value);
  return "";
}

}  // namespace

std::string to_csv(const DataTable& table) {
  std::string text;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const Column& column = table.columns[c];
    text += c > 0 ? "," : "";
    text += field(column.unit.empty() ? column.id : column.id + " [" + column.unit + "]");
  }
  text += "\n";
  for (const auto& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      text += c > 0 ? "," : "";
      text += field(row[c]);
    }
    text += "\n";
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> to_csv(const Tables& tables) {
  std::string answer = "sentence\n";
  for (const Sentence& sentence : tables.answer) answer += field(to_text(sentence, tables)) + "\n";
  answer += field(tables.caution) + "\n";
  std::vector<std::pair<std::string, std::string>> files = {{"answer.csv", answer}};
  for (const Section& section : tables.sections) {
    for (const DataTable& table : section.tables)
      files.emplace_back(table.id + ".csv", to_csv(table));
  }
  return files;
}

}  // namespace vorrat::report
