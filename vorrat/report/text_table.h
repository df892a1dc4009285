// A table whose cells are texts already rounded as they should be read: what terminal prints.
#pragma once

#include <string>
#include <vector>

namespace vorrat::report {

enum class Align { left, right };

struct TableColumn {
  std::string name;
  Align align = Align::left;
};

/// Every row has as many cells as there are columns.
struct Table {
  std::string id;  // as in "orders"; stable, for files and links
  std::string title;
  std::vector<TableColumn> columns;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;  // printed under the table
};

}  // namespace vorrat::report
