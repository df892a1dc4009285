// A value and where it comes from.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vorrat/base/date.h"
#include "vorrat/base/diagnostics.h"

namespace vorrat {

/// How a figure came to be known.
enum class SourceKind {
  reported,  // by the press or a third party
  measured,  // by somebody who says how
  vendor,    // by who sells it
  assumed,   // by the author of the scenario
  rule,      // written in a legal text
  derived    // computed from others
};

std::string_view to_string(SourceKind kind);

/// Where a figure comes from; nothing filled if nobody said.
struct Source {
  std::string text;  // who said it, or ""
  std::optional<Date> date;
  std::optional<SourceKind> kind;
  Place place;  // of the value in its file
};

template <class T>
struct Sourced {
  T value{};
  Source source;
};

}  // namespace vorrat
