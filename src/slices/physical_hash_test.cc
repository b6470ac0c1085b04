#include "slices/physical_hash.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "slices/testing/slice_testing.h"

namespace weir::slices {
namespace {

TEST(PhysicalHashes, AreThoseOfEachFileByItself) {
  std::vector<std::string> contents;
  std::vector<std::shared_ptr<const ReadableFile>> files;
  for (std::size_t i = 0; i < 19; ++i) {
    contents.push_back(std::string(i * 54'321, static_cast<char>('a' + i)));
    files.push_back(FileOf(contents.back()));
  }
  const auto hashes = PhysicalHashes(Context::Background(), files);
  ASSERT_EQ(hashes.size(), files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    ASSERT_TRUE(IsOk(hashes[i]));
    EXPECT_EQ(*hashes[i], Multihash::Sha3Of(AsBytes(contents[i]))) << i;
  }
}

// A file that is shorter than it said.
class ShrunkFile final : public ReadableFile {
 public:
  std::uint64_t size() const override { return 100; }
  Result<std::size_t> Read(std::uint64_t, std::span<std::byte>) const override {
    return std::size_t{0};
  }
};

TEST(PhysicalHashes, OfAFileThatShrankAreAnErrorForItAlone) {
  const auto hashes =
      PhysicalHashes(Context::Background(), std::vector<std::shared_ptr<const ReadableFile>>{
                                                FileOf("a"), std::make_shared<ShrunkFile>()});
  EXPECT_TRUE(IsOk(hashes[0]));
  EXPECT_EQ(CodeOf(hashes[1]), ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace weir::slices
