#include "vorrat/lp/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "vorrat/base/error.h"
#include "vorrat/lp/current_model.h"

namespace vorrat::lp {
namespace {

using ::testing::ElementsAre;

Model two_by_two() {
  Model model;
  model.add_column({.name = "x"});
  model.add_column({.name = "y"});
  model.add_row({.name = "north"});
  model.add_row({});
  return model;
}

std::string complaint(const Model& model) {
  try {
    model.check();
  } catch (const InvalidInput& fault) {
    return fault.what();
  }
  return "none";
}

TEST(Model, ByColumnsSortsRowsAddsUpDuplicatesAndDropsZeros) {
  Model model = two_by_two();
  model.add_entry(1, 0, 2.0);
  model.add_entry(0, 0, 1.0);
  model.add_entry(1, 1, 4.0);
  model.add_entry(1, 0, 3.0);
  model.add_entry(0, 1, 7.0);
  model.add_entry(0, 1, -7.0);
  const ColumnMatrix matrix = by_columns(model);
  EXPECT_THAT(matrix.start, ElementsAre(0, 2, 3));
  EXPECT_THAT(matrix.row, ElementsAre(0, 1, 1));
  EXPECT_THAT(matrix.value, ElementsAre(1.0, 5.0, 4.0));
  const RowMatrix rows = by_rows(model);
  EXPECT_THAT(rows.start, ElementsAre(0, 1, 3));
  EXPECT_THAT(rows.column, ElementsAre(0, 0, 1));
  EXPECT_THAT(rows.value, ElementsAre(1.0, 5.0, 4.0));
}

TEST(Model, CheckNamesTheColumnOrRowAtFault) {
  Model model = two_by_two();
  EXPECT_EQ(complaint(model), "none");
  model.columns[1].lower = 3.0;
  model.columns[1].upper = 2.0;
  EXPECT_EQ(complaint(model), "the bounds of column \"y\" cross: 3 > 2");
  model = two_by_two();
  model.columns[0].cost = infinity;
  EXPECT_EQ(complaint(model), "the cost of column \"x\" is not finite: inf");
  model = two_by_two();
  model.rows[1].lower = std::nan("");
  EXPECT_EQ(complaint(model), "a bound of row 1 is not a number");
  model = two_by_two();
  model.rows[0].lower = infinity;
  EXPECT_EQ(complaint(model), "the bounds of row \"north\" leave no finite value: [inf, inf]");
  model = two_by_two();
  model.entries.push_back({2, 0, 1.0});
  EXPECT_EQ(complaint(model),
            "an entry points to row 2 and column 0; the model has 2 rows and 2 columns");
  model = two_by_two();
  model.add_entry(0, 1, std::nan(""));
  EXPECT_EQ(complaint(model),
            "the coefficient of column \"y\" in row \"north\" is not finite: nan");
}

TEST(Model, AddEntryNeedsARowAndAColumnThatExist) {
  Model model = two_by_two();
  EXPECT_THROW(model.add_entry(2, 0, 1.0), BrokenContract);
  EXPECT_THROW(model.add_entry(0, 2, 1.0), BrokenContract);
}

TEST(CurrentModel, KeepsRowsSortedThroughEveryChangeAndTurnsBackIntoAModel) {
  Model model = two_by_two();
  model.add_entry(0, 1, 1.0);
  CurrentModel current(model);
  current.set_coefficient(0, 0, 5.0);
  current.set_coefficient(0, 1, 6.0);
  const std::size_t columns[] = {1, 0, 1};
  const double values[] = {1.0, 2.0, 3.0};
  EXPECT_EQ(current.add_row(-1.0, 1.0, columns, values), 2u);
  EXPECT_THAT(current.row_columns(0), ElementsAre(0, 1));
  EXPECT_THAT(current.row_values(0), ElementsAre(5.0, 6.0));
  EXPECT_THAT(current.row_columns(2), ElementsAre(0, 1));
  EXPECT_THAT(current.row_values(2), ElementsAre(2.0, 4.0));
  EXPECT_EQ(by_rows(current.to_model()).value, current.matrix.value);
  current.remove_rows_from(1);
  EXPECT_EQ(current.row_count(), 1u);
  EXPECT_THAT(current.matrix.value, ElementsAre(5.0, 6.0));
  EXPECT_THROW(current.set_row_bounds(1, 0.0, 0.0), BrokenContract);
  EXPECT_THROW(current.set_row_bounds(0, 1.0, 0.0), BrokenContract);
}

}  // namespace
}  // namespace vorrat::lp
