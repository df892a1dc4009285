// Fuzzes the reader of XLSX workbooks.
#include <cstdint>
#include <span>

#include "vorrat/input/folder_sheets.h"
#include "vorrat/input/workbook.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto workbook = vorrat::parse_workbook(std::as_bytes(std::span(data, size)), "fuzz.xlsx");
  if (workbook) {
    (void)vorrat::files_of(workbook->sheets);
  } else {
    (void)to_string(workbook.error());
  }
  return 0;
}
