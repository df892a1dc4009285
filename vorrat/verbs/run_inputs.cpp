#include "vorrat/verbs/run_inputs.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "vorrat/base/error.h"

namespace vorrat::verbs {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad())
    throw Unavailable(fmt::format("cannot read {}", path.string()));
  return bytes;
}

bool is_input(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".csv" || extension == ".toml" || extension == ".md";
}

}  // namespace

store::Files scenario_files(const fs::path& folder) {
  store::Files files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.is_regular_file() || !is_input(entry.path())) continue;
    files[entry.path().filename().string()] = bytes_of(entry.path());
  }
  return files;
}

store::Files data_files(const fs::path& data) {
  store::Files files;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(data, error)) {
    const fs::path name = entry.path().lexically_relative(data);
    const std::string top = name.begin()->string();
    if (top == "starter" || top == "throughput" || name.extension() == ".md") continue;
    if (!entry.is_regular_file() || !is_input(entry.path())) continue;
    files[name.generic_string()] = bytes_of(entry.path());
  }
  return files;
}

void write_files(const fs::path& folder, const store::Files& files) {
  for (const auto& [name, bytes] : files) {
    const fs::path path = folder / name;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    std::ofstream file(path, std::ios::binary);
    file << bytes;
    file.close();
    if (!file) throw Unavailable(fmt::format("cannot write {}", path.string()));
  }
}

TemporaryFolder::TemporaryFolder() {
  std::error_code error;
  std::string name = (fs::temp_directory_path(error) / "vorrat-XXXXXX").string();
  if (error || mkdtemp(name.data()) == nullptr)
    throw Unavailable("cannot make a temporary folder; name one in TMPDIR");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

LaidOutInputs::LaidOutInputs(const store::Files& scenario, const store::Files& data) {
  write_files(this->scenario(), scenario);
  write_files(this->data(), data);
}

}  // namespace vorrat::verbs
