// Fuzzes the reader of CSV tables, and their way through sheets and back.
#include <cstdint>
#include <string>

#include "vorrat/input/folder_sheets.h"
#include "vorrat/input/reader.h"
#include "vorrat/input/table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto table = vorrat::Table::parse(text, "fuzz.csv");
  if (!table) {
    (void)to_string(table.error());
    return 0;
  }
  vorrat::Diagnostics faults;
  table->check_columns({"offer", "price"}, {"site"}, faults);
  for (std::size_t row = 0; row < table->row_count(); ++row) {
    vorrat::Record record(*table, row, "row", faults);
    for (const std::string& column : table->columns()) {
      (void)record.optional_uncertain<vorrat::UnitPrice>(column);
    }
  }
  (void)to_string(faults);
  const auto sheets = vorrat::sheets_of({{"fuzz.csv", text}});
  if (sheets) (void)vorrat::files_of(*sheets);
  return 0;
}
