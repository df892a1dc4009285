// What the commands share: one small file a verb fills in its options and says what to do when it
// is asked for.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "vorrat/base/date.h"
#include "vorrat/base/progress.h"

namespace CLI {
class App;
}

namespace vorrat::cli {

/// What a command may use of the world.
struct World {
  const StopSwitch* stop = nullptr;  // set by Ctrl-C
  ProgressSink progress;             // to standard error, unless --quiet
  std::function<int()>* chosen =
      nullptr;  // the command fills this in; main runs it and exits with what it returns
};

void add_actuals(CLI::App& app, World& world);
void add_calibrate(CLI::App& app, World& world);
void add_check(CLI::App& app, World& world);
void add_claims(CLI::App& app, World& world);
void add_classify(CLI::App& app, World& world);
void add_compare(CLI::App& app, World& world);
void add_convert(CLI::App& app, World& world);
void add_estimate(CLI::App& app, World& world);
void add_init(CLI::App& app, World& world);
void add_insight(CLI::App& app, World& world);
void add_plan(CLI::App& app, World& world);
void add_rerun(CLI::App& app, World& world);
void add_report(CLI::App& app, World& world);
void add_rules(CLI::App& app, World& world);
void add_runs(CLI::App& app, World& world);
void add_schema(CLI::App& app, World& world);
void add_show(CLI::App& app, World& world);
void add_simulate(CLI::App& app, World& world);
void add_solve(CLI::App& app, World& world);
void add_stress(CLI::App& app, World& world);
void add_throughput(CLI::App& app, World& world);
void add_validate(CLI::App& app, World& world);
void add_what_if(CLI::App& app, World& world);
/// why and why-not.
void add_why(CLI::App& app, World& world);

/// Of the option --store of every command that reads or writes the store of runs.
inline constexpr const char* store_help =
    "file that keeps the runs (default: $VORRAT_STORE, else vorrat/runs.sqlite in $XDG_DATA_HOME "
    "or "
    "~/.local/share)";

/// An option that was not given is "".
inline std::optional<std::filesystem::path> path_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text);
}

/// The day that an option names. Throws InvalidInput, naming the option, if the text is none.
Date day_of(const char* option, const std::string& text);

/// Writes all of `text` to standard output. Throws Unavailable if it cannot (a full disk, a closed
/// pipe).
void print(const std::string& text);

}  // namespace vorrat::cli
