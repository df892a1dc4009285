#include "vorrat/catalog/catalog.h"

#include <gtest/gtest.h>

namespace vorrat::catalog {
namespace {

TEST(Catalog, LoadsWithoutFaults) {
  const auto catalog = Catalog::load(VORRAT_SOURCE_DIR "/data");
  ASSERT_TRUE(catalog) << to_string(catalog.error());
  EXPECT_EQ(catalog->accelerators.size(), 66U);
  EXPECT_EQ(catalog->language_models.size(), 32U);
  EXPECT_EQ(catalog->regions.size(), 13U);
  EXPECT_EQ(catalog->prices.size(), 175U);
}

}  // namespace
}  // namespace vorrat::catalog
