// Days on which something holds, and what is wrong with a list of them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vorrat/base/date.h"

namespace vorrat::rules {

/// From the first to the last day, both included; no last day = still so when last read.
struct Period {
  Date from;
  std::optional<Date> until;

  bool contains(Date day) const { return from <= day && !(until && *until < day); }
  bool operator==(const Period&) const = default;
};

/// "from 2022-10-07 to 2023-11-16" or "from 2023-11-17".
std::string to_string(const Period& period);

/// Whether the sources that were read say anything about a day.
enum class Standing {
  covered,
  not_covered,  // before the first date
  stale         // after the day last read
};

/// A fault between the versions of one thing: `index` is the version it shows at.
struct DateFault {
  std::size_t index = 0;
  std::string message;
  std::string hint;
};

/// Faults of versions that must follow each other in the order given: a version that ends before it
/// begins, days that no version covers, days that two versions cover. History has no silent gap: a
/// rule that rests is written as a version that says so.
std::vector<DateFault> date_faults(std::span<const Period> versions);

}  // namespace vorrat::rules
