#include "vorrat/rules/dated.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vorrat::rules {
namespace {

const Period autumn{make_date(2022, 10, 7), make_date(2023, 11, 16)};

TEST(Period, HoldsItsFirstAndItsLastDay) {
  EXPECT_FALSE(autumn.contains(make_date(2022, 10, 6)));
  EXPECT_TRUE(autumn.contains(make_date(2022, 10, 7)));
  EXPECT_TRUE(autumn.contains(make_date(2023, 11, 16)));
  EXPECT_FALSE(autumn.contains(make_date(2023, 11, 17)));
  EXPECT_EQ(to_string(autumn), "from 2022-10-07 to 2023-11-16");
}

TEST(DateFaults, AcceptVersionsThatFollowEachOtherByADay) {
  const std::vector<Period> versions = {autumn, {make_date(2023, 11, 17), {}}};
  EXPECT_TRUE(date_faults(versions).empty());
}

TEST(DateFaults, NameTheDaysThatNoVersionCovers) {
  const std::vector<Period> versions = {autumn, {make_date(2023, 11, 20), {}}};
  const auto faults = date_faults(versions);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].message, "no version covers 2023-11-17 to 2023-11-19");
}

TEST(DateFaults, NameTheDayOfAnOverlap) {
  const std::vector<Period> versions = {{make_date(2022, 10, 7), {}},
                                        {make_date(2023, 11, 17), make_date(2023, 1, 1)}};
  const auto faults = date_faults(versions);
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0].message, "it ends on 2023-01-01, before it begins on 2023-11-17");
  EXPECT_EQ(faults[1].message,
            "it begins on 2023-11-17 while the version before it is in force without end");
  EXPECT_EQ(faults[1].hint, "write until = 2023-11-16 in the version before, or another day here");
}

}  // namespace
}  // namespace vorrat::rules
