#include "vorrat/catalog/catalog.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "vorrat/base/error.h"
#include "vorrat/quantity/text.h"

namespace vorrat::catalog {
namespace {

const std::filesystem::path data = VORRAT_SOURCE_DIR "/data";

const Catalog& loaded() {
  static const Catalog catalog = Catalog::load(data).value();
  return catalog;
}

// A copy of the catalogue with one text replaced in one file.
class Edited {
 public:
  Edited(const std::string& file, const std::string& from, const std::string& to)
      : folder_(std::filesystem::temp_directory_path() /
                (std::string("vorrat-catalog-") +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    std::filesystem::copy(data / "catalog", folder_ / "catalog");
    const std::filesystem::path path = folder_ / "catalog" / file;
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.replace(at, from.size(), to);
    std::ofstream(path, std::ios::binary) << text;
  }
  ~Edited() { std::filesystem::remove_all(folder_); }

  std::vector<std::string> messages() const {
    const auto catalog = Catalog::load(folder_);
    std::vector<std::string> messages;
    if (catalog) return messages;
    for (const Fault& fault : catalog.error().faults()) messages.push_back(fault.message);
    return messages;
  }

 private:
  std::filesystem::path folder_;
};

// NVIDIA's data sheet of the H200: 989.5 TFLOP/s dense FP16, so TPP = 989.5 x 16 = 15,832.
TEST(Catalog, HoldsTheH200AsItsDataSheetSays) {
  const Accelerator* h200 = loaded().find_accelerator("h200-sxm");
  ASSERT_NE(h200, nullptr);
  EXPECT_DOUBLE_EQ(*h200->fp16 / units::teraflop_per_second, 989.5);
  EXPECT_DOUBLE_EQ(*h200->memory / units::gigabyte, 141);
  EXPECT_DOUBLE_EQ(*h200->memory_bandwidth / units::gigabyte_per_second, 4800);
  EXPECT_DOUBLE_EQ(*h200->power / units::watt, 700);
  EXPECT_EQ(*h200->total_performance, 15832);
  EXPECT_EQ(*h200->release, (Quarter{2024, 2}));
  EXPECT_EQ(h200->ratings.kind, SourceKind::vendor);
  EXPECT_EQ(h200->price->low, UnitPrice(20000, "USD"));
  EXPECT_EQ(h200->price->high, UnitPrice(41000, "USD"));
}

TEST(Catalog, MarksWhatNoSourceWasFoundForAsAssumed) {
  for (const Accelerator& part : loaded().accelerators) {
    if (part.price && part.price->source.text.find("unsourced") != std::string::npos) {
      EXPECT_EQ(part.price->source.kind, SourceKind::assumed) << part.id;
    }
  }
  EXPECT_EQ(loaded().find_accelerator("cambricon-590")->ratings.kind, SourceKind::assumed);
}

TEST(Catalog, LeavesUnpublishedFiguresEmpty) {
  const Accelerator* in_house = loaded().find_accelerator("bytedance-seedchip");
  ASSERT_NE(in_house, nullptr);
  EXPECT_FALSE(in_house->fp16 || in_house->power || in_house->price);
}

// DeepSeek-V3 (arXiv 2412.19437): 671 bn parameters, 37 bn active, 61 layers, 256 experts, 8 a
// token.
TEST(Catalog, FindsALanguageModelByNameOrAlias) {
  const LanguageModel* v3 = loaded().find_language_model("deepseek-v3");
  ASSERT_NE(v3, nullptr);
  EXPECT_EQ(v3, loaded().find_language_model("deepseek-r1"));
  EXPECT_DOUBLE_EQ(*v3->total_parameters, 671e9);
  EXPECT_DOUBLE_EQ(*v3->active_parameters, 37e9);
  EXPECT_EQ(v3->layers, 61);
  EXPECT_EQ(v3->experts, 256);
  EXPECT_EQ(v3->experts_per_token, 8);
  EXPECT_EQ(v3->mla_kv_rank, 512);
}

TEST(Catalog, HoldsRegionsAndPrices) {
  const Region* china = loaded().find_region("CN");
  ASSERT_NE(china, nullptr);
  EXPECT_DOUBLE_EQ(in_unit(china->electricity.value, "USD/kWh"), 0.08);
  const auto rents = loaded().rents_of("h200-sxm");
  ASSERT_TRUE(rents);
  EXPECT_DOUBLE_EQ(in_unit(rents->first, "USD/GPU-hour"), 1.6);
  EXPECT_DOUBLE_EQ(in_unit(rents->second, "USD/GPU-hour"), 7);
  EXPECT_FALSE(loaded().rents_of("ascend-910c"));
}

TEST(Catalog, KnowsNothingOfAnUnknownNameAndHelpsToMendIt) {
  EXPECT_EQ(loaded().find_accelerator("h200"), nullptr);
  EXPECT_EQ(loaded().find_language_model("gpt"), nullptr);
  EXPECT_EQ(loaded().find_region("XX"), nullptr);
  EXPECT_EQ(did_you_mean("h200-smx", loaded().accelerator_ids()), "did you mean \"h200-sxm\"?");
}

TEST(Catalog, RefusesARatingWithSparsityByItsTpp) {
  const Edited edited("accelerators.csv", "NVIDIA,2024Q2,989.5 TFLOP/s,1979 TFLOP/s",
                      "NVIDIA,2024Q2,1979 TFLOP/s,3958 TFLOP/s");
  EXPECT_EQ(edited.messages(),
            std::vector<std::string>{"the TPP of accelerator \"h200-sxm\" is 15832, but its dense "
                                     "rates times their bits give 31664"});
}

TEST(Catalog, RefusesADieAreaThatDoesNotFitItsPerformanceDensity) {
  const Edited edited("accelerators.csv", "814 mm2,2368,2.91", "841 mm2,2368,2.91");
  EXPECT_EQ(edited.messages(),
            std::vector<std::string>{"the performance density of accelerator \"h20-96-sxm\" is "
                                     "2.91, but TPP per die area is 2.816"});
}

TEST(Catalog, RefusesANameThatStandsTwice) {
  const Edited edited("accelerators.csv", "h200-nvl,", "h200-sxm,");
  EXPECT_EQ(edited.messages(), std::vector<std::string>{"accelerator \"h200-sxm\" stands twice"});
}

TEST(Catalog, RefusesARowWithoutSource) {
  const Edited edited("regions.csv", "IEA / national statistics as reported (prices.csv C0110)",
                      "");
  EXPECT_EQ(edited.messages(),
            std::vector<std::string>{"the source of the electricity of region \"CN\" is missing"});
}

TEST(Catalog, RefusesPricesOutOfOrder) {
  const Edited edited("accelerators.csv", "20000 USD,27000 USD,41000 USD",
                      "20000 USD,47000 USD,41000 USD");
  EXPECT_EQ(edited.messages(),
            std::vector<std::string>{"the prices of accelerator \"h200-sxm\" are not in order"});
}

TEST(Catalog, RefusesAnotherDimension) {
  const Edited edited("accelerators.csv", "900 GB/s,700 W", "900 GB/s,700 Wh");
  EXPECT_EQ(edited.messages(),
            std::vector<std::string>{
                "the power of accelerator \"h100-sxm\" is \"700 Wh\", which is an energy"});
}

TEST(FindDataFolder, TakesTheChosenFolderAndSaysWhereItLooked) {
  EXPECT_EQ(find_data_folder(data), data);
  try {
    find_data_folder("no/such/folder");
    FAIL();
  } catch (const InvalidInput& fault) {
    EXPECT_STREQ(
        fault.what(),
        "there is no catalogue (catalog/accelerators.csv) in no/such/folder; name the data "
        "folder in the environment variable VORRAT_DATA");
  }
}

TEST(FindDataFolder, PrefersTheEnvironmentVariable) {
  setenv("VORRAT_DATA", data.c_str(), 1);
  EXPECT_EQ(find_data_folder(), data);
  setenv("VORRAT_DATA", "no/such/folder", 1);
  EXPECT_THROW(find_data_folder(), InvalidInput);
  unsetenv("VORRAT_DATA");
}

}  // namespace
}  // namespace vorrat::catalog
