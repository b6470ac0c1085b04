#include "base/multibase.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "base/base64.h"
#include "base/hex.h"
#include "base/testing/matchers.h"

namespace weir {
namespace {

Bytes Decoded(std::string_view text) { return DecodeMultibase(text).value(); }

// The vectors of the multibase specification, its tests/basic.csv and leading_zero.csv.
TEST(Multibase, GivesTheTextsOfTheSpecification) {
  const ByteView yes = AsBytes("yes mani !");
  EXPECT_EQ(EncodeMultibase(Multibase::kBase16, yes), "f796573206d616e692021");
  EXPECT_EQ(EncodeMultibase(Multibase::kBase16Upper, yes), "F796573206D616E692021");
  EXPECT_EQ(EncodeMultibase(Multibase::kBase58Btc, yes), "z7paNL19xttacUY");
  EXPECT_EQ(EncodeMultibase(Multibase::kBase64Url, yes), "ueWVzIG1hbmkgIQ");
  const ByteView zero = AsBytes(std::string_view("\0yes mani !", 11));
  EXPECT_EQ(EncodeMultibase(Multibase::kBase58Btc, zero), "z17paNL19xttacUY");
  EXPECT_EQ(EncodeMultibase(Multibase::kBase64Url, zero), "uAHllcyBtYW5pICE");
  EXPECT_EQ(EncodeMultibase(Multibase::kBase58Btc, {}), "z");
}

TEST(Multibase, ReadsTheSameDatasetIdInEveryBase) {
  const Bytes hex =
      Decoded("fed012e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6");
  EXPECT_EQ(hex, Decoded("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"));
  EXPECT_EQ(hex, Decoded("FED012E6FCCE36701DC791488E0D0B1745CC1E33A4C1C9FCC41C63BD343DBBE0970E6"));
  EXPECT_EQ(hex, Decoded(EncodeMultibase(Multibase::kBase64Url, hex)));
}

RC_GTEST_PROP(Multibase, ReadsBackWhatItWrites, (const std::vector<std::uint8_t>& numbers)) {
  const auto view = std::as_bytes(std::span(numbers));
  for (const auto base : {Multibase::kBase16, Multibase::kBase16Upper, Multibase::kBase58Btc,
                          Multibase::kBase64Url}) {
    const auto read = DecodeMultibase(EncodeMultibase(base, view));
    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == Bytes(view.begin(), view.end()));
  }
}

TEST(Multibase, RefusesWhatItWouldNotWrite) {
  for (const char* bad : {
           "",               // no prefix
           "x00",            // an unknown one
           "f0",             // half a byte
           "fFF",    "Fff",  // the other case
           "f0g",    "f 0",  // other characters
           "z0",     "zO",  "zI", "zl", "z+",
           "uA",  // six bits are no byte
           "uAAAAA",
           "uAB",    // stray bits after one byte
           "uAAB",   // and after two
           "uAA==",  // padding
           "uA+",    "uA/",
       }) {
    EXPECT_EQ(CodeOf(DecodeMultibase(bad)), ErrorCode::kInvalid) << bad;
  }
  EXPECT_EQ(CodeOf(DecodeMultibase("z" + std::string(kMostBase58 + 1, '1'))), ErrorCode::kInvalid);
}

TEST(Base64Url, GivesTheTextsOfTheStandardWithoutPadding) {
  const std::vector<std::pair<std::string_view, std::string_view>> vectors = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(EncodeBase64Url(AsBytes(bytes)), text);
    EXPECT_EQ(AsText(DecodeBase64Url(text).value()), bytes);
  }
}

}  // namespace
}  // namespace weir
