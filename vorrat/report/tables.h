// A report as data: sections of typed tables, sentences whose figures are cells of those tables,
// and charts that name the columns they draw. Computed once (plan_tables.h), kept by the store
// (tables_json.h) and rendered by terminal, HTML, XLSX, CSV and JSON without arithmetic.
//
//     Tables
//       answer: sentences ──────────────┐ point at cells
//       sections: tables: columns, rows ┘
//                         charts          name columns of their table
//                         sums            say which rows add up to which
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "vorrat/report/text_table.h"

namespace vorrat::report {

/// How the numbers of a column are written. The cells hold them unrounded.
enum class Format {
  text,
  count,   // whole: "12,345"
  number,  // three significant digits: "12.3"
  money,   // three significant digits and a scale, in the column's unit: "5.23 bn"
  cents,   // exact, in the column's unit: "1,234.56"
  worth,   // signed: "+18,499"
  odds,    // a share of 1, never rounded to certainty: "62 %", "<1 %"
  scaled,  // with a power of a thousand before the unit: "52.3 T"
  exact    // as many digits as it takes: "1e-14"
};

/// Nothing (there is no such figure), words, or a finite number. A number's column may hold words
/// where there is a reason instead of a figure, as in "no plan".
using Cell = std::variant<std::monostate, std::string, double>;

/// A cell that is empty if there is no value or it is not finite.
Cell cell(const std::optional<double>& value);

struct Column {
  std::string id;    // as in "pay_now"; stable, for CSV, JSON and charts
  std::string name;  // for people, without the unit
  Format format = Format::text;
  std::string unit;     // as in "USD" or "accelerators"; "" for words and shares
  std::string meaning;  // what the figure says and under which conditions; every column of odds or
                        // shares has one
};

/// `row` is the sum of the rows `add` less the rows `subtract`, in each of `columns`.
struct Sum {
  std::size_t row = 0;
  std::vector<std::size_t> add, subtract;
  std::vector<std::string> columns;  // ids
};

/// What each kind draws, as roles of columns; [role] may be missing.
enum class ChartKind {
  bars,       // label, value: one bar a row, sums left out
  waterfall,  // label, from, to, value: each bar from `from` to `to`, saying `value`
  sankey,     // from, to, value: one flow a row
  fan,        // x, middle, low, high [series]: a line in its band, one panel a series
  lines,      // x, y [series] [second: a second line] [low, high: a band]
  gantt,      // label, from, to [series] [note]: quarters, both inclusive
  tornado,    // label, low, high [base]: the answer at both ends of an input
  points,     // x, y, label
  map         // label, latitude, longitude [value]
};

struct Chart {
  ChartKind kind = ChartKind::bars;
  std::string id, title;
  std::string alternative;  // one sentence, for those who cannot see it
  std::vector<std::pair<std::string, std::string>> columns;  // role, column id
};

/// One sheet of a workbook, one CSV file. Every row has as many cells as there are columns.
struct DataTable {
  std::string id;  // as in "orders"; unique within a report, stable
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<Sum> sums;
  std::vector<std::string> notes;  // printed under the table
  std::vector<Chart> charts;
  /// Where people read it, the values of this column become columns ("quarter"): rows that agree in
  /// all other words become one. "" = as it stands.
  std::string across;

  /// Throws BrokenContract if there is no such column.
  std::size_t column_index(const std::string& column_id) const;
};

struct Section {
  std::string id, title;
  std::string lead;  // a sentence before the tables, or ""
  std::vector<DataTable> tables;
};

/// Words, or the figure of a cell, written as its column says and with its unit.
struct Piece {
  struct Place {
    std::string table, column;
    std::size_t row = 0;
  };
  std::string words;
  std::optional<Place> place;  // then `words` is empty
};
using Sentence = std::vector<Piece>;

/// A name that the redacted form replaces wherever it stands.
struct Confidential {
  std::string name, replacement;
};

struct Tables {
  std::string title;
  std::string subtitle;          // scenario, day, version
  std::string caution;           // on every page
  std::vector<Sentence> answer;  // at most five sentences
  std::vector<Section> sections;
  std::vector<Confidential> confidential;  // longest names first

  /// Null if there is none.
  const DataTable* find(const std::string& table_id) const;
};

/// Throws BrokenContract, naming the table, if a row has not as many cells as columns, an id
/// repeats, or a sum, chart, piece or `across` names what is not there.
void check(const Tables& tables);

/// The words of a sentence, its figures as the tables show them.
std::string to_text(const Sentence& sentence, const Tables& tables);

/// As people read it: numbers rounded and written, `across` laid out; units, where there are any,
/// are the first row.
Table laid_out(const DataTable& table);

const char* to_string(Format format);
const char* to_string(ChartKind kind);
std::optional<Format> parse_format(const std::string& text);
std::optional<ChartKind> parse_chart_kind(const std::string& text);

}  // namespace vorrat::report
