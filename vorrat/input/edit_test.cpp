#include "vorrat/input/edit.h"

#include <gtest/gtest.h>

namespace vorrat {
namespace {

TEST(Edit, ReplacesOneValueAndLeavesEveryOtherByte) {
  const std::string text =
      "# über\r\n[a]\r\nb = { value = 'ü', x = 1 } # c\r\nc = [1, 2]\r\nd = 2026-02-09\r\n";
  EXPECT_EQ(
      with_value(text, "a.b.value", "\"z\""),
      "# über\r\n[a]\r\nb = { value = \"z\", x = 1 } # c\r\nc = [1, 2]\r\nd = 2026-02-09\r\n");
  EXPECT_EQ(with_value(text, "a.c", "[2]"),
            "# über\r\n[a]\r\nb = { value = 'ü', x = 1 } # c\r\nc = [2]\r\nd = 2026-02-09\r\n");
  EXPECT_EQ(written_value(text, "a.d"), "2026-02-09");
  EXPECT_EQ(written_value(text, "a.b.x"), "1");
  EXPECT_EQ(with_value(text, "a.no", "1"), std::nullopt);
  EXPECT_EQ(with_value("a = [\n 1,\n 2]\n", "a", "[]"), std::nullopt) << "on three lines";
  EXPECT_EQ(with_value("no toml", "a", "1"), std::nullopt);
}

TEST(Edit, SetsCellsAndAddsColumns) {
  auto grid = read_grid("a,b\n1,\"x, y\"\n2,\n");
  ASSERT_TRUE(grid);
  grid->set(1, "b", "say \"z\"");
  grid->set(0, "c", "new");
  EXPECT_EQ(write_grid(*grid), "a,b,c\n1,\"x, y\",new\n2,\"say \"\"z\"\"\",\n");
  EXPECT_EQ(grid->cell(grid->rows[0], "no"), "");
  EXPECT_EQ(read_grid("a,b\n1\n"), std::nullopt);
}

}  // namespace
}  // namespace vorrat
