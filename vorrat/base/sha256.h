// SHA-256, for naming inputs by their content.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace vorrat {

/// The running digest of a text given in pieces.
///
///     Sha256 hash;
///     hash.add("abc");
///     hash.hex();  // "ba7816bf..."
///
/// Source: NIST FIPS 180-4 (2015), sections 5 and 6.2.
class Sha256 {
 public:
  Sha256();
  void add(std::string_view text);
  /// The digest of all that was added so far, as 64 hexadecimal digits. More may be added after.
  std::string hex() const;

 private:
  void take_block(const unsigned char* block);

  std::array<std::uint32_t, 8> state_;
  std::array<unsigned char, 64> pending_{};
  std::uint64_t length_ = 0;  // bytes added
};

/// The digest of one text.
std::string sha256_hex(std::string_view text);

}  // namespace vorrat
