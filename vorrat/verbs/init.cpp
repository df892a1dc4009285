#include "vorrat/verbs/init.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "vorrat/base/error.h"
#include "vorrat/catalog/catalog.h"

namespace vorrat::verbs {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> starter_files(const fs::path& starter) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(starter, error)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  if (error || files.empty())
    throw Unavailable(fmt::format("there is no starter scenario in {}", starter.string()));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

InitResult run(const InitRequest& request) {
  const std::vector<fs::path> files =
      starter_files(catalog::find_data_folder(request.data) / "starter");
  for (const fs::path& file : files) {
    if (fs::exists(request.folder / file.filename())) {
      throw InvalidInput(
          fmt::format("{} is there already, and is kept: choose a folder that is empty or new",
                      (request.folder / file.filename()).string()));
    }
  }
  std::error_code error;
  fs::create_directories(request.folder, error);
  if (error)
    throw Unavailable(
        fmt::format("cannot make the folder {}: {}", request.folder.string(), error.message()));
  InitResult result;
  for (const fs::path& file : files) {
    const fs::path target = request.folder / file.filename();
    fs::copy_file(file, target, fs::copy_options::none, error);
    if (error)
      throw Unavailable(fmt::format("cannot write {}: {}", target.string(), error.message()));
    result.written.push_back(target);
  }
  return result;
}

std::string to_text(const InitRequest& request, const InitResult& result) {
  std::string text;
  for (const fs::path& file : result.written) text += "wrote " + file.string() + "\n";
  return text + fmt::format("next: vorrat check {0}; vorrat plan {0}\n", request.folder.string());
}

}  // namespace vorrat::verbs
