#include "vorrat/verbs/check.h"

#include <fmt/format.h>

#include "vorrat/report/json.h"
#include "vorrat/scenario/check.h"
#include "vorrat/verbs/load.h"

namespace vorrat::verbs {

CheckResult run(const CheckRequest& request) {
  const auto loaded = load(request.scenario, request.data);
  if (!loaded) return {.diagnostics = loaded.error()};
  return {.diagnostics = scenario::check(loaded->scenario, loaded->catalog),
          .title = loaded->scenario.title};
}

std::string to_text(const CheckResult& result) {
  std::string text = to_string(result.diagnostics);
  if (!result.diagnostics.has_errors())
    text += fmt::format("{}: sound, ready to plan\n", result.title);
  return text;
}

std::string to_json(const CheckResult& result) { return report::to_json(result.diagnostics); }

}  // namespace vorrat::verbs
