#include "base/multihash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "base/hex.h"
#include "base/testing/matchers.h"
#include "base/varint.h"

namespace weir {
namespace {

std::string VarintHex(std::uint64_t value) {
  Bytes bytes;
  AppendVarint(bytes, value);
  return ToHex(bytes);
}

TEST(Varint, IsThatOfMultiformats) {
  EXPECT_EQ(VarintHex(0), "00");
  EXPECT_EQ(VarintHex(127), "7f");
  EXPECT_EQ(VarintHex(128), "8001");
  EXPECT_EQ(VarintHex(300), "ac02");
  EXPECT_EQ(VarintHex(16384), "808001");
  EXPECT_EQ(VarintHex((std::uint64_t{1} << 63) - 1), "ffffffffffffffff7f");
}

RC_GTEST_PROP(Varint, ReadsBackWhatItWritesAndLeavesTheRest, ()) {
  const auto bits = *rc::gen::inRange(0, 63);
  const auto value = *rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << bits);
  Bytes bytes;
  AppendVarint(bytes, value);
  bytes.push_back(std::byte{0xff});
  ByteView rest = bytes;
  RC_ASSERT(ReadVarint(rest).value() == value);
  RC_ASSERT(rest.size() == 1U);
}

TEST(Varint, RefusesWhatIsCutTooLongOrNotTheShortest) {
  for (const char* bad : {"", "80", "8000", "ff00", "ffffffffffffffffff01", "808080808080808080"}) {
    const Bytes bytes = FromHex(bad).value();
    ByteView rest = bytes;
    EXPECT_EQ(CodeOf(ReadVarint(rest)), ErrorCode::kInvalid) << bad;
    EXPECT_EQ(rest.size(), bytes.size());
  }
}

TEST(Multihash, OfNothingIsThatOfOpenDataFabric) {
  const Multihash hash = Multihash::Sha3Of({});
  const std::string text = "f1620a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a";
  EXPECT_EQ(hash.ToText(), text);
  EXPECT_EQ(hash.ShortText(), "80f8434a");
  EXPECT_EQ(Multihash::Parse(text).value(), hash);
  EXPECT_EQ(Multihash::Parse(hash.ToText(Multibase::kBase58Btc)).value(), hash);
}

TEST(Multihash, LogicalHashesHaveTheirPrivateCode) {
  const Multihash hash(Multihash::kArrow0Sha3_256, Digest{});
  EXPECT_EQ(hash.ToText().substr(0, 11), "f9680c00120");
  EXPECT_EQ(Multihash::Parse(hash.ToText()).value().code(), Multihash::kArrow0Sha3_256);
}

TEST(Multihash, RefusesAnyOtherLength) {
  const std::string good = Multihash::Sha3Of({}).ToText();
  for (const std::string& bad :
       {std::string(), std::string("f"), std::string("f16"), good.substr(0, good.size() - 2),
        good + "00", "f161f" + good.substr(5, 62), "f1640" + good.substr(5) + good.substr(5)}) {
    EXPECT_EQ(CodeOf(Multihash::Parse(bad)), ErrorCode::kInvalid) << bad;
  }
}

}  // namespace
}  // namespace weir
