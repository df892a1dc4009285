// What running accelerators costs in a country.
#pragma once

#include <string>

#include "vorrat/input/sourced.h"
#include "vorrat/quantity/quantity.h"

namespace vorrat::catalog {

struct Region {
  std::string id;  // ISO 3166 two-letter code
  std::string title;
  Sourced<EnergyPrice> electricity;  // industrial
  Sourced<Ratio> pue;                // facility watts per watt of equipment
  std::string note;
};

}  // namespace vorrat::catalog
