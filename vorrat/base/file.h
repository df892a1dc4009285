// Files of results, written whole or not at all.
#pragma once

#include <filesystem>
#include <string>

namespace vorrat {

/// Replaces `file` by one that holds `text`: written beside it, then renamed, so that a kill at any
/// moment leaves the old file or the new one, never half of one. Throws Unavailable, naming the
/// file and the reason, if it cannot; then the old file is still there.
void write_whole(const std::filesystem::path& file, const std::string& text);

/// The bytes of `file`. Throws Unavailable, naming the file, if it cannot be read.
std::string read_whole(const std::filesystem::path& file);

}  // namespace vorrat
