#include "vorrat/verbs/convert.h"

#include <fmt/format.h>

#include <fstream>

#include "vorrat/base/error.h"
#include "vorrat/input/folder_sheets.h"
#include "vorrat/input/workbook.h"

namespace vorrat::verbs {
namespace {

void expect_free(const std::filesystem::path& target, Overwrite overwrite) {
  if (overwrite == Overwrite::refuse && std::filesystem::exists(target)) {
    throw InvalidInput(fmt::format(
        "{} exists already; name another place, or allow it with --force", target.string()));
  }
}

ConvertResult to_workbook(const ConvertRequest& request) {
  ConvertResult result;
  const auto files = read_folder(request.from);
  if (!files) {
    result.diagnostics = files.error();
    return result;
  }
  const auto sheets = sheets_of(*files);
  if (!sheets) {
    result.diagnostics = sheets.error();
    return result;
  }
  expect_free(request.to, request.overwrite);
  write_workbook(request.to, *sheets);
  result.written.push_back(request.to);
  if (files_of(*sheets) == *files) return result;
  result.diagnostics.add(
      {.place = {.file = request.from.string()},
       .message = "some file will not come back byte for byte (empty lines or blanks in a table)",
       .severity = Severity::warning});
  return result;
}

ConvertResult to_folder(const ConvertRequest& request) {
  ConvertResult result;
  const auto workbook = read_workbook(request.from);
  if (!workbook) {
    result.diagnostics = workbook.error();
    return result;
  }
  result.diagnostics = workbook->notes;
  const FileTexts files = files_of(workbook->sheets);
  for (const auto& [name, text] : files) expect_free(request.to / name, request.overwrite);
  std::filesystem::create_directories(request.to);
  for (const auto& [name, text] : files) {
    const std::filesystem::path path = request.to / name;
    std::ofstream stream(path, std::ios::binary);
    stream << text;
    stream.flush();
    if (!stream) throw Unavailable(fmt::format("cannot write {}", path.string()));
    result.written.push_back(path);
  }
  return result;
}

}  // namespace

ConvertResult run(const ConvertRequest& request) {
  const bool from_workbook = request.from.extension() == ".xlsx";
  const bool into_workbook = request.to.extension() == ".xlsx";
  if (from_workbook == into_workbook) {
    throw InvalidInput("one of the two places is a folder, the other a workbook (.xlsx)");
  }
  return from_workbook ? to_folder(request) : to_workbook(request);
}

std::string to_text(const ConvertResult& result) {
  std::string text;
  for (const auto& path : result.written) text += fmt::format("wrote {}\n", path.string());
  return text;
}

}  // namespace vorrat::verbs
