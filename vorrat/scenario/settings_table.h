// The keys of scenario.toml as a table: what the JSON Schema is made from. A test loads scenarios
// with each key taken out and put in, so that the table and the reader cannot part.
#pragma once

#include <span>
#include <string>

namespace vorrat::scenario {

enum class SettingKind {
  text,
  boolean,
  whole,       // a whole number
  whole_list,  // a list of whole numbers
  text_list,   // a list of texts
  day,         // a TOML date, as in 2026-02-09
  quarter,     // as in "2026Q1"
  fact,        // a quantity or range as text, or a table with value, source, date, kind and note
  choice       // one of `choices`
};

/// One key. `section` is the dotted path of its table; "*" stands for any name, "[]" for each table
/// of a list.
struct Setting {
  const char* section = "";
  const char* key = "";
  SettingKind kind = SettingKind::text;
  bool is_required = true;
  const char* example = "";  // as written in TOML
  const char* says = "";     // unit, range and meaning
  const char* choices = "";  // separated by spaces
};

/// All keys, in the order in which a person writes them.
std::span<const Setting> settings_table();

}  // namespace vorrat::scenario
