#include "vorrat/rules/countries.h"

#include <fmt/format.h>

#include "vorrat/base/diagnostics.h"
#include "vorrat/base/error.h"

namespace vorrat::rules {
namespace {

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

Countries::Countries(std::vector<CountryRow> rows) : rows_(std::move(rows)) {
  if (rows_.size() > 254) throw InvalidInput("there are more than 254 countries");
  const auto add = [this](const std::string& name, Country country) {
    const auto [place, is_new] = by_name_.emplace(lower_case(name), country);
    if (!is_new && place->second != country) {
      throw InvalidInput(fmt::format("the name \"{}\" stands for two countries", name));
    }
  };
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto country = static_cast<Country>(i);
    add(rows_[i].code, country);
    add(rows_[i].name, country);
    for (const auto& name : rows_[i].other_names) add(name, country);
  }
}

Country Countries::find(std::string_view text) const {
  const auto place = by_name_.find(lower_case(text));
  if (place != by_name_.end()) return place->second;
  std::vector<std::string> names;
  for (const auto& row : rows_) {
    names.push_back(row.name);
    names.insert(names.end(), row.other_names.begin(), row.other_names.end());
  }
  const std::string near = closest(text, names);
  throw InvalidInput(fmt::format(
      "unknown country \"{}\"; {}", text,
      near.empty()
          ? "write its two-letter ISO code or its English name, as in \"MY\" or \"Malaysia\""
          : fmt::format("did you mean \"{}\"?", near)));
}

Country Countries::find_or_none(std::string_view text) const {
  return text.empty() ? no_country : find(text);
}

}  // namespace vorrat::rules
