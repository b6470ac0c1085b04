#include "base/sha256.h"

#include <gtest/gtest.h>

#include <string>

#include "base/hex.h"
#include "base/testing/matchers.h"

namespace weir {
namespace {

TEST(Sha256, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(ToHex(Sha256::Of({})),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256::Of(AsBytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PiecesMakeTheSameDigestAsTheWholeAndFinishStartsAnew) {
  Sha256 hasher;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 1'000'000 / 50; ++i) hasher.Update(AsBytes(std::string(50, 'a')));
    EXPECT_EQ(ToHex(hasher.Finish()),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  }
}

TEST(Hex, ReadsBackWhatItWritesAndRefusesTheRest) {
  const Bytes bytes = ToBytes(std::string_view("\x00\x7f\xff", 3));
  EXPECT_EQ(ToHex(bytes), "007fff");
  EXPECT_EQ(FromHex("007fFF").value(), bytes);
  for (const char* bad : {"0", "0g", "0x00", " 00", "00 "}) {
    EXPECT_EQ(CodeOf(FromHex(bad)), ErrorCode::kInvalid) << bad;
  }
}

}  // namespace
}  // namespace weir
