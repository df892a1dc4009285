// Answers about the law as JSON; keys are lower_snake and never change meaning.
#pragma once

#include <string>
#include <vector>

#include "vorrat/rules/classify.h"

namespace vorrat::report {

/// One question and its answer.
struct Classified {
  std::string destination;  // as the user named it
  rules::Item item;
  rules::Deal deal;
  rules::Classification answer;
};

/// {"day", "assumptions", "answers": [{accelerator, destination, status, gates, charges, quotas,
/// conditions, risks, citations, undecided, trace}]}; `trace` is empty where it was not asked for.
std::string to_json(const std::vector<Classified>& rows, const rules::RulesInForce& law,
                    const std::vector<std::string>& assumptions);

/// {"day", "provisions": [...]}: what is in force.
std::string to_json(const rules::RulesInForce& law);

/// An answer that two days give differently.
struct ChangedAnswer {
  std::string accelerator;
  std::string destination;
  std::string buyer;  // as in "a firm with its parent in China"
  rules::Status before = rules::Status::free;
  rules::Status after = rules::Status::free;
};

/// {"from", "to", "changes": [...], "answers": [...]}.
std::string to_json(const rules::Rulebook& book, Date from, Date to,
                    const std::vector<rules::RuleChange>& changes,
                    const std::vector<ChangedAnswer>& answers);

}  // namespace vorrat::report
