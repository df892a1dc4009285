#include "vorrat/base/random.h"

namespace vorrat {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) : key_(mix(seed)) {
  // FNV-1a folds the name; mix() spreads it.
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  key_ = mix(key_ ^ mix(hash));
}

std::uint64_t RandomStream::bits(std::uint64_t path, std::uint64_t step,
                                 std::uint64_t index) const {
  return mix(mix(mix(key_ + path) + step) + index);
}

double RandomStream::uniform(std::uint64_t path, std::uint64_t step, std::uint64_t index) const {
  // 52 bits and a half step, so that neither end is reached and the half step is exact.
  return (static_cast<double>(bits(path, step, index) >> 12) + 0.5) * 0x1.0p-52;
}

}  // namespace vorrat
