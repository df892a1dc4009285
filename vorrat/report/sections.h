// The sections of a plan's report, one function each: nothing where the plan has nothing to say.
// To add a table, add it in its section's file; every renderer then shows it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vorrat/report/plan_tables.h"

namespace vorrat::report {

Section clash_section(const fleet::Plan& plan);
Section order_section(const fleet::Plan& plan);
Section money_section(const fleet::Plan& plan);
Section fleet_section(const fleet::Plan& plan);
Section gate_section(const fleet::Plan& plan);
Section schedule_section(const fleet::Plan& plan, const RunFacts& facts);
Section odds_section(const fleet::Plan& plan);
Section limit_section(const fleet::Plan& plan);
Section site_section(const RunFacts& facts);
Section rule_section(const RunFacts& facts);
Section assumption_section(const RunFacts& facts);
Section method_section(const fleet::Plan& plan, const RunFacts& facts);

/// At most five sentences whose figures are cells of `tables`, which has its sections.
std::vector<Sentence> answer_sentences(const fleet::Plan& plan, const Tables& tables);

/// A column of words, and one of figures.
Column words(std::string id, std::string name);
Column figure(std::string id, std::string name, Format format, std::string unit,
              std::string meaning = "");
/// A table without rows yet.
DataTable table(std::string id, std::string title, std::vector<Column> columns,
                std::vector<std::string> notes = {});
Cell or_words(const std::optional<double>& value, const char* words_instead);

}  // namespace vorrat::report
