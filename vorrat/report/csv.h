// The report as plain tables: one CSV file each, in full precision.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "vorrat/report/tables.h"

namespace vorrat::report {

/// RFC 4180 with a header of column ids, units in brackets where there are any; lines end in "\n".
/// Numbers are the shortest that read back the same; empty cells are empty.
std::string to_csv(const DataTable& table);

/// File names and contents: ID.csv for each table and answer.csv with the sentences.
std::vector<std::pair<std::string, std::string>> to_csv(const Tables& tables);

}  // namespace vorrat::report
