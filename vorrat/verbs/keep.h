// plan, kept: what `vorrat plan` does around the verb `plan`, so that nothing is forgotten.
//
// A run is kept when it has ended with a plan or with the answer that there is none, before that is
// printed. A store that cannot be written never costs the plan: it comes back all the same, with
// the reason why it is not kept.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vorrat/store/store.h"
#include "vorrat/verbs/plan.h"

namespace vorrat::verbs {

struct KeepRequest {
  PlanRequest plan;
  std::optional<std::filesystem::path> file;  // of the store; else store::default_file()
};

struct KeptPlan {
  PlanResult result;
  std::optional<store::RunId> run;  // nothing if it is not kept: no answer, or see `not_kept`
  std::filesystem::path file;       // of the store
  std::string not_kept;             // why the world did not let it be kept; "" if all is well
  bool is_stopped = false;          // by hand, so that it cannot be run again: not kept

  /// That of the plan; 3 if a plan could not be kept.
  int exit_code() const;
};

/// Throws Unavailable if the inputs change while they are read.
KeptPlan run(const KeepRequest& request);

/// The line under the plan: where it is kept, or that it is not; "" if `not_kept` says why.
std::string last_line(const KeptPlan& kept);

/// The option in which a run notes after how many iterations its training ended, so that it ends
/// there again. What a run came to, not what it was asked.
inline constexpr const char* trained_iterations = "trained_iterations";

/// What was asked of a plan on the command line, as text by name; and the same asked again.
store::Settings options_of(const PlanRequest& request);
void apply_options(const store::Settings& options, PlanRequest& request);

/// The results that are kept, by name, each byte for byte: "plan.json", the complete answer;
/// "plan.txt", as printed; "tables.json", the report as tables; and "times", what the clock put
/// into them, the one thing that the same run does not do twice.
store::Files results_of(const PlanResult& result);

/// Gives a result the "times" of another run of the same inputs; those it has and the other had not
/// become 0.
void set_times(PlanResult& result, const std::string& times);

/// The store to use: `chosen`, else store::default_file().
std::filesystem::path store_file(const std::optional<std::filesystem::path>& chosen);

/// A run by its number, or "last" for the newest. Throws InvalidInput, naming those
/// there are, if there is none.
store::Run find_run(store::Store& store, const std::string& name);

/// The versions of what takes part in a plan.
store::Settings versions_now();

}  // namespace vorrat::verbs
