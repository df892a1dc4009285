#include "vorrat/published/instances.h"

#include "vorrat/base/error.h"

namespace vorrat::published {

const std::vector<Instance>& built_in_instances() {
  static const std::vector<Instance> all = {
      {"cep1", "cep1.cor"},
      {"farmer", "farmer.cor"},
      {"hydro_valley_deterministic", "hydro_valley_deterministic.sof.json"},
      {"hydro_valley_stagewise", "hydro_valley_stagewise.sof.json"},
      {"hydro_valley_markov", "hydro_valley_markov.sof.json"},
      {"hydro_valley_markov_stagewise", "hydro_valley_markov_stagewise.sof.json"},
      {"asset_management_simple", "asset_management_simple.sof.json"},
      {"prob52_2stages", "prob52_2stages.sof.json"},
      {"prob52_3stages", "prob52_3stages.sof.json"},
      {.name = "nvid", .file = "nvid.sof.json", .cost_to_go_bound = 1000.0}};
  return all;
}

const std::vector<Instance>& outside_instances() {
  static const std::vector<Instance> all = {
      {"lands", "lands/lands.cor"},
      {.name = "lands_blocks", .file = "lands/lands.cor", .stoch = "lands/lands-blocks.sto"},
      {"pgp2", "pgp2/pgp2.cor"},
      {.name = "airlift_first", .file = "airlift/airl.cor", .stoch = "airlift/airl-first.sto"},
      {.name = "airlift_second", .file = "airlift/airl.cor", .stoch = "airlift/airl-second.sto"},
      {"chem", "chem/chem.cor"},
      {"news_vendor", "news_vendor/news_vendor.sof.json"},
      {"electric_sof", "electric/electric.sof.json"},
      {"electric_msp", "electric/electric.problem.json"},
      {.name = "electric_tree",
       .file = "electric/electric.problem.json",
       .lattice = "electric/electric-tree.lattice.json"},
      {"hydro_thermal", "hydro_thermal/hydro_thermal.problem.json"},
      {"msplib_07_0", "msplib07/(07_0)_D.problem.json"},
      {"msplib_07_1", "msplib07/(07_1)_D.problem.json"},
      {"msplib_07_2", "msplib07/(07_2)_D.problem.json"},
      {.name = "sizes3",
       .file = "sizes/sizes.cor",
       .stoch = "sizes/sizes-3.sto",
       .is_integer = true},
      {.name = "sizes5",
       .file = "sizes/sizes.cor",
       .stoch = "sizes/sizes-5.sto",
       .is_integer = true}};
  return all;
}

program::OpenedProblem open_instance(const std::filesystem::path& folder,
                                     const Instance& instance) {
  program::ProblemFiles files{.file = folder / instance.file};
  if (!instance.lattice.empty()) files.lattice = folder / instance.lattice;
  if (!instance.stoch.empty()) {
    files.stoch = folder / instance.stoch;
    files.time = std::filesystem::path(files.file).replace_extension(".tim");
  }
  auto opened = program::open_problem(files);
  if (!opened) throw InvalidInput(to_string(opened.error()));
  return std::move(*opened);
}

}  // namespace vorrat::published
