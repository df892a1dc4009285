// Checks of numbers on the command line, for CLI::Option::check(): what is wrong with the text, in
// words, or nothing.
#pragma once

#include <string>

namespace vorrat::cli {

std::string above_zero(const std::string& text);
std::string not_negative(const std::string& text);
std::string finite(const std::string& text);
/// For seeds: 0 to 2^64 - 1.
std::string whole(const std::string& text);

}  // namespace vorrat::cli
