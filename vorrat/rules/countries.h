// The countries that rules speak of, and sets of them.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vorrat::rules {

/// A row number in Countries.
using Country = std::uint8_t;
/// Stands for "not given": no set holds it.
inline constexpr Country no_country = 255;
using CountrySet = std::bitset<256>;

struct CountryRow {
  std::string code;  // ISO 3166-1 alpha-2, as in "MY"
  std::string name;
  std::vector<std::string> other_names;
};

/// Names of countries, found by code, name or another name, whatever the case of the letters.
class Countries {
 public:
  Countries() = default;
  /// Throws InvalidInput, naming it, if a name stands for two countries or there are more than 254.
  explicit Countries(std::vector<CountryRow> rows);

  /// The country of that code or name. Throws InvalidInput, with the closest names, if there is
  /// none.
  Country find(std::string_view text) const;
  /// As find, but "" gives no_country.
  Country find_or_none(std::string_view text) const;

  const CountryRow& operator[](Country country) const { return rows_[country]; }
  std::size_t count() const { return rows_.size(); }

 private:
  std::vector<CountryRow> rows_;
  std::unordered_map<std::string, Country> by_name_;  // lower case
};

}  // namespace vorrat::rules
