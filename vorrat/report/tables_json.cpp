#include "vorrat/report/tables_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "vorrat/base/error.h"

namespace vorrat::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int version = 1;

Json cell_json(const Cell& cell) {
  if (const auto* words = std::get_if<std::string>(&cell)) return *words;
  if (const auto* value = std::get_if<double>(&cell)) return *value;
  return nullptr;
}

Cell read_cell(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number()) return json.get<double>();
  if (json.is_null()) return std::monostate{};
  throw InvalidInput("a cell is neither a number nor words nor null");
}

Json column_json(const Column& column) {
  return {{"id", column.id},
          {"name", column.name},
          {"format", to_string(column.format)},
          {"unit", column.unit},
          {"meaning", column.meaning}};
}

Column read_column(const Json& json) {
  const auto format = parse_format(json.at("format"));
  if (!format) throw InvalidInput(fmt::format("unknown format {}", json.at("format").dump()));
  return {.id = json.at("id"),
          .name = json.at("name"),
          .format = *format,
          .unit = json.at("unit"),
          .meaning = json.at("meaning")};
}

Json sum_json(const Sum& sum) {
  return {{"row", sum.row}, {"add", sum.add}, {"subtract", sum.subtract}, {"columns", sum.columns}};
}

Sum read_sum(const Json& json) {
  return {.row = json.at("row"),
          .add = json.at("add"),
          .subtract = json.at("subtract"),
          .columns = json.at("columns")};
}

Json chart_json(const Chart& chart) {
  Json columns = Json::object();
  for (const auto& [role, column] : chart.columns) columns[role] = column;
  return {{"kind", to_string(chart.kind)},
          {"id", chart.id},
          {"title", chart.title},
          {"alternative", chart.alternative},
          {"columns", columns}};
}

Chart read_chart(const Json& json) {
  const auto kind = parse_chart_kind(json.at("kind"));
  if (!kind) throw InvalidInput(fmt::format("unknown chart {}", json.at("kind").dump()));
  Chart chart{.kind = *kind,
              .id = json.at("id"),
              .title = json.at("title"),
              .alternative = json.at("alternative"),
              .columns = {}};
  for (const auto& [role, column] : json.at("columns").items())
    chart.columns.emplace_back(role, column.get<std::string>());
  return chart;
}

template <typename Item, typename Write>
Json array_of(const std::vector<Item>& items, Write write) {
  Json result = Json::array();
  for (const Item& item : items) result.push_back(write(item));
  return result;
}

template <typename Read>
auto read_all(const Json& array, Read read) {
  std::vector<decltype(read(array))> result;
  for (const Json& item : array) result.push_back(read(item));
  return result;
}

Json table_json(const DataTable& table) {
  return {{"id", table.id},
          {"title", table.title},
          {"columns", array_of(table.columns, column_json)},
          {"rows", array_of(table.rows, [](const auto& row) { return array_of(row, cell_json); })},
          {"sums", array_of(table.sums, sum_json)},
          {"notes", table.notes},
          {"charts", array_of(table.charts, chart_json)},
          {"across", table.across}};
}

DataTable read_table(const Json& json) {
  return {
      .id = json.at("id"),
      .title = json.at("title"),
      .columns = read_all(json.at("columns"), read_column),
      .rows = read_all(json.at("rows"), [](const Json& row) { return read_all(row, read_cell); }),
      .sums = read_all(json.at("sums"), read_sum),
      .notes = json.at("notes"),
      .charts = read_all(json.at("charts"), read_chart),
      .across = json.at("across")};
}

Json piece_json(const Piece& piece) {
  if (!piece.place) return piece.words;
  return {
      {"table", piece.place->table}, {"row", piece.place->row}, {"column", piece.place->column}};
}

Piece read_piece(const Json& json) {
  if (json.is_string()) return {.words = json, .place = {}};
  return {.words = {},
          .place = Piece::Place{
              .table = json.at("table"), .column = json.at("column"), .row = json.at("row")}};
}

Json section_json(const Section& section) {
  return {{"id", section.id},
          {"title", section.title},
          {"lead", section.lead},
          {"tables", array_of(section.tables, table_json)}};
}

Section read_section(const Json& json) {
  return {.id = json.at("id"),
          .title = json.at("title"),
          .lead = json.at("lead"),
          .tables = read_all(json.at("tables"), read_table)};
}

Tables read_tables(const Json& json) {
  if (json.at("tables_version") != version) {
    throw InvalidInput(fmt::format("tables of version {}; this vorrat reads version {}",
                                   json.at("tables_version").dump(), version));
  }
  return {.title = json.at("title"),
          .subtitle = json.at("subtitle"),
          .caution = json.at("caution"),
          .answer = read_all(json.at("answer"),
                             [](const Json& sentence) { return read_all(sentence, read_piece); }),
          .sections = read_all(json.at("sections"), read_section),
          .confidential = read_all(json.at("confidential"), [](const Json& name) {
            return Confidential{.name = name.at("name"), .replacement = name.at("replacement")};
          })};
}

}  // namespace

std::string to_json(const Tables& tables) {
  const Json result = {
      {"tables_version", version},
      {"title", tables.title},
      {"subtitle", tables.subtitle},
      {"caution", tables.caution},
      {"answer", array_of(tables.answer,
                          [](const Sentence& sentence) { return array_of(sentence, piece_json); })},
      {"sections", array_of(tables.sections, section_json)},
      {"confidential", array_of(tables.confidential, [](const Confidential& name) {
         return Json{{"name", name.name}, {"replacement", name.replacement}};
       })}};
  return result.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Tables tables_from_json(const std::string& text) {
  try {
    Tables tables = read_tables(Json::parse(text));
    check(tables);
    return tables;
  } catch (const nlohmann::json::exception& error) {
    throw InvalidInput(fmt::format("these are not the tables of a report: {}", error.what()));
  } catch (const BrokenContract& error) {
    throw InvalidInput(fmt::format("these tables do not hold together: {}", error.what()));
  }
}

}  // namespace vorrat::report
