#include "vorrat/base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "vorrat/base/error.h"

namespace vorrat {
namespace {

class WholeFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(testing::TempDir()) / ("whole_file_test-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_), {}));
  }

  std::filesystem::path folder_;
};

TEST_F(WholeFile, ReplacesTheOldOneAndLeavesNoOther) {
  const std::string text("a\0b\r\n\xff", 6);
  write_whole(folder_ / "x", "old");
  write_whole(folder_ / "x", text);
  EXPECT_EQ(read_whole(folder_ / "x"), text);
  EXPECT_EQ(files(), 1u);
}

TEST_F(WholeFile, KeepsWhatIsThereIfItCannotBeWritten) {
  std::filesystem::create_directories(folder_ / "x" / "y");
  EXPECT_THROW(write_whole(folder_ / "x", "text"), Unavailable);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "x" / "y"));
  EXPECT_EQ(files(), 1u) << "no part is left over";
}

TEST_F(WholeFile, SaysWhichFileAndWhy) {
  const auto file = folder_ / "none" / "x";
  try {
    write_whole(file, "text");
    FAIL();
  } catch (const Unavailable& error) {
    EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("No such file or directory"), std::string::npos)
        << error.what();
  }
  EXPECT_THROW(read_whole(file), Unavailable);
  EXPECT_THROW(read_whole(folder_), Unavailable) << "a folder";
}

}  // namespace
}  // namespace vorrat
