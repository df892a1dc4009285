// Public instances with known optima that may not be copied into this tree, read from the folder
// that VORRAT_INSTANCES names; tests are skipped where it is missing. Those that may be copied are
// built-in cases (vorrat/published).
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <ostream>
#include <vector>

#include "vorrat/program/problem_file.h"

namespace vorrat::published {

struct Instance {
  const char* file;
  double optimum;
  const char* lattice = nullptr;
  const char* stoch = nullptr;
};
std::ostream& operator<<(std::ostream& out, const Instance& instance);

/// The figures of the README of the instances, which says which are published.
std::vector<Instance> linear_instances();
std::vector<Instance> integer_instances();

std::filesystem::path instance_folder();
program::OpenedProblem open(const Instance& instance);

#define SKIP_WITHOUT_INSTANCES()                          \
  if (!std::filesystem::exists(instance_folder()))        \
  GTEST_SKIP() << "no instances in " << instance_folder() \
               << "; set VORRAT_INSTANCES to their folder"

}  // namespace vorrat::published
