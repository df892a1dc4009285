// One input of a fuzzer as several files: parted by lines of four dashes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// The part `number` of the data, from 0; empty if there are not so many.
inline std::string part(const std::uint8_t* data, std::size_t size, int number) {
  static const std::string mark = "\n----\n";
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::size_t begin = 0;
  for (int i = 0; i < number; ++i) {
    const std::size_t at = text.find(mark, begin);
    if (at == std::string::npos) return {};
    begin = at + mark.size();
  }
  return text.substr(begin, text.find(mark, begin) - begin);
}
