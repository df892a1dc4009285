#include "vorrat/base/date.h"

#include <gtest/gtest.h>

namespace vorrat {
namespace {

TEST(Date, RoundTrips) {
  EXPECT_EQ(to_string(parse_date("2026-02-09").value()), "2026-02-09");
  EXPECT_EQ(to_string(parse_date("2024-02-29").value()), "2024-02-29");
}

TEST(Date, RefusesDaysThatAreNotInTheCalendar) {
  for (const char* text :
       {"2026-02-30", "2025-02-29", "2026-13-01", "2026-2-9", "09.02.2026", "", "2026-00-10"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(Quarter, RoundTripsAndCounts) {
  EXPECT_EQ(to_string(parse_quarter("2026Q1").value() + 7), "2027Q4");
  EXPECT_EQ(to_string(parse_quarter("2026-Q1").value() + -1), "2025Q4");
  EXPECT_EQ(quarters_between({2025, 4}, {2027, 1}), 5);
  EXPECT_EQ(to_string(last_day({2026, 4})), "2026-12-31");
  EXPECT_EQ(quarter_of(make_date(2026, 7, 1)), (Quarter{2026, 3}));
  EXPECT_FALSE(parse_quarter("2026Q5"));
  EXPECT_FALSE(parse_quarter("2026q1"));
}

}  // namespace
}  // namespace vorrat
