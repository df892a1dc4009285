// The vorrat command: options, then one call; the one place where errors become exit codes.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <exception>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/error.h"
#include "vorrat/cli/command.h"

namespace vorrat::cli {
namespace {

// A signal handler can reach nothing but a global.
StopSwitch stop_switch;

extern "C" void on_interrupt(int) {
  // The second Ctrl-C ends the program at once.
  if (stop_switch.requested()) std::_Exit(130);
  stop_switch.request();
}

/// Progress on standard error: one line that is overwritten on a terminal, one line a phase
/// elsewhere.
class ProgressPrinter {
 public:
  void print(const Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    const bool terminal = isatty(STDERR_FILENO) != 0;
    const bool new_phase = progress.phase != last_phase_;
    if (!new_phase && now - last_ < std::chrono::milliseconds(200)) return;
    if (!terminal && !new_phase && now - last_ < std::chrono::seconds(5)) return;
    last_ = now;
    last_phase_ = progress.phase;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const std::string line =
        fmt::format("[{:5.1f} s] {}{}", seconds, progress.phase, details(progress));
    if (terminal) {
      std::fputs(fmt::format("\r\033[K{}", line).c_str(), stderr);
      open_line_ = true;
    } else {
      std::fputs((line + "\n").c_str(), stderr);
    }
    std::fflush(stderr);
  }

  void finish() {
    if (open_line_) std::fputs("\r\033[K", stderr);
    open_line_ = false;
  }

 private:
  static std::string details(const Progress& progress) {
    std::string text;
    if (progress.iteration >= 0) text += fmt::format(", iteration {}", progress.iteration);
    if (!std::isnan(progress.bound)) text += fmt::format(", bound {:.6g}", progress.bound);
    if (!std::isnan(progress.simulated_mean))
      text += fmt::format(", simulated {:.6g}", progress.simulated_mean);
    if (!std::isnan(progress.gap)) text += fmt::format(", gap {:.2g} %", progress.gap * 100);
    if (!std::isnan(progress.fraction)) text += fmt::format(" ({:.0f} %)", progress.fraction * 100);
    if (!std::isnan(progress.seconds_left))
      text += fmt::format(", {:.0f} s left", progress.seconds_left);
    return text;
  }

  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_ = start_ - std::chrono::hours(1);
  std::string last_phase_;
  bool open_line_ = false;
};

/// What `vorrat help [VERB]` means, and a word about a verb that there is not; else as given.
std::expected<std::vector<std::string>, std::string> arguments(const CLI::App& app, int argc,
                                                               char** argv) {
  std::vector<std::string> given(argv + 1, argv + argc);
  const auto verb = std::ranges::find_if(
      given, [](const std::string& word) { return word.empty() || word.front() != '-'; });
  if (verb == given.end()) return given;
  if (*verb == "help") {
    given.erase(verb);
    given.emplace_back("--help");
    return given;
  }
  std::vector<std::string> known;
  for (const CLI::App* one : app.get_subcommands({})) known.push_back(one->get_name());
  if (std::ranges::find(known, *verb) != known.end()) return given;
  const std::string near = closest(*verb, known);
  return std::unexpected(
      fmt::format("there is no command \"{}\"{}; vorrat --help lists them", *verb,
                  near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

int run(int argc, char** argv) {
  CLI::App app(
      "vorrat: what AI compute to order this quarter, for which site, and what it is worth to wait",
      "vorrat");
  app.set_version_flag("--version", VORRAT_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  bool quiet = false;
  app.add_flag("-q,--quiet", quiet, "no progress on standard error");
  std::function<int()> chosen;
  ProgressPrinter printer;
  World world{.stop = &stop_switch, .progress = {}, .chosen = &chosen};
  world.progress = [&](const Progress& progress) {
    if (!quiet) printer.print(progress);
  };
  add_init(app, world);
  add_check(app, world);
  add_classify(app, world);
  add_estimate(app, world);
  add_claims(app, world);
  add_convert(app, world);
  add_plan(app, world);
  add_what_if(app, world);
  add_why(app, world);
  add_stress(app, world);
  add_insight(app, world);
  add_runs(app, world);
  add_show(app, world);
  add_compare(app, world);
  add_rerun(app, world);
  add_actuals(app, world);
  add_report(app, world);
  add_rules(app, world);
  add_schema(app, world);
  add_solve(app, world);
  add_simulate(app, world);
  add_throughput(app, world);
  add_validate(app, world);
  add_calibrate(app, world);
  auto words = arguments(app, argc, argv);
  if (!words) {
    std::fputs(fmt::format("vorrat: {}\n", words.error()).c_str(), stderr);
    return 2;
  }
  try {
    std::ranges::reverse(*words);  // as CLI11 takes them
    app.parse(std::move(*words));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  // A closed pipe and a file at its limit are errors to be told, not ends.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const auto say = [&](const char* what, int code) {
    printer.finish();
    std::fputs(fmt::format("vorrat: {}\n", what).c_str(), stderr);
    return code;
  };
  try {
    const int code = chosen();
    printer.finish();
    return code;
  } catch (const InvalidInput& error) {
    return say(error.what(), 2);
  } catch (const Unavailable& error) {
    return say(error.what(), 3);
  } catch (const std::bad_alloc&) {
    return say("not enough memory", 3);
  } catch (const std::exception& error) {
    return say(fmt::format("internal error, please report it: {}", error.what()).c_str(), 70);
  }
}

}  // namespace

Date day_of(const char* option, const std::string& text) {
  const auto day = parse_date(text);
  if (!day) {
    throw InvalidInput(
        fmt::format("{} is \"{}\", which is not a day; write it as in 2026-02-01", option, text));
  }
  return *day;
}

void print(const std::string& text) {
  // Results come after progress: leave its line first.
  if (isatty(STDERR_FILENO) != 0) std::fputs("\r\033[K", stderr);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw Unavailable("cannot write the answer to standard output");
  }
}

}  // namespace vorrat::cli

int main(int argc, char** argv) { return vorrat::cli::run(argc, argv); }
