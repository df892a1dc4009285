#include "vorrat/published/case_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "vorrat/input/document.h"
#include "vorrat/input/reader.h"

namespace vorrat::published {
namespace {

struct Tolerance {
  std::optional<double> relative, absolute;
  Holds holds = Holds::equal;
};

Tolerance read_tolerance(Record& group) {
  Tolerance result;
  result.relative = group.optional<double>("relative");
  result.absolute = group.optional<double>("absolute");
  result.holds = group.choice_or<Holds>(
      "holds",
      {{"equal", Holds::equal}, {"at_least", Holds::at_least}, {"at_most", Holds::at_most}},
      Holds::equal);
  if (result.relative && result.absolute)
    group.fault("absolute", "these figures have two tolerances", "write relative or absolute");
  return result;
}

void set_tolerance(Figure& figure, const Tolerance& tolerance) {
  figure.holds = tolerance.holds;
  if (!figure.value || tolerance.absolute == 0.0) {
    figure.tolerance_text = "exact";
  } else if (tolerance.holds != Holds::equal) {
    figure.tolerance_text = tolerance.holds == Holds::at_least ? "at least" : "at most";
  } else if (tolerance.relative) {
    figure.tolerance = *tolerance.relative * std::abs(*figure.value);
    figure.tolerance_text = fmt::format("{:g} of it", *tolerance.relative);
  } else {
    figure.tolerance = tolerance.absolute.value_or(0.0);
    figure.tolerance_text = fmt::format("{:g}", figure.tolerance);
  }
}

void read_figures(Record group, std::vector<Figure>& figures) {
  const std::string source = group.required<std::string>("source");
  const Tolerance tolerance = read_tolerance(group);
  auto expected = group.table("expected", "expected figures");
  if (!expected || expected->keys().empty()) {
    group.fault("expected", "this group expects no figure",
                "write [figures.expected], and under it \"quantity\" = value");
    return;
  }
  for (const std::string& quantity : expected->keys()) {
    Figure figure{.quantity = quantity, .expected = {}, .value = {}, .source = source};
    figure.expected = expected->text(quantity);
    if (expected->node()->find(quantity)->kind == NodeKind::text) {
      expected->required<std::string>(quantity);
    } else {
      figure.value = expected->required<double>(quantity, Bounds::any());
      if (!tolerance.relative && !tolerance.absolute && tolerance.holds == Holds::equal)
        expected->fault(quantity, "this figure has no tolerance",
                        "write relative = 1e-6 or absolute = 0.5 in its group");
    }
    set_tolerance(figure, tolerance);
    figures.push_back(std::move(figure));
  }
  expected->finish();
  group.finish();
}

bool agrees(const Figure& figure, const Finding& finding) {
  if (!figure.value || !finding.value) return !figure.value && figure.expected == finding.text;
  switch (figure.holds) {
    case Holds::at_least:
      return *finding.value >= *figure.value;
    case Holds::at_most:
      return *finding.value <= *figure.value;
    case Holds::equal:
      break;
  }
  return std::abs(*finding.value - *figure.value) <= figure.tolerance;
}

std::string shown(const Finding& finding) {
  if (!finding.value) return finding.text;
  // A zero that comes with a sign or a rounding error reads as zero.
  const double value = std::abs(*finding.value) < 1e-12 ? 0.0 : *finding.value;
  return fmt::format("{:.10g}", value);
}

}  // namespace

std::expected<CaseFile, Diagnostics> read_case(const std::filesystem::path& path) {
  const auto document = Document::read(path);
  if (!document) return std::unexpected(document.error());
  Diagnostics faults;
  Record file(document->root(), "case", faults);
  CaseFile result;
  if (auto head = file.table("case", "case")) {
    result.title = head->required<std::string>("title");
    result.source = head->required<std::string>("source");
    result.note = head->optional<std::string>("note").value_or("");
    head->finish();
  } else {
    file.fault("case", "the case has no title and source", "write a table [case] with both");
  }
  for (Record& group : file.tables("figures", "group of figures"))
    read_figures(group, result.figures);
  file.finish();
  if (faults.has_errors()) return std::unexpected(faults);
  return result;
}

void Findings::add(std::string quantity, double value, std::string how) {
  all_.push_back({std::move(quantity), std::move(how), value, {}});
}

void Findings::add(std::string quantity, std::string text, std::string how) {
  all_.push_back({std::move(quantity), std::move(how), {}, std::move(text)});
}

std::vector<Check> compare(const std::vector<Figure>& figures, const Findings& findings) {
  std::vector<Check> checks;
  for (const Figure& figure : figures) {
    Check check{figure.quantity, figure.expected, "nothing", figure.tolerance_text, figure.source};
    const std::size_t before = checks.size();
    for (const Finding& finding : findings.all()) {
      if (finding.quantity != figure.quantity) continue;
      checks.push_back(check);
      if (!finding.how.empty()) checks.back().quantity += ", " + finding.how;
      checks.back().found = shown(finding);
      checks.back().passes = agrees(figure, finding);
    }
    if (checks.size() == before) checks.push_back(check);
  }
  for (const Finding& finding : findings.all()) {
    if (std::ranges::none_of(
            figures, [&](const Figure& figure) { return figure.quantity == finding.quantity; }))
      checks.push_back({finding.quantity, "nothing", shown(finding), "exact", "", false});
  }
  return checks;
}

}  // namespace vorrat::published
