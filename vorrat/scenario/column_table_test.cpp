#include "vorrat/scenario/column_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "vorrat/catalog/catalog.h"
#include "vorrat/scenario/load.h"

namespace vorrat::scenario {
namespace {

namespace fs = std::filesystem;
const fs::path source = VORRAT_SOURCE_DIR;

/// One row with every column of a file at its example, but for `left_out`, and with `renamed` under
/// another name.
std::string written(const std::string& file, const Column* left_out, const Column* renamed) {
  std::string head, row;
  for (const Column& column : column_table()) {
    if (column.file != file || &column == left_out) continue;
    head += std::string(column.name) + (&column == renamed ? "_x" : "") + ",";
    row += "\"" + std::string(column.example) + "\",";
  }
  return head + "source,date,kind,note\n" + row + "made up for tests,2026-02-09,assumed,\n";
}

class ColumnTable : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("vorrat-columns-" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::copy(source / "tests/broken/sound", folder_, fs::copy_options::recursive);
    for (const TableFile& file : table_files())
      write(file.name, written(file.name, nullptr, nullptr));
    catalog_ = *catalog::Catalog::load(source / "data");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& file, const std::string& text) {
    std::ofstream(folder_ / file) << text;
  }
  std::string faults() {
    const auto loaded = load(folder_, catalog_);
    return loaded ? "" : to_string(loaded.error());
  }
  /// The faults with one table written otherwise, for this time.
  std::string faults_with(const std::string& file, const std::string& text) {
    write(file, text);
    const std::string found = faults();
    write(file, written(file, nullptr, nullptr));
    return found;
  }

  fs::path folder_;
  catalog::Catalog catalog_;
};

/// Optional columns that another one of the same row leans on.
bool is_leant_on(const Column& column) {
  const std::string name = column.name;
  return name == "model" || name == "input" || name == "output" || name == "revision" ||
         name == "revised" || name == "resale";
}

TEST_F(ColumnTable, HoldsColumnsThatTheReaderTakes) { EXPECT_EQ(faults(), ""); }

TEST_F(ColumnTable, SaysWhichColumnsTheReaderAsksFor) {
  for (const Column& column : column_table()) {
    if (is_leant_on(column)) continue;
    const std::string found = faults_with(column.file, written(column.file, &column, nullptr));
    EXPECT_EQ(found.empty(), !column.is_required) << column.file << " " << column.name << "\n"
                                                  << found;
  }
}

TEST_F(ColumnTable, HasNoColumnThatTheReaderWouldTakeUnderAnotherName) {
  for (const Column& column : column_table()) {
    EXPECT_NE(faults_with(column.file, written(column.file, nullptr, &column)), "")
        << column.file << " " << column.name;
  }
}

TEST_F(ColumnTable, SaysWhichFilesMayBeMissing) {
  for (const TableFile& file : table_files()) {
    fs::remove(folder_ / file.name);
    const std::string found = faults();
    write(file.name, written(file.name, nullptr, nullptr));
    // What names a row of a missing table would be a fault of its own, so only its own is looked
    // at.
    EXPECT_EQ(found.find("the file is missing") == std::string::npos, file.may_be_missing)
        << file.name << "\n"
        << found;
  }
}

TEST_F(ColumnTable, KeepsWhatIsWrittenInEachOptionalColumn) {
  const Scenario scenario = load(folder_, catalog_).value();
  const auto mean = [](const Fact& fact) { return fact.value.mean().value; };
  const Offer& offer = scenario.offers.at(0);
  EXPECT_NEAR(mean(offer.installation), 14 * 86400, 1e-6);
  EXPECT_EQ(offer.install_quarters, 1);
  EXPECT_EQ(offer.lead_quarters, 2);
  EXPECT_GT(mean(offer.slip), 0);
  EXPECT_NEAR(mean(offer.refund.value()), 0.5, 1e-15);
  EXPECT_NEAR(mean(offer.application_fee), 100, 1e-12);
  EXPECT_EQ(offer.rack, 8);
  EXPECT_EQ(offer.minimum_order, 64);
  EXPECT_TRUE(offer.follows_market);
  ASSERT_EQ(offer.premium.size(), 1U);
  EXPECT_NEAR(mean(offer.premium[0].beyond), 0.5, 1e-15);
  EXPECT_NEAR(mean(offer.premium[0].premium), 0.1, 1e-15);
  // 20,000 a quarter, from the third quarter 10,000, and nothing outside the window.
  EXPECT_EQ(offer.supply_at({2026, 2}), &offer.supply);
  EXPECT_EQ(offer.supply_at({2026, 3}), &offer.supply_phases.at(0).supply);
  EXPECT_EQ(offer.supply_at({2027, 1}), nullptr);
  ASSERT_EQ(scenario.seller_caps.size(), 1U);
  EXPECT_EQ(scenario.seller_caps[0].supply_at({2025, 4}), nullptr);
  EXPECT_NE(scenario.seller_caps[0].supply_at({2026, 1}), nullptr);
  const PowerProject& project = scenario.power_projects.at(0);
  EXPECT_EQ(project.lead_quarters, 3);
  EXPECT_NEAR(mean(project.price), 9, 1e-12);  // USD per watt
  EXPECT_NEAR(mean(project.phase), 10e6, 1e-6);
  EXPECT_NEAR(mean(project.end_share), 0.5, 1e-15);
  const FleetEntry& entry = scenario.fleet.at(0);
  EXPECT_TRUE(entry.stays_apart());
  EXPECT_NEAR(mean(*entry.age), 31557600, 1e-6);
  EXPECT_EQ(entry.retires, (Quarter{2026, 4}));
  EXPECT_NEAR(mean(*entry.resale), 5000, 1e-9);
  const MinimumFleet& minimum = scenario.minimum_fleets.at(0);
  EXPECT_EQ(minimum.from, (Quarter{2026, 3}));
  EXPECT_EQ(minimum.accelerators, std::vector<std::size_t>{0});
  EXPECT_EQ(minimum.sites, std::vector<std::size_t>{0});
  EXPECT_EQ(scenario.workloads.at(0).first, (Quarter{2026, 1}));
  EXPECT_GT(mean(scenario.workloads[0].software_gain), 0);
  EXPECT_GT(mean(scenario.throughput.at(0).serving_cost), 0);
  EXPECT_EQ(scenario.budget.at(0).revised, (Quarter{2026, 3}));
  ASSERT_TRUE(scenario.budget[0].revision);
  EXPECT_LT(scenario.budget[0].revision->value.quantile(0.1).value, 0);
}

TEST_F(ColumnTable, SaysWhatHoldsWhereAColumnIsMissing) {
  for (const Column& column : column_table()) {
    const std::string says = column.says;
    const bool says_so = says.find("empty") != std::string::npos;
    EXPECT_TRUE(says_so || column.is_required || is_leant_on(column) ||
                std::string(column.name) == "confirmed")
        << column.file << ": " << column.name;
  }
}

}  // namespace
}  // namespace vorrat::scenario
