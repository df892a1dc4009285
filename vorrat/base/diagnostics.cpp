#include "vorrat/base/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace vorrat {
namespace {

const char* word_for(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "";
    case Severity::warning:
      return "warning: ";
    case Severity::note:
      return "note: ";
  }
  return "";
}

// Insertions, deletions, substitutions and swaps of neighbours, each counted once and no part
// touched twice ("optimal string alignment"): a swap is the commonest slip of all.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_swap) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

std::string to_string(const Fault& fault) {
  std::string text = fault.place.file;
  if (fault.place.line > 0) text += fmt::format(":{}", fault.place.line);
  if (fault.place.line > 0 && fault.place.column > 0)
    text += fmt::format(":{}", fault.place.column);
  text +=
      fmt::format("{}{}{}\n", text.empty() ? "" : ": ", word_for(fault.severity), fault.message);
  if (fault.place.line == 0 || fault.excerpt.empty()) {
    if (!fault.hint.empty()) text += fmt::format("      {}\n", fault.hint);
    return text;
  }
  text += fmt::format("{:>5} | {}\n", fault.place.line, fault.excerpt);
  if (fault.place.column > 0) {
    text += fmt::format("      | {}{}{}{}\n",
                        std::string(std::max(0, fault.place.column - fault.excerpt_column), ' '),
                        std::string(std::max(1, fault.width), '^'), fault.hint.empty() ? "" : " ",
                        fault.hint);
  } else if (!fault.hint.empty()) {
    text += fmt::format("      | {}\n", fault.hint);
  }
  return text;
}

void Diagnostics::add(Fault fault) { faults_.push_back(std::move(fault)); }

void Diagnostics::add_error(std::string file, std::string message, std::string hint) {
  add({.place = {.file = std::move(file), .line = 0, .column = 0},
       .message = std::move(message),
       .hint = std::move(hint),
       .excerpt = {}});
}

void Diagnostics::append(const Diagnostics& other) {
  faults_.insert(faults_.end(), other.faults_.begin(), other.faults_.end());
}

bool Diagnostics::has_errors() const { return error_count() > 0; }

std::size_t Diagnostics::error_count() const {
  return static_cast<std::size_t>(std::count_if(faults_.begin(), faults_.end(), [](const Fault& f) {
    return f.severity == Severity::error;
  }));
}

std::string to_string(const Diagnostics& diagnostics) {
  std::vector<Fault> sorted = diagnostics.faults();
  std::stable_sort(sorted.begin(), sorted.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) <
           std::tie(b.place.file, b.place.line, b.place.column);
  });
  std::string text;
  for (const Fault& fault : sorted) text += to_string(fault);
  const std::size_t errors = diagnostics.error_count();
  const std::size_t warnings =
      static_cast<std::size_t>(std::count_if(sorted.begin(), sorted.end(), [](const Fault& f) {
        return f.severity == Severity::warning;
      }));
  if (errors > 0) text += fmt::format("{} fault{}", errors, errors == 1 ? "" : "s");
  if (warnings > 0) {
    text +=
        fmt::format("{}{} warning{}", errors > 0 ? ", " : "", warnings, warnings == 1 ? "" : "s");
  }
  if (errors + warnings > 0) text += "\n";
  return text;
}

std::string closest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = 0;
  const std::string wanted = lower(word);
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(wanted, lower(candidate));
    const std::size_t longer = std::max(wanted.size(), candidate.size());
    if (distance * 3 > longer) continue;
    if (best.empty() || distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string best = closest(word, candidates);
  if (!best.empty()) return fmt::format("did you mean \"{}\"?", best);
  if (candidates.empty()) return "";
  std::string text = "known: ";
  const std::size_t shown = std::min<std::size_t>(candidates.size(), 8);
  for (std::size_t i = 0; i < shown; ++i) text += (i > 0 ? ", " : "") + candidates[i];
  if (shown < candidates.size()) text += fmt::format(" and {} more", candidates.size() - shown);
  return text;
}

}  // namespace vorrat
