#include "vorrat/verbs/waterfall.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vorrat/verbs/keep.h"

namespace vorrat::verbs {
namespace {

constexpr std::size_t most_steps = 12;

std::vector<std::string> files_of(const std::vector<Change>& changes) {
  std::vector<std::string> files;
  for (const Change& change : changes) {
    if (files.empty() || files.back() != change.file) files.push_back(change.file);
  }
  return files;
}

/// Lays one waypoint after the other, each from where the last one ended.
class Way {
 public:
  Way(const RunInputs& before, const RunInputs& after)
      : before_(before), after_(after), here_(before) {
    // On the way each training goes as far as it must; at its ends it ends where it did.
    here_.options.erase(trained_iterations);
  }

  void take_scenario() {
    std::vector<Change> changes = changes_between(before_.scenario, after_.scenario);
    std::erase_if(changes, is_remark);
    if (changes.size() > most_steps) {
      for (const std::string& file : files_of(changes)) {
        const auto count = std::count_if(changes.begin(), changes.end(),
                                         [&](const Change& change) { return change.file == file; });
        take_file(file, here_.scenario, after_.scenario);
        add(count == 1 ? file : fmt::format("{} ({} differences)", file, count));
      }
      return;
    }
    // Keys that came or went are made by taking their file whole, so after the rest of it.
    std::stable_partition(changes.begin(), changes.end(), [](const Change& change) {
      return change.kind != Change::Kind::key_added && change.kind != Change::Kind::key_removed;
    });
    for (const Change& change : changes) {
      here_.scenario = apply(change, here_.scenario, before_.scenario, after_.scenario);
      add(to_string(change));
    }
  }

  void take_data() {
    for (const auto& [file, hash] : both(before_.data, after_.data)) {
      if (!differs(file, before_.data, after_.data)) continue;
      take_file(file, here_.data, after_.data);
      add(file);
    }
  }

  void take_options() {
    for (const auto& [name, value] : both(before_.options, after_.options)) {
      if (name == trained_iterations || !differs(name, before_.options, after_.options)) continue;
      const auto text = [&](const store::Settings& in) {
        const auto found = in.find(name);
        return found == in.end() ? "" : found->second;
      };
      take_file(name, here_.options, after_.options);
      add(spoken_option(name, text(before_.options), text(after_.options)));
    }
  }

  std::vector<Waypoint> finish() {
    if (before_ == after_) return {};
    here_ = after_;
    const auto changes = changes_between(before_.scenario, after_.scenario);
    const bool has_remarks = std::any_of(changes.begin(), changes.end(), is_remark);
    if (has_remarks || (waypoints_.empty() && before_.scenario != after_.scenario))
      add("sources, notes and writing");
    if (waypoints_.empty()) add("how long it was trained");
    // What is left by now is the order of rows and the writing: it goes with the last step.
    waypoints_.back().inputs = after_;
    return std::move(waypoints_);
  }

 private:
  static store::Files both(const store::Files& a, const store::Files& b) {
    store::Files all = a;
    all.insert(b.begin(), b.end());
    return all;
  }
  static bool differs(const std::string& name, const store::Files& a, const store::Files& b) {
    return !a.contains(name) || !b.contains(name) || a.at(name) != b.at(name);
  }
  static void take_file(const std::string& name, store::Files& into, const store::Files& from) {
    const auto found = from.find(name);
    if (found == from.end()) {
      into.erase(name);
    } else {
      into[name] = found->second;
    }
  }
  void add(std::string what) { waypoints_.push_back({std::move(what), here_}); }

  const RunInputs& before_;  // both outlive the Way, which is a local of waypoints()
  const RunInputs& after_;
  RunInputs here_;
  std::vector<Waypoint> waypoints_;
};

}  // namespace

std::string spoken_option(const std::string& name, const std::string& then,
                          const std::string& now) {
  if (name == trained_iterations)
    return fmt::format("iterations of training: {} -> {}", then.empty() ? "none" : then,
                       now.empty() ? "none" : now);
  const auto shown = [](const std::string& value) {
    return value.empty() ? "as the scenario says" : value;
  };
  return fmt::format("option {}: {} -> {}", name, shown(then), shown(now));
}

std::vector<Waypoint> waypoints(const RunInputs& before, const RunInputs& after) {
  Way way(before, after);
  way.take_scenario();
  way.take_data();
  way.take_options();
  return way.finish();
}

std::vector<WaterfallStep> waterfall(std::int64_t before_cents, std::int64_t start,
                                     const std::vector<Waypoint>& way, std::int64_t after_cents,
                                     const Optimum& optimum) {
  std::vector<WaterfallStep> steps;
  std::int64_t here = before_cents;
  const auto add = [&](std::string what, std::int64_t then) {
    steps.push_back({.what = std::move(what), .change_cents = then - here, .then_cents = then});
    here = then;
  };
  if (start != before_cents)
    add("this version of the program, on the inputs of the first run", start);
  std::string waiting;
  for (const Waypoint& point : way) {
    const std::string what =
        waiting.empty() ? point.what : waiting + " together with " + point.what;
    if (const auto then = optimum(point)) {
      add(what, *then);
      waiting.clear();
    } else {
      waiting = what;
    }
  }
  if (!waiting.empty()) {
    add(waiting, after_cents);  // this version finds no plan there: all that is left is theirs
  } else {
    add("remainder", after_cents);
  }
  return steps;
}

}  // namespace vorrat::verbs
