// What a run reads, as bytes: taken from the disk to be kept, and laid out on the disk to run
// again.
#pragma once

#include <filesystem>

#include "vorrat/store/store.h"

namespace vorrat::verbs {

/// The tables, settings and texts (.csv, .toml, .md) of a scenario folder, not of folders inside
/// it. Empty if there is no such folder. Throws Unavailable if a file cannot be read.
store::Files scenario_files(const std::filesystem::path& folder);

/// The catalogue, the rules and the calibration in a data folder, by path inside it; not the
/// starter scenario and the measurements, which no plan reads.
store::Files data_files(const std::filesystem::path& data);

/// Writes files under `folder`, making the folders they need. Throws Unavailable if it cannot.
void write_files(const std::filesystem::path& folder, const store::Files& files);

/// A new folder in the system's temporary folder, removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A kept run's inputs on the disk, as long as this lives.
class LaidOutInputs {
 public:
  LaidOutInputs(const store::Files& scenario, const store::Files& data);
  std::filesystem::path scenario() const { return folder_.path() / "scenario"; }
  std::filesystem::path data() const { return folder_.path() / "data"; }

 private:
  TemporaryFolder folder_;
};

}  // namespace vorrat::verbs
