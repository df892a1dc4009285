// The cases that read problems, estimates and measurements from files.
#include <fmt/format.h>

#include "vorrat/base/error.h"
#include "vorrat/input/estimate_file.h"
#include "vorrat/published/findings.h"
#include "vorrat/published/instances.h"
#include "vorrat/sddp/train.h"
#include "vorrat/tree/extensive_form.h"
#include "vorrat/tree/information_value.h"
#include "vorrat/workload/throughput.h"

namespace vorrat::published {
namespace {

void find_instance(Findings& findings, const std::filesystem::path& folder,
                   const Instance& instance) {
  const auto graph = open_instance(folder, instance).problem.graph;
  findings.add(instance.name, tree::ExtensiveForm(graph).solve_whole({}).objective, "as one tree");
  if (instance.is_integer) return;
  sddp::Options options{.iterations = 500, .gap = 1e-7};
  options.cost_to_go_bound = instance.cost_to_go_bound;
  const auto trained = sddp::train(graph, options);
  findings.add(instance.name, trained.bound, "bound of decomposition");
  findings.add(instance.name, trained.simulated.mean, "cost of its policy");
}

void find_information(Findings& findings, const std::filesystem::path& folder,
                      const std::string& name) {
  const Instance instance{name, name + ".cor"};
  const auto value = tree::information_value(open_instance(folder, instance).problem.graph, {});
  findings.add(name + ": promised cost of the average plan", value.average.promised_cost);
  findings.add(name + ": expected cost of the average plan", value.average.expected_cost.value());
  findings.add(name + ": cost if the future were known", value.known.expected_cost.value());
  findings.add(name + ": worth of perfect information", value.perfect_information.value());
  findings.add(name + ": worth of planning for several futures", value.stochastic_solution.value());
}

void find_capital_expansion(Findings& findings, const std::filesystem::path& folder,
                            const std::string& name) {
  const auto graph = open_instance(folder, {name, name + ".sof.json"}).problem.graph;
  // The bound is asked for, not the policy's cost: its simulation is kept short.
  sddp::Options options{.iterations = 100, .first_check = 0, .simulation_paths = 2};
  auto trained = sddp::train(graph, options);
  findings.add(name + ": bound after 100 iterations", trained.bound);
  findings.add(name + ": stage problems solved", static_cast<double>(trained.solves));
  options.iterations = 600;
  findings.add(name + ": bound after 700 iterations",
               sddp::train_further(trained.policy, options).bound);
}

EstimateFile read(const std::filesystem::path& estimate,
                  const std::map<std::string, std::string>& overrides) {
  auto file = read_estimate(estimate, overrides);
  if (!file) throw InvalidInput(to_string(file.error()));
  return std::move(*file);
}

void add_quantiles(Findings& findings, const std::string& name, const ModelOutput& output) {
  findings.add(name + ", 5 %", output.quantile(0.05).value);
  findings.add(name + ", median", output.quantile(0.5).value);
  findings.add(name + ", 95 %", output.quantile(0.95).value);
}

}  // namespace

void find_instances(Findings& findings, const std::filesystem::path& data) {
  const auto folder = data / "cases" / "instances";
  for (const Instance& instance : built_in_instances()) find_instance(findings, folder, instance);
  for (const char* name : {"cep1", "farmer"}) find_information(findings, folder, name);
  for (const char* name : {"capex1", "capex2"}) find_capital_expansion(findings, folder, name);
}

void find_outside_instances(Findings& findings, const std::filesystem::path& instances) {
  for (const Instance& instance : outside_instances()) {
    if (!instance.is_integer) find_instance(findings, instances, instance);
  }
}

void find_outside_integers(Findings& findings, const std::filesystem::path& instances) {
  for (const Instance& instance : outside_instances()) {
    if (instance.is_integer) find_instance(findings, instances, instance);
  }
}

void find_chip_counts(Findings& findings, const std::filesystem::path& estimate) {
  const EstimateFile file = read(estimate, {});
  std::vector<std::string> names;
  for (const EstimateOutput& output : file.outputs) names.push_back(output.name);
  for (const ModelOutput& output : file.model.run(names, file.options).outputs)
    add_quantiles(findings, output.name, output);
  double last_width = 0.0;
  bool grows = true;
  for (const char* rank : {"0", "0.3", "0.5", "0.9", "0.99"}) {
    const EstimateFile correlated = read(estimate, {{"prices.rank", rank}});
    const auto result = correlated.model.run({"cumulative_h100e"}, correlated.options);
    const ModelOutput& output = result.outputs[0];
    add_quantiles(findings, fmt::format("cumulative_h100e at rank correlation {}", rank), output);
    const double width = output.quantile(0.95).value - output.quantile(0.05).value;
    grows = grows && width > last_width;
    last_width = width;
  }
  findings.add("the 5 to 95 % interval grows with the correlation of prices", grows ? "yes" : "no");
}

void find_throughput(Findings& findings, const std::filesystem::path& data) {
  const auto catalog = catalog::Catalog::load(data);
  if (!catalog) throw InvalidInput(to_string(catalog.error()));
  const auto model = workload::ThroughputModel::load(data, *catalog);
  if (!model) throw InvalidInput(to_string(model.error()));
  const auto problem = workload::make_serving_problem(*catalog, model->kin(), model->rows());
  // One deal of five folds: five fits.
  const auto all =
      workload::agreement(problem.problem, workload::check_calibration(problem.problem, 1),
                          [&](std::size_t row) { return problem.has_lengths[row]; });
  findings.add("measurements used", all.count);
  findings.add("share predicted within 30 %, unseen by the fit", all.within_30_percent);
  findings.add("share predicted within a factor of two, unseen by the fit", all.within_twice);
  findings.add("median of predicted over measured, unseen by the fit", all.median_ratio);
  findings.add("share inside the 80 % band, unseen by the fit", all.in_band);
}

}  // namespace vorrat::published
