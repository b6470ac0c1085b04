#include "slices/scan_file.h"

#include <gtest/gtest.h>

namespace weir::slices {
namespace {

TEST(ScanFile, HasTheBoundsOfTheRelationsColumns) {
  const odf::DataSlice slice{.offset_interval = {.start = 10, .end = 19}, .size = 123};
  const engine::ColumnBounds a{.min = std::int64_t{1}, .max = std::int64_t{2}};
  const engine::ColumnBounds b{.min = std::string("x"), .max = std::string("y")};
  const SliceFacts facts{.rows = 10, .columns = {{.bounds = a}, {.bounds = b}}};
  const std::vector<std::optional<std::size_t>> columns = {1, std::nullopt, 0, 7};
  const engine::ScanFile file = ScanFileOf(slice, facts, columns, nullptr);
  EXPECT_EQ(file.size, 123U);
  EXPECT_EQ(file.rows, 10U);
  EXPECT_EQ(file.bounds, (std::vector<engine::ColumnBounds>{b, {}, a, {}}));
}

}  // namespace
}  // namespace weir::slices
