#include "vorrat/verbs/report.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "vorrat/base/error.h"
#include "vorrat/base/file.h"
#include "vorrat/report/html.h"
#include "vorrat/report/sample_plan.h"
#include "vorrat/report/tables_json.h"
#include "vorrat/report/xlsx.h"
#include "vorrat/store/store.h"

namespace vorrat::verbs {
namespace {

class Report : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(testing::TempDir()) / ("report_test-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    tables_ = report::plan_tables(report::sample_plan(), report::sample_facts());
    write_whole(file(), report::to_json(tables_));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file() const { return folder_ / "report.json"; }
  ReportRequest request() const {
    return {.input = file().string(), .store = folder_ / "runs.sqlite"};
  }

  std::filesystem::path folder_;
  report::Tables tables_;
};

TEST_F(Report, ReadsItsOwnJsonAndGivesItAgain) {
  const ReportResult result = run(request());
  ASSERT_TRUE(result.tables);
  EXPECT_EQ(to_json(result), report::to_json(tables_));
  EXPECT_EQ(result.exit_code, 0);
}

TEST_F(Report, OfAKeptRunHasTheTablesThatWereKept) {
  {
    store::Store store(folder_ / "runs.sqlite", store::Access::write);
    store.keep({.verb = "plan", .scenario = "sample", .status = "optimal"},
               {.results = {{"tables.json", report::to_json(tables_)}}});
  }
  ReportRequest asked = request();
  for (const char* name : {"1", "last"}) {
    asked.input = name;
    EXPECT_EQ(to_json(run(asked)), report::to_json(tables_)) << name;
  }
  asked.input = "7";
  EXPECT_THROW(run(asked), InvalidInput);
}

TEST_F(Report, WritesEachFormAndSaysWhere) {
  ReportRequest asked = request();
  asked.html = folder_ / "a.html";
  asked.xlsx = folder_ / "a.xlsx";
  asked.csv = folder_ / "tables" / "deep";
  const ReportResult result = run(asked);
  EXPECT_EQ(read_whole(folder_ / "a.html"), report::to_html(tables_));
  EXPECT_EQ(read_whole(folder_ / "a.xlsx"), report::to_xlsx(tables_));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "tables" / "deep" / "orders.csv"));
  EXPECT_EQ(to_text(result).find("wrote " + (folder_ / "a.html").string()), 0u);
}

TEST_F(Report, RedactsEveryForm) {
  ReportRequest asked = request();
  asked.disclosure = Disclosure::redacted;
  asked.html = folder_ / "a.html";
  const ReportResult result = run(asked);
  EXPECT_EQ(to_json(result).find("place1"), std::string::npos);
  EXPECT_EQ(read_whole(folder_ / "a.html").find("place1"), std::string::npos);
}

TEST_F(Report, SaysWhatIsWrongWithAFileAndWritesNothing) {
  write_whole(file(), "{\"status\": \"optimal\"}");
  ReportRequest asked = request();
  asked.html = folder_ / "a.html";
  try {
    run(asked);
    FAIL();
  } catch (const InvalidInput& error) {
    EXPECT_EQ(std::string(error.what()).find(file().string() + ": "), 0u) << error.what();
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.html"));
  asked.input = (folder_ / "none").string();
  EXPECT_THROW(run(asked), Unavailable);
}

}  // namespace
}  // namespace vorrat::verbs
