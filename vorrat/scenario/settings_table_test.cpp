#include "vorrat/scenario/settings_table.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "vorrat/catalog/catalog.h"
#include "vorrat/scenario/load.h"

namespace vorrat::scenario {
namespace {

namespace fs = std::filesystem;
const fs::path source = VORRAT_SOURCE_DIR;

std::string name_for(const std::string& section) {
  if (section.starts_with("market")) return "price";
  return section.starts_with("accounts") ? "capital" : "licence";
}

/// Optional keys that another key of the same section leans on: alone they may go.
bool is_leant_on(const Setting& setting) {
  const std::string key = setting.key;
  return key == "by_application" || key == "news" || key == "news_in" ||
         (std::string(setting.section) == "settings" && key == "method");
}

/// A scenario.toml with every key of the table at its example, but for `left_out`, and with `added`
/// keys.
std::string written(const Setting* left_out, const Setting* renamed) {
  std::string text, section;
  for (const Setting& setting : settings_table()) {
    if (std::string(setting.example).empty()) continue;
    std::string head = setting.section;
    if (const auto star = head.find('*'); star != std::string::npos)
      head.replace(star, 1, name_for(head));
    const bool is_list = head.ends_with("[]");
    if (is_list) head.resize(head.size() - 2);
    if (head != section) text += is_list ? "[[" + head + "]]\n" : "[" + head + "]\n";
    section = head;
    std::string key = setting.key;
    if (key == "*") key = "CNY";
    if (&setting == left_out) continue;
    if (&setting == renamed) key += "_x";
    text += key + " = " + setting.example + "\n";
  }
  return text;
}

class SettingsTable : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("vorrat-settings-" +
               std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::copy(source / "tests/broken/sound", folder_, fs::copy_options::recursive);
    std::ofstream(folder_ / "gates.csv")
        << "gate,when,from,to,probability,source,date,kind,note\n"
           "licence,,open,open,rest,made up for tests,2026-02-09,assumed,\n";
    catalog_ = *catalog::Catalog::load(source / "data");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string faults_of(const std::string& text) {
    std::ofstream(folder_ / "scenario.toml") << text;
    const auto loaded = load(folder_, catalog_);
    return loaded ? "" : to_string(loaded.error());
  }

  fs::path folder_;
  catalog::Catalog catalog_;
};

TEST_F(SettingsTable, HoldsKeysThatTheReaderTakes) {
  EXPECT_EQ(faults_of(written(nullptr, nullptr)), "");
}

TEST_F(SettingsTable, SaysWhichKeysTheReaderAsksFor) {
  for (const Setting& setting : settings_table()) {
    if (std::string(setting.key) == "*" || std::string(setting.example).empty()) continue;
    if (is_leant_on(setting)) continue;
    const std::string faults = faults_of(written(&setting, nullptr));
    EXPECT_EQ(faults.empty(), !setting.is_required) << setting.section << "." << setting.key << "\n"
                                                    << faults;
  }
}

TEST_F(SettingsTable, HasNoKeyThatTheReaderWouldTakeUnderAnotherName) {
  for (const Setting& setting : settings_table()) {
    if (std::string(setting.key) == "*" || std::string(setting.example).empty()) continue;
    EXPECT_NE(faults_of(written(nullptr, &setting)), "") << setting.section << "." << setting.key;
  }
}

// The other way round: a key that the reader takes and the table lacks would show in a shipped
// scenario.
TEST_F(SettingsTable, HoldsEveryKeyOfTheShippedScenarios) {
  for (const char* folder : {"scenarios/bytedance-2026", "data/starter", "tests/broken/sound"}) {
    std::ifstream file(source / folder / "scenario.toml");
    std::string section;
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with("[")) {
        section =
            line.substr(line.find_first_not_of('['), line.find(']') - line.find_first_not_of('['));
        continue;
      }
      const auto equals = line.find(" = ");
      if (line.empty() || line[0] == '#' || equals == std::string::npos) continue;
      const std::string key = line.substr(0, equals);
      bool found = false;
      for (const Setting& setting : settings_table()) {
        std::string pattern = setting.section;
        if (pattern.ends_with("[]")) pattern.resize(pattern.size() - 2);
        std::string written_section = section;
        if (const auto star = pattern.find('*');
            star != std::string::npos && section.starts_with(pattern.substr(0, star))) {
          const auto end = section.find('.', star);
          written_section =
              pattern.substr(0, star) + "*" + (end == std::string::npos ? "" : section.substr(end));
        }
        found = found || (pattern == written_section &&
                          (setting.key == key || std::string(setting.key) == "*"));
      }
      EXPECT_TRUE(found) << folder << ": " << section << "." << key;
    }
  }
}

TEST_F(SettingsTable, SaysWhatHoldsWhereAKeyIsMissing) {
  for (const Setting& setting : settings_table()) {
    const bool says_so = std::string(setting.says).find("else ") != std::string::npos;
    EXPECT_EQ(says_so, !setting.is_required) << setting.section << "." << setting.key;
  }
}

}  // namespace
}  // namespace vorrat::scenario
