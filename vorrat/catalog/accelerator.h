// What is known of an AI chip as sold: ratings, power, size, price, and where each is from.
#pragma once

#include <optional>
#include <string>

#include "vorrat/base/date.h"
#include "vorrat/input/sourced.h"
#include "vorrat/quantity/quantity.h"

namespace vorrat::catalog {

/// What one accelerator has been sold for, without server and duty.
struct PriceRange {
  UnitPrice low;
  UnitPrice middle;
  UnitPrice high;
  Source source;
};

/// One packaged AI chip as sold. Whatever no source was found for is empty, never guessed.
///
///     accelerator,title,vendor,release,fp16,fp8,fp4,memory,memory_bandwidth,interconnect,power,...
///     h200-sxm,H200 141GB SXM5,NVIDIA,2024Q2,989.5 TFLOP/s,1979 TFLOP/s,,141 GB,4800 GB/s,900
///     GB/s,700 W,...
struct Accelerator {
  std::string id;
  std::string title;
  std::string vendor;
  std::optional<Quarter> release;
  std::optional<ComputeRate> fp16;  // dense, never with sparsity
  std::optional<ComputeRate> fp8;   // dense; FP8, or INT8 where there is no FP8
  std::optional<ComputeRate> fp4;   // dense
  std::optional<Data> memory;
  std::optional<Bandwidth> memory_bandwidth;
  std::optional<Bandwidth> interconnect;  // to other accelerators, sum of both directions
  std::optional<Power> power;             // thermal design power of the package
  std::string process;
  std::optional<Area> die_area;               // logic dies of the package
  std::optional<double> total_performance;    // TPP of the US export rules: dense TOP/s times bits
  std::optional<double> performance_density;  // TPP per mm2 of die area
  Source ratings;
  std::optional<PriceRange> price;
  std::string note;
};

}  // namespace vorrat::catalog
