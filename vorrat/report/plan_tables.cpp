#include "vorrat/report/plan_tables.h"

#include <fmt/format.h>

#include <algorithm>

#include "vorrat/report/insight_tables.h"
#include "vorrat/report/sections.h"

namespace vorrat::report {
namespace {

/// Longest first, so that "Johor, Malaysia" goes before "Johor".
std::vector<Confidential> site_names(const std::vector<SiteFacts>& sites) {
  std::vector<Confidential> names;
  for (std::size_t s = 0; s < sites.size(); ++s) {
    const std::string replacement = fmt::format("site-{}", s + 1);
    names.push_back({sites[s].id, replacement});
    if (!sites[s].title.empty() && sites[s].title != sites[s].id)
      names.push_back({sites[s].title, replacement});
  }
  std::stable_sort(names.begin(), names.end(), [](const Confidential& a, const Confidential& b) {
    return a.name.size() > b.name.size();
  });
  return names;
}

void drop_empty(std::vector<Section>& sections) {
  for (Section& section : sections)
    std::erase_if(section.tables, [](const DataTable& table) { return table.rows.empty(); });
  std::erase_if(sections, [](const Section& section) {
    return section.tables.empty() && section.lead.empty();
  });
}

}  // namespace

Column words(std::string id, std::string name) {
  return {.id = std::move(id),
          .name = std::move(name),
          .format = Format::text,
          .unit = {},
          .meaning = {}};
}

Column figure(std::string id, std::string name, Format format, std::string unit,
              std::string meaning) {
  return {.id = std::move(id),
          .name = std::move(name),
          .format = format,
          .unit = std::move(unit),
          .meaning = std::move(meaning)};
}

DataTable table(std::string id, std::string title, std::vector<Column> columns,
                std::vector<std::string> notes) {
  return {.id = std::move(id),
          .title = std::move(title),
          .columns = std::move(columns),
          .rows = {},
          .sums = {},
          .notes = std::move(notes),
          .charts = {},
          .across = {}};
}

Cell or_words(const std::optional<double>& value, const char* words_instead) {
  return value ? cell(value) : Cell{std::string(words_instead)};
}

Tables plan_tables(const fleet::Plan& plan, const RunFacts& facts) {
  Tables tables{.title = facts.title,
                .subtitle = fmt::format("{}, known on {}; vorrat {}", facts.scenario,
                                        facts.known_on, facts.version),
                .caution = "conditional on these inputs, not a forecast; not legal advice",
                .answer = {},
                .sections = {},
                .confidential = site_names(facts.sites)};
  if (plan.status == fleet::PlanStatus::optimal) {
    tables.sections = {order_section(plan),        money_section(plan),
                       fleet_section(plan),        odds_section(plan),
                       gate_section(plan),         schedule_section(plan, facts),
                       missing_decision_section(), limit_section(plan)};
  } else {
    tables.sections = {clash_section(plan), missing_relaxation_section()};
  }
  for (Section section : {site_section(facts), rule_section(facts), assumption_section(facts),
                          method_section(plan, facts)}) {
    tables.sections.push_back(std::move(section));
  }
  drop_empty(tables.sections);
  tables.answer = answer_sentences(plan, tables);
  check(tables);
  return tables;
}

}  // namespace vorrat::report
