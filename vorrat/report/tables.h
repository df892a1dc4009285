// The answer as tables and sentences: computed once here, rendered by terminal, JSON, HTML, CSV and
// XLSX without arithmetic.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vorrat/fleet/plan.h"

namespace vorrat::report {

/// What every result says about how it came to be, beside the plan's own method.
struct RunFacts {
  std::string scenario;  // folder name
  std::string title;
  std::string known_on;                  // the day up to which the inputs are known
  std::string input_hash;                // SHA-256 of the resolved inputs, hex
  std::string version;                   // of vorrat
  std::vector<std::string> assumptions;  // filled in by default, one sentence each
  std::vector<std::string> notes;        // what the method leaves out, one sentence each
};

enum class Align { left, right };

struct TableColumn {
  std::string name;
  Align align = Align::left;
};

/// A table for people. Every cell is text already rounded as it should be read.
struct Table {
  std::string id;  // as in "orders"; stable, for files and links
  std::string title;
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;  // printed under the table
};

/// The answer in a few computed sentences: what to order now, what it costs, what limits, how sure.
std::vector<std::string> answer_sentences(const fleet::Plan& plan);

/// Orders, what is not ordered, money, fleet, service, limits, method; only those with something to
/// say.
std::vector<Table> plan_tables(const fleet::Plan& plan, const RunFacts& facts);

/// "12,345"; "0.12" for small numbers; never more than `digits` significant digits beyond the
/// thousands.
std::string format_number(double value, int digits = 3);
/// "USD 5.23 bn", "USD 12.0 m", "USD 840".
std::string format_money(double value, const std::string& currency);
/// Exact: "1,234.56".
std::string format_cents(std::int64_t cents);
/// "62 %", "<1 %", ">99 %", "0 %", "100 %".
std::string format_odds(double odds);

}  // namespace vorrat::report
