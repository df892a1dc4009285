#include "vorrat/verbs/insight.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "vorrat/base/error.h"
#include "vorrat/fleet/coefficients.h"
#include "vorrat/insight/findings.h"
#include "vorrat/report/insight_tables.h"
#include "vorrat/report/json.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/report/terminal.h"
#include "vorrat/verbs/load.h"
#include "vorrat/verbs/run_facts.h"

namespace vorrat::verbs {
namespace {

/// A loaded scenario as a problem, coarse enough to be asked many times.
struct Asked {
  LoadedScenario loaded;
  fleet::Problem problem;
  fleet::SolveSettings settings;
  std::vector<std::size_t> home;  // sites in the buyer's own country
};

std::optional<Asked> asked(const QuestionRequest& request, QuestionResult& result) {
  tell(request.progress, {.phase = "reading " + request.scenario.string()});
  auto loaded = load(request.scenario, request.data);
  if (!loaded) {
    result.diagnostics = loaded.error();
    return std::nullopt;
  }
  result.is_loaded = true;
  const scenario::Scenario& scenario = loaded->scenario;
  fleet::SolveSettings settings;
  settings.seed = request.seed.value_or(scenario.settings.seed);
  settings.lot = scenario.settings.lot;
  settings.progress = request.progress;
  settings.stop = request.stop;
  std::vector<std::size_t> home;
  for (std::size_t s = 0; s < scenario.sites.size(); ++s) {
    if (scenario.sites[s].jurisdiction == scenario.buyer.headquarters) home.push_back(s);
  }
  fleet::Problem problem =
      insight::coarsened(fleet::to_problem(scenario, loaded->rulings), request.futures);
  return Asked{std::move(*loaded), std::move(problem), std::move(settings), std::move(home)};
}

report::Tables tables_of(const Asked& about, report::Section section) {
  const report::RunFacts facts = run_facts(about.loaded);
  report::Tables tables{.title = facts.title,
                        .subtitle = fmt::format("{}, known on {}; vorrat {}", facts.scenario,
                                                facts.known_on, facts.version),
                        .caution = "conditional on these inputs, not a forecast; not legal advice",
                        .answer = {},
                        .sections = {},
                        .confidential = {}};
  if (!section.tables.empty()) tables.sections.push_back(std::move(section));
  check(tables);
  return tables;
}

std::size_t offer_named(const fleet::Problem& problem, const std::string& id) {
  std::string known;
  for (std::size_t o = 0; o < problem.offers.size(); ++o) {
    if (problem.offers[o].id == id) return o;
    known += (known.empty() ? "" : ", ") + problem.offers[o].id;
  }
  throw InvalidInput(fmt::format("there is no offer \"{}\"; the scenario has {}", id, known));
}

std::size_t stage_named(const fleet::Problem& problem, const std::string& quarter) {
  const auto found = std::ranges::find(problem.stage_names, quarter);
  if (found == problem.stage_names.end()) {
    throw InvalidInput(fmt::format("--shut is \"{}\"; the scenario has the quarters {} to {}",
                                   quarter, problem.stage_names.front(),
                                   problem.stage_names.back()));
  }
  return static_cast<std::size_t>(found - problem.stage_names.begin());
}

int quarters_of(const std::string& text) {
  int quarters = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, quarters);
  const bool is_whole = rest == end || (rest + 1 == end && *rest == 'q');
  if (error != std::errc() || !is_whole || quarters < 1 || quarters > 40) {
    throw InvalidInput(
        fmt::format("--delay is \"{}\"; write a number of quarters, as in 1q", text));
  }
  return quarters;
}

std::vector<insight::Stress> stresses_of(const StressRequest& request, const Asked& about) {
  using Kind = insight::Stress::Kind;
  std::vector<insight::Stress> stresses;
  if (request.shut) {
    stresses.push_back(
        {.kind = Kind::shut, .stage = stage_named(about.problem, *request.shut), .home = {}});
  }
  if (request.delay) {
    stresses.push_back({.kind = Kind::delay, .quarters = quarters_of(*request.delay), .home = {}});
  }
  if (request.only_lesser) stresses.push_back({.kind = Kind::only_lesser, .home = {}});
  if (request.third_site_only)
    stresses.push_back({.kind = Kind::third_site_only, .home = about.home});
  if (stresses.empty()) {
    throw InvalidInput(
        "say what goes wrong: --shut QUARTER, --delay 1q, --only-lesser or --third-site-only");
  }
  return stresses;
}

}  // namespace

