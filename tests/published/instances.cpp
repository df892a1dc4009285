#include "tests/published/instances.h"

#include <cstdlib>

namespace vorrat::published {

std::filesystem::path instance_folder() {
  const char* named = std::getenv("VORRAT_INSTANCES");
  return named != nullptr ? std::filesystem::path(named)
                          : std::filesystem::path(VORRAT_SOURCE_DIR) / "../shared/instances";
}

std::ostream& operator<<(std::ostream& out, const Instance& instance) {
  return out << instance.file;
}

std::vector<Instance> linear_instances() {
  return {Instance{"lands/lands.cor", 381.8533333},
          Instance{"lands/lands.cor", 381.8533333, nullptr, "lands/lands-blocks.sto"},
          Instance{"pgp2/pgp2.cor", 447.3243455},
          Instance{"airlift/airl.cor", 249101.6720723, nullptr, "airlift/airl-first.sto"},
          Instance{"airlift/airl.cor", 269665.4983901, nullptr, "airlift/airl-second.sto"},
          Instance{"chem/chem.cor", -13009.1666667},
          Instance{"news_vendor/news_vendor.sof.json", 5.0},
          Instance{"electric/electric.sof.json", 381.8533333},
          Instance{"electric/electric.problem.json", 381.8533333},
          Instance{"electric/electric.problem.json", 393.76, "electric/electric-tree.lattice.json"},
          Instance{"hydro_thermal/hydro_thermal.problem.json", 8333.333333},
          Instance{"msplib07/(07_0)_D.problem.json", 1.5140846429},
          Instance{"msplib07/(07_1)_D.problem.json", 2.2510500695},
          Instance{"msplib07/(07_2)_D.problem.json", -0.5832958357}};
}

std::vector<Instance> integer_instances() {
  return {Instance{"sizes/sizes.cor", 224433.7333, nullptr, "sizes/sizes-3.sto"},
          Instance{"sizes/sizes.cor", 224486.0, nullptr, "sizes/sizes-5.sto"}};
}

program::OpenedProblem open(const Instance& instance) {
  const auto folder = instance_folder();
  program::ProblemFiles files{.file = folder / instance.file};
  if (instance.lattice != nullptr) files.lattice = folder / instance.lattice;
  if (instance.stoch != nullptr) {
    files.stoch = folder / instance.stoch;
    files.time = (folder / instance.file).replace_extension(".tim");
  }
  auto opened = program::open_problem(files);
  EXPECT_TRUE(opened) << to_string(opened.error());
  return opened.value_or(program::OpenedProblem());
}

}  // namespace vorrat::published
