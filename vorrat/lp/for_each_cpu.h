// Inner loops in one copy per instruction set, chosen when the program starts.
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
