// show: a kept run as it was: when, from what, with what, and its answer byte for byte.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vorrat/store/store.h"

namespace vorrat::verbs {

struct ShowRequest {
  std::string run;                                      // a number, or "last"
  std::optional<std::filesystem::path> file;            // of the store; else store::default_file()
  std::optional<std::filesystem::path> write_scenario;  // a new or empty folder for its inputs
};

struct ShowResult {
  store::Run run;
  store::Settings options, versions;
  std::size_t scenario_file_count = 0, data_file_count = 0, actual_count = 0;
  store::Files results;
  std::vector<std::filesystem::path> written;
};

/// Throws InvalidInput if there is no such run, or the folder to write to holds something.
ShowResult run(const ShowRequest& request);

/// What the run was, then its answer as it was printed.
std::string to_text(const ShowResult& result);
/// The answer as `vorrat plan --json` printed it.
std::string to_json(const ShowResult& result);

}  // namespace vorrat::verbs
