#include "wire/http/content_coding.h"

#include <gtest/gtest.h>

namespace weir::http {
namespace {

TEST(ContentCoding, ClientGetsWhatItLikesBest) {
  const std::pair<std::string_view, Coding> cases[] = {
      {"", Coding::kIdentity},
      {"gzip", Coding::kGzip},
      {"x-gzip", Coding::kGzip},
      {"zstd", Coding::kZstd},
      {"gzip, deflate, br, zstd", Coding::kZstd},
      {"zstd;q=0.5, gzip", Coding::kGzip},
      {"zstd;q=0.500,gzip;q=0.499", Coding::kZstd},
      {"gzip;q=0", Coding::kIdentity},
      {"*", Coding::kZstd},
      {"*;q=0", Coding::kIdentity},
      {"zstd;q=0, *", Coding::kGzip},
      {"identity, *;q=0", Coding::kIdentity},
      {"br", Coding::kIdentity},
      {"gzip;q=nonsense", Coding::kIdentity},
      {"GZIP ; Q=1.000", Coding::kGzip},
      {",,gzip,", Coding::kGzip},
  };
  for (const auto& [accepted, chosen] : cases)
    EXPECT_EQ(ChooseCoding(accepted), chosen) << accepted;
}

TEST(ContentCoding, OnlyTextIsWorthPacking) {
  for (const std::string_view type : {"text/html; charset=utf-8", "application/json",
                                      "application/problem+json", "image/svg+xml", "TEXT/plain"}) {
    EXPECT_TRUE(IsWorthPacking(type)) << type;
  }
  for (const std::string_view type :
       {"image/png", "application/zip", "text/event-stream", "application/octet-stream", ""}) {
    EXPECT_FALSE(IsWorthPacking(type)) << type;
  }
}

TEST(ContentCoding, NamesAreReadAndOthersRefused) {
  EXPECT_EQ(ParseCoding(" GZip "), Coding::kGzip);
  EXPECT_EQ(ParseCoding("identity"), Coding::kIdentity);
  EXPECT_EQ(ParseCoding("br"), std::nullopt);
  EXPECT_EQ(ParseCoding("gzip, zstd"), std::nullopt);
}

}  // namespace
}  // namespace weir::http
