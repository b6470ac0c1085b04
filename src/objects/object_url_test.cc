#include "objects/object_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::objects {
namespace {

S3Location S3(std::string_view url) { return std::get<S3Location>(ParseObjectUrl(url).value()); }
Files::Path File(std::string_view url) {
  return std::get<FileLocation>(ParseObjectUrl(url).value()).path;
}

TEST(ObjectUrl, APathIsTakenAsItIs) {
  EXPECT_EQ(File("/backups/here"), "/backups/here");
  EXPECT_EQ(File("relative/100%?x=1"), "relative/100%?x=1");
}

TEST(ObjectUrl, AFileAddressIsUnescaped) {
  EXPECT_EQ(File("file:///back%20ups/100%25"), "/back ups/100%");
}

TEST(ObjectUrl, AnS3AddressHasBucketPrefixEndpointAndRegion) {
  const S3Location all =
      S3("s3://bucket/pre/fix/?endpoint=http%3A%2F%2F127.0.0.1%3A9000&region=eu-west-1");
  EXPECT_EQ(all.bucket, "bucket");
  EXPECT_EQ(all.prefix, "pre/fix");
  EXPECT_EQ(all.endpoint, "http://127.0.0.1:9000");
  EXPECT_EQ(all.region, "eu-west-1");
  EXPECT_EQ(S3("s3://bucket").prefix, "");
  EXPECT_EQ(S3("s3://bucket?endpoint=https://minio.lan").endpoint, "https://minio.lan");
}

TEST(ObjectUrl, AnEndpointMayBeWrittenAsTheHost) {
  const S3Location all = S3("s3+http://127.0.0.1:9000/bucket/pre/fix/?region=eu-west-1");
  EXPECT_EQ(all.bucket, "bucket");
  EXPECT_EQ(all.prefix, "pre/fix");
  EXPECT_EQ(all.endpoint, "http://127.0.0.1:9000");
  EXPECT_EQ(S3("s3+https://minio.lan/bucket").endpoint, "https://minio.lan");
}

TEST(ObjectUrl, AWebAddressIsABaseForKeys) {
  const auto base = [](std::string_view url) {
    return std::get<HttpLocation>(ParseObjectUrl(url).value()).base.ToString();
  };
  EXPECT_EQ(base("http://host:81/a/b/"), "http://host:81/a/b");
  EXPECT_EQ(base("https://host"), "https://host");
}

TEST(ObjectUrl, AnythingElseIsInvalid) {
  for (const char* url : {"",
                          "ftp://host/path",
                          "http://",
                          "http://host/path?x=1",
                          "https://user:tiger@host/",
                          "s3://",
                          "s3:///prefix",
                          "s3://bucket/../up",
                          "s3://bucket/a//b",
                          "s3://bucket/%zz",
                          "s3://bucket/a%0",
                          "s3://bucket/a%00b",
                          "s3://bucket:9000/x",
                          "s3://bucket?endpoint=minio:9000",
                          "s3://bucket?endpoint=ftp://x",
                          "s3://bucket?endpoint=http://user@host",
                          "s3://bucket?endpoint=http://",
                          "s3://bucket?x=1",
                          "file://relative",
                          "file://host/path",
                          "file:///a%2"}) {
    EXPECT_EQ(CodeOf(ParseObjectUrl(url)), ErrorCode::kInvalid) << url;
  }
}

TEST(ObjectUrl, CredentialsInAnAddressAreRefusedAndNotRepeated) {
  for (const char* url : {"s3://key:tiger@bucket/x", "s3://bucket?secret_key=tiger",
                          "s3://bucket?endpoint=http://key:tiger@host"}) {
    const auto parsed = ParseObjectUrl(url);
    ASSERT_EQ(CodeOf(parsed), ErrorCode::kInvalid) << url;
    EXPECT_THAT(parsed.error().message + parsed.error().hint,
                testing::Not(testing::HasSubstr("tiger")));
  }
}

}  // namespace
}  // namespace weir::objects
