// Fuzzes the reader of TOML files, and the reader of estimates on top of it.
#include <cstdint>
#include <string>

#include "vorrat/input/document.h"
#include "vorrat/input/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document =
      vorrat::Document::parse(std::string(reinterpret_cast<const char*>(data), size), "fuzz.toml");
  if (!document) {
    (void)to_string(document.error());
    return 0;
  }
  vorrat::Diagnostics faults;
  vorrat::Record record(document->root(), "file", faults);
  for (const std::string& key : record.keys()) {
    (void)record.optional<vorrat::Power>(key);
    (void)record.uncertain(key, vorrat::dimensions::money);
    (void)record.list(key);
    (void)record.source_of(key);
  }
  record.finish();
  (void)to_string(faults);
  return 0;
}
