// A scenario folder as the sheets of one workbook, and back, without a byte changed.
//
// Each table NAME.csv is a sheet NAME; each text file (scenario.toml, README.md) is a sheet of its
// lines under its full name. What a sheet cannot hold (line ends, cells quoted without need) stands
// in a hidden sheet "vorrat", so that a folder comes back as it was.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/input/workbook.h"

namespace vorrat {

/// Files by name, as bytes.
using FileTexts = std::map<std::string, std::string>;

/// The .csv, .toml and .md files of a folder, not of folders inside it. Faults: no such folder, no
/// scenario.toml, a file that is not text.
std::expected<FileTexts, Diagnostics> read_folder(const std::filesystem::path& folder);

/// Faults: a table that cannot be read, a line longer than a cell can hold.
std::expected<std::vector<Sheet>, Diagnostics> sheets_of(const FileTexts& files);

/// The files that the sheets came from. A sheet somebody added becomes a table of its name.
FileTexts files_of(const std::vector<Sheet>& sheets);

}  // namespace vorrat
