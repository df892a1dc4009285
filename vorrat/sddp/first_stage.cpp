#include "vorrat/sddp/first_stage.h"

#include "vorrat/base/error.h"
#include "vorrat/sddp/passes.h"

namespace vorrat::sddp {
namespace {

std::vector<program::Realization> with_changes(const ValuePolicy& policy,
                                               std::span<const program::Change> changes) {
  std::vector<program::Realization> result;
  for (const Outcome& outcome : policy.root().outcomes) {
    const program::Node& node = policy.graph().nodes[outcome.node];
    program::Realization& realization = result.emplace_back(
        node.noise.empty() ? program::Realization() : node.noise[outcome.realization]);
    realization.changes.insert(realization.changes.end(), changes.begin(), changes.end());
  }
  return result;
}

}  // namespace

std::optional<FirstStage> first_stage(ValuePolicy& policy, std::span<const program::Change> changes,
                                      const FirstStageOptions& options) {
  needs(options.threads >= 1, "threads >= 1");
  Passes passes(policy, *options.risk, CutSelection::useful, options.longest_path, Teaching::alone,
                with_changes(policy, changes));
  passes.set_enough(options.enough);
  StageProblems& problems = policy.problems();
  const RandomStream random(options.seed, "sddp first stage");
  ThreadTeam team(options.threads);
  std::vector<Path> path(1);
  for (int i = 0; i < options.iterations; ++i) {
    passes.forward(problems, 0, random, static_cast<std::uint64_t>(i), path[0]);
    if (path[0].is_infeasible) return std::nullopt;
    passes.take_note(path[0]);
    for (std::size_t visit = path[0].nodes.size(); visit-- > 0;)
      passes.back(problems, path, visit, team);
    policy.iterations += 1.0;
  }
  FirstStage result;
  for (std::size_t j = 0; j < policy.root().outcomes.size(); ++j) {
    if (passes.solve_first(problems, 0, j) == lp::Status::infeasible) return std::nullopt;
    const StageProblem& solved = problems.at(policy.root().outcomes[j].node);
    solved.primal_into(result.primal.emplace_back());
    result.state.emplace_back(solved.state().begin(), solved.state().end());
  }
  const auto value = passes.root_value(problems);
  if (!value) return std::nullopt;
  result.bound = policy.graph().sense() == lp::Sense::minimise ? *value : -*value;
  return result;
}

}  // namespace vorrat::sddp
