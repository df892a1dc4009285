#include "vorrat/input/folder_sheets.h"

#include <gtest/gtest.h>

namespace vorrat {
namespace {

const std::filesystem::path scenario =
    std::filesystem::path(VORRAT_SOURCE_DIR) / "scenarios/bytedance-2026";

TEST(FolderSheets, TheWorkedScenarioComesBackByteForByteThroughAWorkbook) {
  const auto files = read_folder(scenario);
  ASSERT_TRUE(files) << to_string(files.error());
  EXPECT_GE(files->size(), 8U);
  const auto sheets = sheets_of(*files);
  ASSERT_TRUE(sheets) << to_string(sheets.error());
  const std::filesystem::path path =
      std::filesystem::path(VORRAT_BINARY_DIR) / "folder_sheets_test.xlsx";
  write_workbook(path, *sheets);
  const auto workbook = read_workbook(path);
  ASSERT_TRUE(workbook) << to_string(workbook.error());
  EXPECT_EQ(files_of(workbook->sheets), *files);
  EXPECT_TRUE(workbook->notes.empty());
}

TEST(FolderSheets, KeepsLineEndsMarksAndNeedlessQuotes) {
  const FileTexts files = {{"scenario.toml", "[a]\n\nb = 1\n\n"},
                           {"a.csv",
                            "\xEF\xBB\xBF"
                            "x,y\r\n1,\"2\"\r\n,\r\n"},
                           {"b.csv", "x,y\n\"a, b\",\"c \"\"d\"\"\""}};
  const auto sheets = sheets_of(files);
  ASSERT_TRUE(sheets) << to_string(sheets.error());
  EXPECT_EQ(files_of(*sheets), files);
}

TEST(FolderSheets, ASheetSomebodyAddedBecomesATable) {
  const FileTexts files = files_of({{.name = "extra", .rows = {{"a", "b"}, {"1"}, {"2", "x,y"}}}});
  EXPECT_EQ(files, (FileTexts{{"extra.csv", "a,b\n1,\n2,\"x,y\"\n"}}));
}

}  // namespace
}  // namespace vorrat
