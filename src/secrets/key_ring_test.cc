#include "secrets/key_ring.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::secrets {
namespace {

TEST(KeyRing, ReadsBackWhatItWrote) {
  const auto rng = SeededRng(1);
  const KeyRing ring = KeyRing::Generate(*rng).WithNewKey(*rng).WithNewKey(*rng);
  const auto again = KeyRing::Parse(ring.Serialize().Reveal());
  ASSERT_TRUE(IsOk(again));
  EXPECT_EQ(again->size(), 3U);
  EXPECT_EQ(again->newest().id, ring.newest().id);
  EXPECT_EQ(again->newest().bytes, ring.newest().bytes);
}

TEST(KeyRing, TheNewestKeySealsAndOldOnesAreFound) {
  const auto rng = SeededRng(2);
  const KeyRing first = KeyRing::Generate(*rng);
  const KeyRing second = first.WithNewKey(*rng);
  EXPECT_NE(first.newest().id, second.newest().id);
  EXPECT_EQ(second.Find(first.newest().id), &first.newest());
  EXPECT_EQ(first.Find(second.newest().id), nullptr);
}

TEST(KeyRing, AnyChangedByteIsCorrupt) {
  const auto rng = SeededRng(3);
  const KeyRing ring = KeyRing::Generate(*rng).WithNewKey(*rng);
  const std::string text(ring.Serialize().Reveal());
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = changed[at] == '0' ? '1' : '0';
    EXPECT_EQ(CodeOf(KeyRing::Parse(changed)), ErrorCode::kCorrupt) << at;
  }
}

TEST(KeyRing, AFileCutShortIsCorruptUnlessItEndsBetweenKeys) {
  const auto rng = SeededRng(4);
  const KeyRing ring = KeyRing::Generate(*rng);
  const std::string text(ring.Serialize().Reveal());
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(CodeOf(KeyRing::Parse(text.substr(0, size))), ErrorCode::kCorrupt) << size;
  }
}

TEST(KeyRing, MessagesTellNothingOfTheKeys) {
  const std::string line = "0123456789abcdef " + std::string(64, 'a');
  const auto ring = KeyRing::Parse("weir-sealing-keys 1\n" + line + "\n");
  ASSERT_EQ(CodeOf(ring), ErrorCode::kCorrupt);
  EXPECT_EQ(ring.error().message, "line 2 of the sealing keys holds no key");
}

}  // namespace
}  // namespace weir::secrets
