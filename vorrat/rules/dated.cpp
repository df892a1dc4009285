#include "vorrat/rules/dated.h"

#include <fmt/format.h>

namespace vorrat::rules {

std::string to_string(const Period& period) {
  const std::string from = fmt::format("from {}", vorrat::to_string(period.from));
  return period.until ? fmt::format("{} to {}", from, vorrat::to_string(*period.until)) : from;
}

std::vector<DateFault> date_faults(std::span<const Period> versions) {
  using std::chrono::days;
  std::vector<DateFault> faults;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const Period& now = versions[i];
    if (now.until && *now.until < now.from) {
      faults.push_back({i,
                        fmt::format("it ends on {}, before it begins on {}",
                                    vorrat::to_string(*now.until), vorrat::to_string(now.from)),
                        "\"until\" is the last day in force"});
    }
    if (i == 0) continue;
    const Period& before = versions[i - 1];
    if (!before.until || now.from <= *before.until) {
      faults.push_back(
          {i,
           fmt::format("it begins on {} while the version before it is in force {}",
                       vorrat::to_string(now.from),
                       before.until ? fmt::format("until {}", vorrat::to_string(*before.until))
                                    : "without end"),
           fmt::format("write until = {} in the version before, or another day here",
                       vorrat::to_string(now.from - days(1)))});
    } else if (now.from > *before.until + days(1)) {
      faults.push_back(
          {i,
           fmt::format("no version covers {} to {}", vorrat::to_string(*before.until + days(1)),
                       vorrat::to_string(now.from - days(1))),
           "write a version for these days, with suspended = true if the rule rested"});
    }
  }
  return faults;
}

}  // namespace vorrat::rules
