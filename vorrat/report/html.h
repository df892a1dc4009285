// The report as one page: opens offline, in any browser, with or without scripts.
#pragma once

#include <string>

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// A whole document with its style and script in it; it asks the network for nothing and its policy
/// forbids that it does. Tables are plain HTML; the script draws each chart from the cells of the
/// table that the chart names. Needs check(tables) to hold.
std::string to_html(const Tables& tables);

/// The script and the style that go into every page; the script is "" in a build without Node.js,
/// whose pages show tables only.
struct WebAssets {
  const char* script;
  const char* style;
};
WebAssets web_assets();

}  // namespace vorrat::report
