#include "datasets/cache_part.h"

#include <gtest/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "datasets/testing/dataset_home.h"

namespace weir::datasets {
namespace {

// Entries by number, and what was evicted.
class FakePart final : public CachePart {
 public:
  explicit FakePart(std::vector<CacheEntry> entries) : entries_(std::move(entries)) {}

  Result<std::vector<CacheEntry>> Entries() const override { return entries_; }
  Result<std::uint64_t> KeptBytes(const odf::DatasetId&) const override { return 0; }
  Status Evict(const Context&, const odf::DatasetId& id) override {
    if (id == stuck) return Unavailable("stuck");
    evicted.push_back(id);
    return Ok();
  }

  std::vector<odf::DatasetId> evicted;
  std::optional<odf::DatasetId> stuck;

 private:
  const std::vector<CacheEntry> entries_;
};

CacheEntry Entry(std::uint8_t number, std::uint64_t bytes, int second) {
  return {.id = DatasetHome::IdOf(number), .bytes = bytes, .used = DatasetHome::Second(second)};
}

using Ids = std::vector<odf::DatasetId>;

TEST(KeepWithin, EvictsTheLeastRecentlyUsedOfAllParts) {
  FakePart one({Entry(1, 10, 5), Entry(2, 10, 1)});
  FakePart other({Entry(3, 10, 3), Entry(4, 10, 9)});
  const std::vector<CachePart*> parts = {&one, &other};
  const auto evicted = KeepWithin(Context::Background(), parts, 25);
  ASSERT_TRUE(IsOk(evicted));
  EXPECT_EQ(evicted->bytes, 20U);
  EXPECT_EQ(one.evicted, Ids{DatasetHome::IdOf(2)});
  EXPECT_EQ(other.evicted, Ids{DatasetHome::IdOf(3)});
}

TEST(KeepWithin, LeavesWhatFits) {
  FakePart part({Entry(1, 10, 5), Entry(2, 10, 1)});
  const std::vector<CachePart*> parts = {&part};
  EXPECT_EQ(KeepWithin(Context::Background(), parts, 20)->entries, 0U);
  EXPECT_TRUE(part.evicted.empty());
}

TEST(KeepWithin, PassesOverWhatCannotBeEvicted) {
  FakePart part({Entry(1, 10, 1), Entry(2, 10, 2)});
  part.stuck = DatasetHome::IdOf(1);
  const std::vector<CachePart*> parts = {&part};
  EXPECT_TRUE(IsOk(KeepWithin(Context::Background(), parts, 10)));
  EXPECT_EQ(part.evicted, Ids{DatasetHome::IdOf(2)});
  EXPECT_EQ(CodeOf(KeepWithin(Context::Background(), parts, 0)), ErrorCode::kUnavailable);
}

TEST(DirectoryPart, HasTheDirectoriesOfDatasetsAndNothingElse) {
  FakeFiles files;
  const odf::DatasetId id = DatasetHome::IdOf(1);
  const std::filesystem::path directory = std::filesystem::path("/working") / id.ToMultibase();
  for (const auto& path : {directory / "groups", std::filesystem::path("/working/notes/text")}) {
    ASSERT_TRUE(IsOk(files.CreateDirectories(path.parent_path())));
    ASSERT_TRUE(IsOk(files.WriteDurably(path, AsBytes("12345"))));
  }
  DirectoryPart part(files, "/working");
  const auto entries = part.Entries().value();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].bytes, 5U);
  EXPECT_EQ(part.KeptBytes(id).value(), 5U);
  ASSERT_TRUE(IsOk(part.Evict(Context::Background(), id)));
  EXPECT_TRUE(part.Entries()->empty());
  EXPECT_EQ(part.KeptBytes(id).value(), 0U);
  EXPECT_EQ(files.OnlyPath(), "/working/notes/text");
}

}  // namespace
}  // namespace weir::datasets
