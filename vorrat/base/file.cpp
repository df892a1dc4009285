#include "vorrat/base/file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "vorrat/base/error.h"

namespace vorrat {
namespace {

/// Why it could not, or "".
std::string write(const std::filesystem::path& file, const std::string& text) {
  errno = 0;
  std::ofstream stream(file, std::ios::binary | std::ios::trunc);
  stream.write(text.data(), static_cast<std::streamsize>(text.size()));
  stream.close();
  if (stream) return "";
  return errno != 0 ? std::generic_category().message(errno) : "the disk failed";
}

}  // namespace

void write_whole(const std::filesystem::path& file, const std::string& text) {
  // Two processes that write the same file do not write the same part.
  const std::filesystem::path part = fmt::format("{}.{}.part", file.string(), getpid());
  std::string reason = write(part, text);
  std::error_code error;
  if (reason.empty()) std::filesystem::rename(part, file, error);
  if (error) reason = error.message();
  if (reason.empty()) return;
  std::filesystem::remove(part, error);
  throw Unavailable(fmt::format("cannot write {}: {}", file.string(), reason));
}

std::string read_whole(const std::filesystem::path& file) {
  // A stream on a folder opens, and throws what it likes on the first read.
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file))
    throw Unavailable(fmt::format("cannot read {}", file.string()));
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace vorrat
