// Inner loops in one copy per instruction set, chosen when the program starts, and the wide numbers
// they are written with.
#pragma once

// The build stays portable, and since nothing is fused (-ffp-contract=off) or reordered, every copy
// gives the same bits. Empty where the compiler cannot, and under the address sanitizer, which is
// not ready when the choice is made.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define VORRAT_FOR_EACH_CPU __attribute__((target_clones("default", "avx2")))
#else
#define VORRAT_FOR_EACH_CPU
#endif

namespace vorrat::lp {

/// Four numbers at once. Compilers turn this into what the machine has; the bits are the same.
using Four [[gnu::vector_size(32)]] = double;

/// As a Four lies among doubles. Through this type a load is one instruction; memcpy() would go
/// through the stack in two halves, and wait for them.
using FourAmongDoubles [[gnu::vector_size(32), gnu::aligned(8), gnu::may_alias]] = double;

inline void load(Four& four, const double* from) {
  four = *reinterpret_cast<const FourAmongDoubles*>(from);
}
inline void store(double* to, const Four& four) { *reinterpret_cast<FourAmongDoubles*>(to) = four; }

}  // namespace vorrat::lp
