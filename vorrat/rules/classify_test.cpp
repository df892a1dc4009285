// The cases of tests/rules/good, each a row of a published or computed table, asked of data/rules;
// and the broken rule files of tests/rules/bad, whose messages are compared whole.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "vorrat/input/document.h"
#include "vorrat/input/reader.h"
#include "vorrat/rules/classify.h"

namespace vorrat::rules {
namespace {

namespace fs = std::filesystem;
const fs::path cases_folder = VORRAT_SOURCE_DIR "/tests/rules";

const Rulebook& book() {
  static const Rulebook rules = [] {
    auto result = Rulebook::load({VORRAT_SOURCE_DIR "/data/rules"});
    if (!result) throw std::runtime_error(to_string(result.error()));
    return *result;
  }();
  return rules;
}

struct RatedItem {
  Item item;
  std::string seller;
  bool is_inferred = false;
};

RatedItem read_item(Record record, const std::string& id) {
  RatedItem result;
  Item& item = result.item;
  item.id = id;
  item.name = record.required<std::string>("name");
  item.designer = record.required<std::string>("designer");
  result.seller = record.required<std::string>("seller");
  item.data_centre = answer(record.required<bool>("data_centre"));
  for (const auto& [format, bits] :
       std::map<std::string, int>{{"fp16", 16}, {"fp8", 8}, {"fp4", 4}}) {
    if (const auto tops = record.optional<double>(format))
      item.ratings.push_back({format, bits, *tops});
  }
  item.die_area_mm2 = record.optional<double>("die_area");
  item.process = Process::non_planar;
  item.dram_gb_per_s = record.optional<double>("dram_bandwidth");
  item.sram_gb_per_s = record.optional<double>("sram_bandwidth");
  item.io_gb_per_s = record.optional<double>("io_bandwidth");
  if (const auto sold = record.optional<bool>("sold_in_us"); sold && !*sold) {
    item.sale_in_us.ever = Answer::no;
  }
  result.is_inferred = !record.optional<std::string>("inferred").value_or("").empty();
  record.finish();
  return result;
}

const std::map<std::string, RatedItem>& items() {
  static const auto all = [] {
    std::map<std::string, RatedItem> result;
    Diagnostics faults;
    const auto document = Document::read(cases_folder / "items.toml");
    if (!document) throw std::runtime_error(to_string(document.error()));
    Record file(document->root(), "file of items", faults);
    auto table = file.table("item", "items");
    for (const auto& id : table->keys()) result[id] = read_item(*table->table(id, "item"), id);
    file.finish();
    if (faults.has_errors()) throw std::runtime_error(to_string(faults));
    return result;
  }();
  return all;
}

Deal read_deal(Record& record, const std::string& seller) {
  Deal deal;
  deal.seller = seller;
  deal.transaction = record.choice_or<Transaction>("transaction",
                                                   {{"buy", Transaction::buy},
                                                    {"lease", Transaction::lease},
                                                    {"remote_use", Transaction::remote_use},
                                                    {"keep_running", Transaction::keep_running}},
                                                   Transaction::buy);
  deal.destination = record.value_or<std::string>("to", "CN");
  deal.exported_from = record.value_or<std::string>("exported_from", "US");
  deal.user.name = record.value_or<std::string>("user", "A Chinese firm");
  deal.user.headquarters = record.value_or<std::string>("headquarters", "CN");
  deal.user.parent = record.value_or<std::string>("parent", "CN");
  deal.site_owner.headquarters = record.value_or<std::string>("owner_headquarters", "");
  deal.site_owner.parent = record.value_or<std::string>("owner_parent", "");
  deal.received = record.optional<Date>("received");
  deal.site_is_state_funded = answer(record.value_or<bool>("state_funded_site", false));
  deal.site_is_validated = answer(record.value_or<bool>("validated_site", false));
  deal.owned_by_listed_parties = answer(record.value_or<bool>("owned_by_listed_parties", false));
  return deal;
}

std::vector<std::string> words(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> result;
  for (std::string word; stream >> word;) result.push_back(word);
  return result;
}

Answer answer_of(std::string_view provision, const Item& item, const Deal& deal, Date day) {
  for (const auto& step : book().on(day).explain(item, deal).trace) {
    if (step.provision->id == provision) return step.applies;
  }
  ADD_FAILURE() << provision << " is not in force on " << vorrat::to_string(day);
  return Answer::unknown;
}

template <typename Value>
std::vector<std::string> texts(const std::vector<Value>& values) {
  std::vector<std::string> result;
  for (const auto& value : values) result.push_back(to_string(value));
  return result;
}

void check_deal(Record& record, const Item& item, const Deal& deal, Date day) {
  const Classification answer = book().on(day).classify(item, deal);
  if (record.has("status")) {
    EXPECT_EQ(to_string(answer.status), record.required<std::string>("status"));
  }
  for (const auto& line : record.list("gates")) {
    const auto gate = words(line);
    EXPECT_EQ(to_string(answer.gate(book(), gate.at(0)).status), gate.at(1)) << gate[0];
  }
  if (record.has("review")) {
    EXPECT_EQ(to_string(answer.gate(book(), "us-licence").review),
              record.required<std::string>("review"));
  }
  if (record.has("charges")) {
    EXPECT_EQ(texts(answer.charges()), record.list("charges"));
  }
  if (record.has("quotas")) {
    EXPECT_EQ(texts(answer.quotas()), record.list("quotas"));
  }
  if (record.has("risks")) {
    EXPECT_EQ(answer.risks(), record.list("risks"));
  }
}

// Returns whether the case counts.
bool check_case(Record record) {
  const std::string name = record.identify("name");
  SCOPED_TRACE(name);
  record.optional<std::string>("source");
  const RatedItem& rated = items().at(record.required<std::string>("item"));
  const Item& item = rated.item;
  const Deal deal = read_deal(record, rated.seller);
  if (const auto tpp = record.optional<double>("tpp")) {
    EXPECT_EQ(std::round(measured(item, Measure::tpp).value.to_double()), *tpp);
  }
  if (const auto density = record.optional<double>("performance_density")) {
    const auto m = measured(item, Measure::performance_density);
    EXPECT_NEAR(m.value.to_double() / m.divisor.to_double(), *density, 0.005001);
  }
  if (const auto day = record.optional<Date>("on")) check_deal(record, item, deal, *day);
  for (const auto& line : record.list("answers")) {
    const auto part = words(line);
    EXPECT_EQ(to_string(answer_of(part.at(1), item, deal, *parse_date(part.at(0)))), part.at(2))
        << part[1] << " on " << part[0];
  }
  record.finish();
  return !rated.is_inferred;
}

void check_ratio(Record record) {
  SCOPED_TRACE(record.identify("name"));
  const auto tpp = [](const std::string& id) {
    return measured(items().at(id).item, Measure::tpp).value.to_double();
  };
  const double divisor = record.has("to_tpp") ? record.required<double>("to_tpp")
                                              : tpp(record.required<std::string>("to"));
  const double published = record.required<double>("is");
  // Tolerance as published: 0.5 %.
  EXPECT_NEAR(tpp(record.required<std::string>("of")) / divisor, published, 0.005 * published);
  record.finish();
}

struct CaseFile : testing::TestWithParam<std::string> {};

TEST_P(CaseFile, ComesOutRowByRow) {
  const auto document = Document::read(cases_folder / "good" / GetParam());
  ASSERT_TRUE(document) << to_string(document.error());
  Diagnostics faults;
  Record file(document->root(), "file of cases", faults);
  int counted = 0, inferred = 0;
  for (auto& record : file.tables("case", "case")) ++(check_case(record) ? counted : inferred);
  for (auto& record : file.tables("ratio", "ratio")) check_ratio(record);
  file.finish();
  EXPECT_FALSE(faults.has_errors()) << to_string(faults);
  EXPECT_GT(counted, 0);
  std::cout << GetParam() << ": " << counted << " cases, and " << inferred
            << " that rest on an inferred rating and do not count\n";
}

INSTANTIATE_TEST_SUITE_P(Rules, CaseFile,
                         testing::Values("published.toml", "computed.toml", "gate-2026.toml",
                                         "decision-table.toml"));

struct BrokenRules : testing::TestWithParam<std::string> {};

std::string content(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_P(BrokenRules, AreRefusedWithTheirOwnMessage) {
  const fs::path folder = cases_folder / "bad" / GetParam();
  const auto rules = Rulebook::load({cases_folder / "world", folder});
  ASSERT_FALSE(rules);
  EXPECT_EQ(to_string(rules.error()), content(folder / "message.txt"));
}

INSTANTIATE_TEST_SUITE_P(Rules, BrokenRules,
                         testing::Values("threshold-without-source", "no-source", "gap-in-dates",
                                         "overlap-in-dates", "ends-before-it-begins",
                                         "unknown-country", "unknown-group", "unknown-gate",
                                         "unknown-provision", "circle", "conflicting-exceptions",
                                         "unknown-key", "unknown-status", "bad-condition",
                                         "twice-in-a-group", "same-instrument-twice",
                                         "no-condition", "quota-without-amount"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

// The explanations of three deals, compared whole with the texts in tests/rules/traces.
std::string explanation(const char* id, const Deal& deal, Date day) {
  const Item& item = items().at(id).item;
  const RulesInForce law = book().on(day);
  return to_string(law.explain(item, deal), law, item, deal);
}

Deal deal_of_bytedance(const char* destination) {
  Deal deal;
  deal.seller = "NVIDIA";
  deal.exported_from = "US";
  deal.destination = destination;
  deal.user = {"ByteDance", "CN", "CN"};
  return deal;
}

TEST(Explanation, OfTheH200BeforeTheRuleOfJanuary2026) {
  EXPECT_EQ(explanation("h200-sxm", deal_of_bytedance("CN"), make_date(2025, 11, 1)),
            content(cases_folder / "traces" / "h200-2025-11-01.txt"));
}

TEST(Explanation, OfTheH200UnderTheRuleOfJanuary2026) {
  EXPECT_EQ(explanation("h200-sxm", deal_of_bytedance("CN"), make_date(2026, 2, 1)),
            content(cases_folder / "traces" / "h200-2026-02-01.txt"));
}

TEST(Explanation, OfAB200LeasedInMalaysia) {
  Deal deal = deal_of_bytedance("MY");
  deal.transaction = Transaction::lease;
  deal.site_owner = {"", "MY", "MY"};
  EXPECT_EQ(explanation("b200", deal, make_date(2026, 8, 1)),
            content(cases_folder / "traces" / "b200-lease-2026-08-01.txt"));
}

// Known answers: ban; freed below 5000 in Malaysia; notice in Singapore; licence at home.
TEST(Exceptions, GoBeforeTheRuleAndBeforeTheExceptionsTheyName) {
  const auto rules =
      Rulebook::load({cases_folder / "world", cases_folder / "good" / "exceptions-with-an-order"});
  ASSERT_TRUE(rules) << to_string(rules.error());
  Item item;
  item.id = "part";
  item.ratings = {{"fp8", 8, 600}};
  const auto status = [&](const char* destination, double tops) {
    item.ratings[0].dense_tops = tops;
    Deal deal;
    deal.destination = destination;
    return rules->on(make_date(2025, 1, 1)).classify(item, deal).status;
  };
  EXPECT_EQ(status("CN", 600), Status::prohibited);
  EXPECT_EQ(status("MY", 600), Status::free);
  EXPECT_EQ(status("MY", 700), Status::notify);
  EXPECT_EQ(status("SG", 600), Status::notify);
  EXPECT_EQ(status("US", 600), Status::licence_case_by_case);
  EXPECT_EQ(status("", 600), Status::unknown);
  EXPECT_EQ(status("", 100), Status::free);  // an exception needs something to be an exception to
}

}  // namespace
}  // namespace vorrat::rules