int QuestionResult::exit_code() const {
  if (!is_loaded) return 2;
  return has_plan ? 0 : 1;
}

QuestionResult run(const InsightRequest& request) {
  QuestionResult result;
  const auto about = asked(request.about, result);
  if (!about) return result;
  insight::FindingsSettings wanted;
  wanted.lot = about->settings.lot;
  wanted.leaves = request.about.futures;
  wanted.within = request.within;
  wanted.threads = request.about.threads;
  wanted.home = about->home;
  if (request.reported) {
    for (const fleet::Offer& offer : about->problem.offers) {
      const auto found = request.reported->find(offer.id);
      wanted.reported.push_back(found == request.reported->end() ? 0.0 : found->second);
    }
  }
  const insight::Findings found =
      insight::find(about->problem, &about->loaded.scenario, wanted, about->settings);
  result.has_plan = found.has_plan;
  result.is_complete = found.is_complete;
  result.tables = report::insight_tables(found, run_facts(about->loaded));
  return result;
}

QuestionResult run(const WhyRequest& request) {
  QuestionResult result;
  const auto about = asked(request.about, result);
  if (!about) return result;
  const fleet::Problem& problem = about->problem;
  const insight::StudyMaker make = insight::by_tree(problem, about->settings);
  const auto best = make(problem)->best({});
  std::vector<std::size_t> offers;
  if (request.offer) {
    offers.push_back(offer_named(problem, *request.offer));
  } else if (best) {
    for (std::size_t o = 0; o < problem.offers.size(); ++o) {
      if (best->ordered[o] > 0.0) offers.push_back(o);
    }
  }
  result.has_plan = best.has_value();
  fleet::SolveSettings quiet = about->settings;
  quiet.progress = {};
  const insight::OddsQuestion odds = insight::odds_question(problem, quiet);
  std::vector<insight::Explanation> explanations;
  for (const std::size_t o : offers) {
    if (!best) break;
    tell(request.about.progress, {.phase = "why or why not: " + problem.offers[o].id});
    explanations.push_back(insight::explain(make, problem, odds, o, about->settings.lot));
  }
  result.tables = tables_of(*about, report::reason_section(explanations, problem.currency));
  return result;
}

QuestionResult run(const StressRequest& request) {
  QuestionResult result;
  const auto about = asked(request.about, result);
  if (!about) return result;
  const insight::StudyMaker make = insight::by_tree(about->problem, about->settings);
  std::vector<insight::StressLine> lines;
  std::vector<std::string> offers;
  for (const fleet::Offer& offer : about->problem.offers) offers.push_back(offer.id);
  for (const insight::Stress& stress : stresses_of(request, *about)) {
    tell(request.about.progress, {.phase = to_string(about->problem, stress)});
    lines.push_back(insight::stress_line(make, about->problem, stress));
    result.has_plan = result.has_plan || lines.back().cost.has_value();
  }
  result.tables = tables_of(*about, report::stress_section(lines, offers, about->problem.currency));
  return result;
}

std::string to_text(const QuestionResult& result) {
  return result.is_loaded ? report::to_terminal(result.tables) : "";
}

std::string to_json(const QuestionResult& result) {
  return result.is_loaded ? report::to_json(result.tables) : report::to_json(result.diagnostics);
}

}  // namespace vorrat::verbs
