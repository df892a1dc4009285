#include "vorrat/published/instances.h"

#include "vorrat/base/error.h"

namespace vorrat::published {

const std::vector<InstanceFile>& instance_files() {
  static const std::vector<InstanceFile> files = {
      {"cep1", "cep1.cor"},
      {"farmer", "farmer.cor"},
      {"hydro_valley_deterministic", "hydro_valley_deterministic.sof.json"},
      {"hydro_valley_stagewise", "hydro_valley_stagewise.sof.json"},
      {"hydro_valley_markov", "hydro_valley_markov.sof.json"},
      {"hydro_valley_markov_stagewise", "hydro_valley_markov_stagewise.sof.json"},
      {"asset_management_simple", "asset_management_simple.sof.json"},
      {"prob52_2stages", "prob52_2stages.sof.json"},
      {"prob52_3stages", "prob52_3stages.sof.json"},
      {"nvid", "nvid.sof.json", 1000.0}};
  return files;
}

program::OpenedProblem open_instance(const std::filesystem::path& data, const std::string& file) {
  auto opened = program::open_problem({.file = data / "cases" / "instances" / file});
  if (!opened) throw InvalidInput(to_string(opened.error()));
  return std::move(*opened);
}

}  // namespace vorrat::published
