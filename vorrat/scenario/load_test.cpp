#include "vorrat/scenario/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "vorrat/base/error.h"
#include "vorrat/base/random.h"

namespace vorrat::scenario {
namespace {

const std::string broken = VORRAT_SOURCE_DIR "/tests/broken/";

const catalog::Catalog& facts() {
  static const catalog::Catalog loaded = catalog::Catalog::load(VORRAT_SOURCE_DIR "/data").value();
  return loaded;
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Load, ReadsTheSoundScenarioWithoutFaults) {
  const auto scenario = load(broken + "sound", facts());
  ASSERT_TRUE(scenario) << to_string(scenario.error());
}

// The messages are compared whole: each folder differs from `sound` in one file, and the text
// beside it is what a user sees.
class BrokenScenario : public testing::TestWithParam<const char*> {};

TEST_P(BrokenScenario, GetsItsOwnMessage) {
  const std::string folder = broken + GetParam();
  const auto scenario = load(folder, facts());
  ASSERT_FALSE(scenario);
  EXPECT_EQ(to_string(scenario.error()), content_of(folder + ".txt"));
}

TEST_P(BrokenScenario, DiffersFromTheSoundOneInOneFileOnly) {
  const std::filesystem::path folder = broken + GetParam();
  int differing = 0;
  for (const auto& entry : std::filesystem::directory_iterator(broken + "sound")) {
    const std::filesystem::path other = folder / entry.path().filename();
    if (!std::filesystem::exists(other) || content_of(other) != content_of(entry.path())) {
      ++differing;
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!std::filesystem::exists(broken + "sound/" + entry.path().filename().string())) ++differing;
  }
  EXPECT_EQ(differing, 1);
}

INSTANTIATE_TEST_SUITE_P(Each, BrokenScenario,
                         testing::Values("wrong-unit", "unknown-accelerator", "negative-budget",
                                         "row-not-summing-to-one", "no-such-site", "missing-file",
                                         "duplicate-key", "before-the-horizon", "power-of-ten",
                                         "binary-junk", "premium-that-falls", "news-of-no-market",
                                         "project-of-no-site", "minimum-fleet-of-what",
                                         "cap-of-no-seller", "more-than-all-granted",
                                         "revision-of-another-year"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(Load, ReadsTheWorkedScenarioWithoutFaults) {
  const auto scenario = load(VORRAT_SOURCE_DIR "/scenarios/bytedance-2026", facts());
  ASSERT_TRUE(scenario) << to_string(scenario.error());
}

// A copy of the sound scenario with one text of one file replaced.
class Edited {
 public:
  Edited() : folder_(own_folder()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::copy(broken + "sound", folder_);
  }
  Edited(const std::string& file, const std::string& from, const std::string& to) : Edited() {
    replace(file, from, to);
  }
  Edited(const Edited&) = delete;
  Edited& operator=(const Edited&) = delete;
  ~Edited() { std::filesystem::remove_all(folder_); }

  const std::filesystem::path& folder() const { return folder_; }

  Edited& replace(const std::string& file, const std::string& from, const std::string& to) {
    std::string text = content_of(folder_ / file);
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    return write(file, text);
  }
  Edited& write(const std::string& file, const std::string& text) {
    std::ofstream(folder_ / file, std::ios::binary) << text;
    return *this;
  }

  /// The messages of its faults; "sound" if it has none.
  std::vector<std::string> messages() const {
    const auto scenario = load(folder_, facts());
    if (scenario) return {"sound"};
    std::vector<std::string> messages;
    for (const Fault& fault : scenario.error().faults()) messages.push_back(fault.message);
    return messages;
  }
  Scenario scenario() const { return load(folder_, facts()).value(); }

 private:
  static std::filesystem::path own_folder() {
    std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace(name.begin(), name.end(), '/', '-');
    return std::filesystem::temp_directory_path() / ("vorrat-scenario-" + name);
  }

  std::filesystem::path folder_;
};

using Messages = std::vector<std::string>;

/// The value that was filled in for `what`; "" if it was written.
std::string default_of(const Scenario& scenario, const std::string& what) {
  for (const Default& filled : scenario.defaults) {
    if (filled.what == what) return filled.value;
  }
  return "";
}

TEST(Load, ResolvesNamesToPlaces) {
  const Scenario scenario = Edited().scenario();
  ASSERT_EQ(scenario.offers.size(), 3U);
  const Offer& rented = scenario.offers[2];
  EXPECT_EQ(scenario.accelerators[rented.accelerator].id, "h200-sxm");
  EXPECT_EQ(scenario.sites[rented.site].id, "south");
  EXPECT_EQ(rented.transaction, Transaction::lease);
  EXPECT_EQ(rented.term, 4);
  EXPECT_EQ(scenario.offers[0].gates, std::vector<std::size_t>{0});
  EXPECT_EQ(scenario.workloads[1].sites, std::vector<std::size_t>{1});
  ASSERT_NE(scenario.throughput_of(rented.accelerator, 1), nullptr);
  EXPECT_EQ(scenario.throughput_of(scenario.offers[1].accelerator, 1), nullptr);
  EXPECT_EQ(scenario.workloads[0].work, dimensions::tokens);
  EXPECT_EQ(scenario.workloads[1].work, dimensions::compute_work);
  ASSERT_NE(scenario.budget_of(2026, Account::lease), nullptr);
  EXPECT_EQ(scenario.budget_of(2027, Account::lease), nullptr);
}

TEST(Load, KeepsWhereEachFactComesFrom) {
  const Scenario scenario =
      Edited("offers.csv", "gates,source", "gates,price_source,price_date,price_kind,source")
          .replace("offers.csv", "licence,made up",
                   "licence,a news page,2026-01-31,reported,made up")
          .replace("offers.csv", "30 %,,,made up", "30 %,,,,,,made up")
          .replace("offers.csv", "4 quarters,,made up", "4 quarters,,,,,made up")
          .scenario();
  const Source& price = scenario.offers[0].price.source;
  EXPECT_EQ(price.text, "a news page");
  EXPECT_EQ(price.date, make_date(2026, 1, 31));
  EXPECT_EQ(price.kind, SourceKind::reported);
  EXPECT_EQ(price.place, (Place{"offers.csv", 2, 39}));
  EXPECT_EQ(scenario.offers[0].supply.source.text, "made up for tests");
  EXPECT_EQ(scenario.money.discount_rate.source.kind, SourceKind::assumed);
}

TEST(Load, ConvertsMoneyAtTheScenariosRate) {
  const Scenario scenario = Edited().scenario();
  const AnyQuantity price = scenario.in_currency(scenario.offers[1].price.value.mean());
  EXPECT_EQ(price.currency, Currency("USD"));
  EXPECT_DOUBLE_EQ(price.value, 150000.0 / 7);
  EXPECT_THROW(scenario.in_currency(Money(1, "EUR")), InvalidInput);
}

TEST(Load, RoundsLeadTimesUpToQuarters) {
  // 91, 183, 92 and 0 days against quarters of 91.3: 13 weeks are one quarter, a day more is not
  // two.
  const auto quarters = [](const std::string& lead_time) {
    return Edited("offers.csv", "25 %,13 weeks", "25 %," + lead_time)
        .scenario()
        .offers[0]
        .lead_quarters;
  };
  EXPECT_EQ(quarters("13 weeks"), 1);
  EXPECT_EQ(quarters("26 weeks"), 2);
  EXPECT_EQ(quarters("100 days"), 2);
  EXPECT_EQ(quarters("2 quarters"), 2);
  EXPECT_EQ(quarters("0 weeks"), 0);
}

// The range "10 % to 20 %" (80 %) is lognormal: median sqrt(0.02), log deviation log(2) / 2
// / 1.2816, so its mean is 0.1466 and the rest 0.8534.
TEST(Load, FillsTheRestOfAGatesRow) {
  const Scenario scenario = Edited().scenario();
  const auto& transition = scenario.gates[0].transition;
  ASSERT_EQ(transition.size(), 1U);
  EXPECT_NEAR(transition[0][0][0], 0.7, 1e-12);
  EXPECT_NEAR(transition[0][0][1], 0.3, 1e-12);
  EXPECT_NEAR(transition[0][1][0], 0.14665, 1e-4);
  EXPECT_NEAR(transition[0][1][0] + transition[0][1][1], 1, 1e-15);
  EXPECT_EQ(scenario.gates[0].start, 0U);
  EXPECT_EQ(scenario.gates[0].moves.size(), 4U);
}

TEST(Load, LeavesAGateWhereItIsIfNoRowMovesItAndSaysSo) {
  const Scenario scenario =
      Edited("gates.csv", "licence,,shut,shut,70 %,made up for tests,2026-02-09,assumed,\n", "")
          .replace("gates.csv", "licence,,shut,open,30 %,made up for tests,2026-02-09,assumed,\n",
                   "")
          .scenario();
  EXPECT_EQ(scenario.gates[0].transition[0][0], (std::vector<double>{1, 0}));
  EXPECT_EQ(default_of(scenario, "the moves of gate \"licence\" from \"shut\""), "it stays");
}

const std::string approval = R"(
[gates.approval]
title = "import approval"
side = "importer"
after = "licence"
start = "no"

[[gates.approval.states]]
id = "no"
may_order = true
release = "0 %"

[[gates.approval.states]]
id = "yes"
may_order = true
release = "100 %"
)";

TEST(Load, PutsAGateAfterTheOneItDependsOn) {
  Edited edited;
  const std::string head = content_of(broken + "sound/scenario.toml");
  const std::size_t licence = head.find("[gates.licence]");
  edited.write("scenario.toml", head.substr(0, licence) + approval + "\n" + head.substr(licence));
  edited.replace("gates.csv", "licence,,shut,shut",
                 "approval,open,no,yes,40 %,made up,2026-02-09,assumed,\n"
                 "approval,open,no,no,rest,made up,2026-02-09,assumed,\n"
                 "licence,,shut,shut");
  const Scenario scenario = edited.scenario();
  ASSERT_EQ(scenario.gates.size(), 2U);
  EXPECT_EQ(scenario.gates[0].id, "licence");
  EXPECT_EQ(scenario.gates[1].id, "approval");
  EXPECT_EQ(scenario.gates[1].depends_on, 0U);
  ASSERT_EQ(scenario.gates[1].transition.size(), 2U);
  EXPECT_EQ(scenario.gates[1].transition[0][0], (std::vector<double>{1, 0}));  // licence shut
  EXPECT_EQ(scenario.gates[1].transition[1][0], (std::vector<double>{0.6, 0.4}));
}

TEST(Load, RefusesGatesThatDependOnEachOtherInARing) {
  Edited edited;
  edited.write("scenario.toml", content_of(broken + "sound/scenario.toml") + approval);
  edited.replace("scenario.toml", "side = \"exporter\"",
                 "side = \"exporter\"\nafter = \"approval\"");
  edited.write("gates.csv", "gate,when,from,to,probability\n");
  EXPECT_EQ(edited.messages(),
            (Messages{"gate \"licence\" depends on itself by way of \"approval\"",
                      "gate \"approval\" depends on itself by way of \"licence\""}));
}

TEST(Load, RefusesRestBesideMoreThanOne) {
  EXPECT_EQ(Edited("gates.csv", "10 % to 20 % (80 %)", "120 %").messages(),
            Messages{"the probability of gate \"licence\" is \"120 %\", which is above 1"});
  EXPECT_EQ(
      Edited("gates.csv", "shut,shut,70 %", "shut,shut,rest")
          .replace("gates.csv", "shut,open,30 %", "shut,open,rest")
          .messages(),
      Messages{"from \"shut\" to \"open\", or the word rest, stands twice for gate \"licence\""});
}

TEST(Load, FillsDefaultsInAndNotesThem) {
  const Scenario scenario = Edited("workloads.csv", ",1.4,", ",,").scenario();
  EXPECT_EQ(scenario.workloads[0].peak_factor.value.mean().value, 1);
  EXPECT_EQ(default_of(scenario, "the peak factor of workload \"chat\""), "1");
  EXPECT_EQ(default_of(scenario, "the peak factor of workload \"training\""), "");
}

TEST(Load, TakesTheHorizonWhereAnOfferSaysNoQuarters) {
  const Scenario scenario = Edited("offers.csv", "2026Q1,2026Q4", ",")
                                .replace("scenario.toml", "lot = \"1,000 units\"\n", "")
                                .scenario();
  EXPECT_EQ(scenario.offers[0].first, (Quarter{2026, 1}));
  EXPECT_EQ(scenario.offers[0].last, (Quarter{2026, 4}));
  EXPECT_EQ(default_of(scenario, "the lot of the settings"), "1000 units");
  EXPECT_EQ(default_of(scenario, "the first quarter of offer \"h200\""), "2026Q1");
  EXPECT_EQ(default_of(scenario, "the last quarter of offer \"h200\""), "2026Q4");
}

TEST(Load, HashesWhatWasRead) {
  const std::string hash = Edited().scenario().input_hash;
  EXPECT_EQ(hash.size(), 64U);
  EXPECT_EQ(hash, Edited().scenario().input_hash);
  EXPECT_NE(hash, Edited("budget.csv", "2 bn", "3 bn").scenario().input_hash);
  EXPECT_NE(hash, Edited("scenario.toml", "seed = 1", "seed = 2").scenario().input_hash);
}

TEST(Load, NeedsNoGatesAndNoFleet) {
  Edited edited;
  const std::string text = content_of(broken + "sound/scenario.toml");
  edited.write("scenario.toml", text.substr(0, text.find("[gates.licence]")));
  edited.replace("offers.csv", "100 %,,licence", "100 %,,");
  std::filesystem::remove(edited.folder() / "gates.csv");
  std::filesystem::remove(edited.folder() / "fleet.csv");
  EXPECT_EQ(edited.messages(), Messages{"sound"});
}

TEST(Load, ReportsEveryFaultInOneRun) {
  EXPECT_EQ(Edited("power.csv", "150 MW", "150 MWh")
                .replace("budget.csv", "2 bn USD", "-2 bn USD")
                .replace("scenario.toml", "seed = 1", "sead = 1")
                .replace("fleet.csv", "north", "nroth")
                .messages()
                .size(),
            4U);
}

struct Slip {
  const char* file;
  const char* from;
  const char* to;
  const char* messages;  // joined by "; "
};

const std::vector<Slip> slips = {
    {"scenario.toml", "seed = 1", "sead = 1", "there is no key \"sead\" in the settings"},
    {"scenario.toml", "[buyer]", "[byer]",
     "the section [buyer] is missing; there is no key \"byer\" in the scenario file"},
    {"scenario.toml", "known_on = 2026-02-09", "known_on = 2026-04-01",
     "known_on is 2026-04-01, when the first quarter, 2026Q1, is over"},
    {"scenario.toml", "currency = \"USD\"", "currency = \"dollars\"",
     "\"dollars\" is not a currency; write three capital letters, as in \"CNY\""},
    {"scenario.toml", "7 CNY/USD", "7 USD/CNY",
     "the rate of CNY is \"7 USD/CNY\", which is not CNY per USD"},
    {"scenario.toml", "branching = [2, 2, 1]", "branching = [2, 2]",
     "the branching of the tree has 2 numbers for a horizon of 4 quarters"},
    {"scenario.toml", "branching = [2, 2, 1]", "branching = [2, 0, 1]",
     "a number of branches is \"0\", which is not a whole number from 1 on"},
    {"scenario.toml", "start = \"shut\"", "start = \"shot\"",
     "the start of the gate \"licence\" is \"shot\", but there is no such state"},
    {"scenario.toml", "kind = \"assumed\"", "kind = \"guessed\"",
     "the kind of the discount rate of the money is \"guessed\", which is not one of its words"},
    {"offers.csv", "ascend,ascend-910c", "h200,ascend-910c", "offer \"h200\" stands twice"},
    {"offers.csv", "ascend,ascend-910c", "ascend,cambricon-690",
     "the catalogue has no power for accelerator \"cambricon-690\""},
    {"offers.csv", "150 kCNY", "150 kEUR",
     "the price of offer \"ascend\" is in EUR, which has no exchange rate"},
    {"offers.csv", "2.50 USD/GPU-hour", "2.50 USD",
     "the price of offer \"rented\" is \"2.50 USD\", which is an amount of money"},
    {"offers.csv", "0 %,4 quarters", "0 %,", "the term of offer \"rented\" is missing"},
    {"offers.csv", "100 %,,licence", "100 %,4 quarters,licence",
     "offer \"h200\" is a purchase and has no term"},
    {"offers.csv", "2026Q2,2026Q4", "2026Q3,2026Q2", "offer \"rented\" ends before it begins"},
    {"offers.csv", "licence,made up for tests,2026-02-09", "licence,made up for tests,2026-08-18",
     "a fact of offer \"h200\" is of 2026-08-18, which is after known_on, 2026-02-09"},
    {"offers.csv", "100 %,,licence", "130 %,,licence",
     "the deposit of offer \"h200\" is \"130 %\", which is above 1"},
    {"sites.csv", "\"45.8, 126.5\"", "\"95.8, 126.5\"",
     "the place of site \"north\" is \"95.8, 126.5\", which is not a latitude and a longitude"},
    {"sites.csv", "0.08 USD/kWh", "0.8 USD/kWh",
     "the electricity of site \"north\" is \"0.8 USD/kWh\", 10 times above the catalogue's 0.08 "
     "USD/kWh for CN"},
    {"sites.csv", "1.3,", "0.9,", "the pue of site \"north\" is \"0.9\", which is below 1"},
    {"power.csv", "south,2026Q1,40 MW", "north,2026Q1,40 MW",
     "the power of site \"north\" from 2026Q1 on stands twice; site \"south\" has no power"},
    {"workloads.csv", "20 tn tokens/day", "20 tn tokens",
     "the demand of workload \"chat\" is \"20 tn tokens\", which is a number of tokens"},
    {"workloads.csv", "3e25 FLOP/quarter", "much",
     "the demand of workload \"training\" is \"much\": a number is missing here"},
    {"workloads.csv", "0.2 USD/Mtoken,north", "0.2 USD/Mtoken,",
     "workload \"chat\" may run nowhere"},
    {"throughput.csv", "ascend-910c,chat", "h200-sxm,chat",
     "the throughput of \"h200-sxm\" for \"chat\" stands twice"},
    {"throughput.csv", "300 TFLOP/s", "300 tokens/s",
     "the throughput of accelerator \"h200-sxm\" is \"300 tokens/s\", which is a rate of tokens"},
    {"budget.csv", "2026,lease", "2026,capital", "the capital budget of 2026 stands twice"},
    {"budget.csv", "2026,lease,500 m USD", "2027,lease,500 m USD",
     "there is no lease budget for 2026"},
    {"budget.csv", "2026,lease", "2025,lease",
     "the year of a budget is 2025, which is before the horizon begins, 2026Q1"},
    {"budget.csv", "year,account", "year,acount",
     "the column \"account\" is missing; there is no column \"acount\" in this table"},
};

const std::string sourced = "source,date,kind,note\n";
const std::string a_source = ",made up for tests,2026-02-09,assumed,\n";

// Tables that the sound scenario does without: one row and the message it gets.
TEST(Load, NamesEachSlipInTablesThatMayBeMissing) {
  struct Row {
    const char* file;
    const char* head;
    const char* row;
    const char* messages;
  };
  const std::vector<Row> rows = {
      {"premium.csv", "offer,beyond,premium,", "h200,120 %,10 %",
       "the beyond of offer \"h200\" is \"120 %\", which is above 1"},
      {"premium.csv", "offer,beyond,premium,", "h201,50 %,10 %",
       "the offer of offer \"h201\" is \"h201\", but there is no such offer"},
      {"supply.csv", "offer,from,supply,", "h200,2026Q2,30 %",
       "the supply of offer \"h200\" is \"30 %\", which has no unit"},
      {"seller_caps.csv", "seller,from,supply,", "Nvidia,2026Q2,\"3,000 units/quarter\"",
       "the seller of seller \"Nvidia\" is \"Nvidia\", but there is no such seller of offers.csv"},
      {"power_projects.csv", "project,site,price,lead_time,supply,",
       "hall,north,9 m USD,3 quarters,40 MW",
       "the price of project \"hall\" is \"9 m USD\", which is an amount of money"},
      {"power_projects.csv", "project,site,price,lead_time,supply,",
       "hall,north,9 m EUR/MW,3 quarters,40 MW",
       "the price of project \"hall\" is in EUR, which has no exchange rate"},
      {"minimum_fleet.csv", "minimum,from,quantity,accelerators,", "promise,2026Q2,5 units,h20",
       "the accelerators of minimum fleet \"promise\" has \"h20\", but there is no such "
       "accelerator "
       "of this scenario"},
  };
  for (const Row& row : rows) {
    std::string messages;
    for (const std::string& message :
         Edited().write(row.file, row.head + sourced + row.row + a_source).messages())
      messages += (messages.empty() ? "" : "; ") + message;
    EXPECT_EQ(messages, row.messages) << row.file << ": " << row.row;
  }
}

// An offer's row in full: what one column says of others.
TEST(Load, HoldsAnOffersTermsAgainstOneAnother) {
  const auto with = [](const std::string& column, const std::string& h200,
                       const std::string& ascend) {
    auto edited = std::make_unique<Edited>();
    edited->replace("offers.csv", "term,gates,", "term,gates," + column + ",")
        .replace("offers.csv", "licence,made", "licence," + h200 + ",made")
        .replace("offers.csv", "30 %,,,made", "30 %,,," + ascend + ",made")
        .replace("offers.csv", "quarters,,made", "quarters,,,made");
    return edited;
  };
  EXPECT_EQ(
      with("redirect_to", "ascend", "")->messages(),
      Messages{"the redirect to of offer \"h200\" is \"ascend\", which Huawei sells, not NVIDIA"});
  EXPECT_EQ(with("redirect_to", "h200", "")->messages(),
            Messages{"the redirect to of offer \"h200\" is that offer itself"});
  EXPECT_EQ(
      with("downgrade_to", "rented", "")->messages(),
      Messages{"the downgrade to of offer \"h200\" is \"rented\", and one of them is a lease"});
  EXPECT_EQ(with("refund", "130 %", "")->messages(),
            Messages{"the refund of offer \"h200\" is \"130 %\", which is above 1"});
  EXPECT_FALSE(with("refund", "none", "20 %")->scenario().offers[0].refund);
  EXPECT_TRUE(with("refund", "none", "20 %")->scenario().offers[1].refund);
  EXPECT_EQ(with("rack", "0", "")->messages(),
            Messages{"the rack of offer \"h200\" is \"0\", which is not above zero"});
  EXPECT_EQ(with("downgrade_to", "ascend", "")->scenario().offers[0].downgrade_to, 1U);
  EXPECT_FALSE(with("price_level", "no", "")->scenario().offers[0].follows_market);
}

TEST(Load, TakesOneSlipForAllOffersOfASeller) {
  Edited edited("offers.csv", "term,gates,", "term,gates,slip,");
  edited.replace("offers.csv", "licence,made", "licence,10 % to 30 %,made")
      .replace("offers.csv", "30 %,,,made", "30 %,,,20 %,made")
      .replace("offers.csv", "quarters,,made", "quarters,,,made");
  EXPECT_EQ(edited.messages(), Messages{"sound"});
  EXPECT_EQ(edited.replace("offers.csv", "Huawei", "NVIDIA").messages(),
            Messages{"the slip of offer \"ascend\" is \"20 %\", but another offer of NVIDIA says "
                     "\"10 % to 30 %\""});
}

TEST(Load, ReadsWhatNobodyKnows) {
  Edited edited;
  edited.replace("scenario.toml", "[settings]\n",
                 "[market]\nlevels = 4\n[market.worth]\nnews = \"discrete(50 %: 1, 50 %: 3)\"\n"
                 "news_in = \"2026Q2\"\n[market.price]\nvolatility = \"20 %\"\n"
                 "[uncertainty]\nslip = false\n[noise]\noutcomes = 9\ngrowth = \"apart\"\n"
                 "[accounts.lease]\ncarry_over = \"40 %\"\n"
                 "[settings]\nmethod = \"tree\"\ngap = \"0.5 %\"\ntime_limit = \"2 min\"\n"
                 "whole_numbers = true\n");
  const Scenario scenario = edited.scenario();
  ASSERT_EQ(scenario.market.processes.size(), 2U);
  EXPECT_EQ(scenario.market.levels, 4);
  EXPECT_EQ(scenario.market.processes[0].moves, Uncertainty::price);
  EXPECT_FALSE(scenario.market.processes[0].news);
  EXPECT_EQ(scenario.market.processes[1].news_in, (Quarter{2026, 2}));
  EXPECT_EQ(default_of(scenario, "the mean of the news of the market of \"worth\""), "1");
  EXPECT_FALSE(scenario.is_on(Uncertainty::slip));
  EXPECT_TRUE(scenario.is_on(Uncertainty::growth));
  EXPECT_EQ(scenario.noise.outcomes, 9);
  EXPECT_FALSE(scenario.noise.growth_together);
  EXPECT_NEAR(scenario.accounts[1].carry_over.value.mean().value, 0.4, 1e-15);
  EXPECT_EQ(scenario.accounts[0].carry_over.value.mean().value, 0);
  EXPECT_EQ(scenario.settings.method, Settings::Method::tree);
  EXPECT_NEAR(scenario.settings.gap, 0.005, 1e-15);
  EXPECT_NEAR(scenario.settings.seconds, 120, 1e-12);
  EXPECT_TRUE(scenario.settings.whole_numbers);
}

TEST(Load, ReadsTheRisk) {
  Edited edited;
  edited.replace("scenario.toml", "[settings]\n", "[risk]\nweight = \"30 %\"\n[settings]\n");
  const Scenario scenario = edited.scenario();
  EXPECT_NEAR(scenario.risk.weight, 0.3, 1e-15);
  EXPECT_NEAR(scenario.risk.level, 0.05, 1e-15);
  EXPECT_TRUE(scenario.risk.counts());
}

// Everything that the sound scenario leaves out is said once.
TEST(Load, SaysWhatIsMeantWhereNothingIsWritten) {
  const Scenario scenario = Edited().scenario();
  for (const auto& [what, value] : std::vector<std::pair<std::string, std::string>>{
           {"the market of the scenario", "none"},
           {"the uncertainty of the scenario", "all on"},
           {"the risk of the scenario", "none"},
           {"the number of outcomes of the noise", "27"},
           {"the carry-over of account \"capital\"", "0 %"},
           {"the method of the settings", "sddp"},
           {"the slip where offers.csv says none", "0 %"},
           {"the refund where offers.csv says none", "none"},
           {"the installation where offers.csv says none", "0 weeks"},
           {"the application fee where offers.csv says none", "0"},
           {"the rack where offers.csv says none", "1 unit"},
           {"the software gain where workloads.csv says none", "0 %/quarter"},
           {"the serving cost where throughput.csv says none", "0"},
           {"the age where fleet.csv says none", "new"},
           {"the revision where budget.csv says none", "none"}})
    EXPECT_EQ(default_of(scenario, what), value) << what;
}

const std::vector<Slip> slips_of_what_nobody_knows = {
    {"scenario.toml", "[settings]", "[market.prices]\nvolatility = \"20 %\"\n[settings]",
     "there is no key \"prices\" in the market"},
    {"scenario.toml", "[settings]", "[market.price]\nvolatility = \"20 %/year\"\n[settings]",
     "the volatility of the market of \"price\" is \"20 %/year\", which is a rate per time"},
    {"scenario.toml", "[settings]", "[market.price]\nnews = \"80 % to 120 %\"\n[settings]",
     "the news of the market of \"price\" has no quarter"},
    {"scenario.toml", "[settings]",
     "[market.price]\nnews = \"80 % to 120 %\"\nnews_in = \"2026Q1\"\n[settings]",
     "the news of the market of \"price\" comes in 2026Q1, when the first decision is taken"},
    {"scenario.toml", "[settings]",
     "[market.price]\nvolatility = \"20 %\"\nnews_in = \"2026Q2\"\n[settings]",
     "the market of \"price\" has no news"},
    {"scenario.toml", "[settings]", "[uncertainty]\nweather = false\n[settings]",
     "there is no key \"weather\" in the uncertainty"},
    {"scenario.toml", "[settings]", "[noise]\noutcomes = 0\n[settings]",
     "the outcomes of the noise is \"0\", which is below 1"},
    {"scenario.toml", "[settings]", "[risk]\nlevel = \"0 %\"\n[settings]",
     "the level of the risk is \"0 %\", which is not above zero"},
    {"scenario.toml", "[settings]", "[accounts.rent]\ncarry_over = \"0 %\"\n[settings]",
     "there is no key \"rent\" in the accounts"},
    {"scenario.toml", "[settings]", "[settings]\nwhole_numbers = true",
     "whole numbers need the method \"tree\""},
    {"scenario.toml", "[settings]", "[risk]\nweight = \"30 %\"\n[settings]\nmethod = \"tree\"",
     "the tree method takes the expectation only"},
    {"scenario.toml", "id = \"open\"", "id = \"open\"\ndecides = \"30 %\"",
     "state \"open\" of gate \"licence\" decides applications, but the gate decides none"},
    {"scenario.toml", "start = \"shut\"", "start = \"shut\"\npace = \"50 % to 150 %\"",
     "the gate \"licence\" decides no applications, so it has no pace"},
};

TEST(Load, NamesEachSlip) {
  for (const Slip& slip : slips) {
    std::string messages;
    for (const std::string& message : Edited(slip.file, slip.from, slip.to).messages()) {
      messages += (messages.empty() ? "" : "; ") + message;
    }
    EXPECT_EQ(messages, slip.messages) << slip.file << ": " << slip.from << " -> " << slip.to;
  }
}

TEST(Load, NamesEachSlipInWhatNobodyKnows) {
  for (const Slip& slip : slips_of_what_nobody_knows) {
    std::string messages;
    for (const std::string& message : Edited(slip.file, slip.from, slip.to).messages()) {
      messages += (messages.empty() ? "" : "; ") + message;
    }
    EXPECT_EQ(messages, slip.messages) << slip.from << " -> " << slip.to;
  }
}

TEST(Load, NamesWhatLeansOnACellThatIsEmpty) {
  EXPECT_EQ(Edited("budget.csv", "amount,", "amount,revised,")
                .replace("budget.csv", "2 bn USD,", "2 bn USD,2026Q3,")
                .replace("budget.csv", "500 m USD,", "500 m USD,,")
                .messages(),
            Messages{"budget \"2026\" has no revision"});
  EXPECT_EQ(Edited("budget.csv", "amount,", "amount,revision,")
                .replace("budget.csv", "2 bn USD,", "2 bn USD,1 m USD to 2 m USD,")
                .replace("budget.csv", "500 m USD,", "500 m USD,,")
                .messages(),
            Messages{"the revision of budget \"2026\" has no quarter"});
  EXPECT_EQ(Edited("fleet.csv", "quantity,", "quantity,resale_fall,")
                .replace("fleet.csv", "units\",", "units\",30 %/year,")
                .messages(),
            Messages{"accelerator \"h200-sxm\" has no resale price that could fall"});
}

TEST(Load, RefusesFilesItDoesNotKnow) {
  EXPECT_EQ(Edited().write("offer.csv", "offer\n").messages(),
            Messages{"a scenario has no such file"});
  EXPECT_EQ(to_string(load("no/such/folder", facts()).error()),
            "no/such/folder: there is no such scenario folder\n"
            "      name a folder that holds scenario.toml\n1 fault\n");
}

TEST(Load, TakesAFigureFarFromTheCatalogueIfItIsConfirmed) {
  const auto confirmed = [](const std::string& word) {
    return Edited("offers.csv", "27 kUSD", "270 kUSD")
        .replace("offers.csv", "gates,source", "gates,confirmed,source")
        .replace("offers.csv", "licence,made", "licence," + word + ",made")
        .replace("offers.csv", "30 %,,,made", "30 %,,,,made")
        .replace("offers.csv", "quarters,,made", "quarters,,,made")
        .messages();
  };
  EXPECT_EQ(confirmed("yes"), Messages{"sound"});
  EXPECT_EQ(confirmed("no").size(), 1U);
}

// Whatever is written, the answer is a scenario or faults with a place; never an exception.
TEST(Load, SurvivesRandomSlips) {
  const RandomStream slip(1, "random slips in a scenario");
  const std::string letters = "0 9;,.\"'-=[]{}%/xQ\n\t€";
  const Edited edited;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(edited.folder())) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (std::uint64_t path = 0; path < 400; ++path) {
    const std::filesystem::path& file = files[slip.bits(path, 0) % files.size()];
    const std::string sound = content_of(file);
    std::string text = sound;
    const std::size_t at = slip.bits(path, 1) % text.size();
    const std::size_t length = slip.bits(path, 2) % 12;
    text.replace(at, length, 1, letters[slip.bits(path, 3) % letters.size()]);
    std::ofstream(file, std::ios::binary) << text;
    const auto scenario = load(edited.folder(), facts());
    if (!scenario) {
      EXPECT_GT(scenario.error().error_count(), 0U);
      for (const Fault& fault : scenario.error().faults()) EXPECT_NE(fault.place.file, "") << text;
    }
    std::ofstream(file, std::ios::binary) << sound;
  }
}

}  // namespace
}  // namespace vorrat::scenario
