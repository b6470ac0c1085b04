#include "wire/http/target.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/testing/matchers.h"

namespace weir::http {
namespace {

TEST(Target, PathStaysEncodedAndQueryIsDecodedInOrder) {
  const Target target = ParseTarget("/a%20b/c?x=1&y=%C3%A9+z&x=&flag&&=v").value();
  EXPECT_EQ(target.path, "/a%20b/c");
  const std::vector<std::pair<std::string, std::string>> query = {
      {"x", "1"}, {"y", "\xC3\xA9 z"}, {"x", ""}, {"flag", ""}, {"", "v"}};
  EXPECT_EQ(target.query, query);
}

TEST(Target, BadEncodingsAndDotSegmentsAreRefused) {
  for (const std::string_view text : {"/%", "/%2", "/%zz", "/a?b=%g0", "/%00", "/a%0ab", "/..",
                                      "/a/./b", "/a/%2e%2e/b", "/a/%2E"}) {
    EXPECT_EQ(CodeOf(ParseTarget(text)), ErrorCode::kInvalid) << text;
  }
  EXPECT_TRUE(IsOk(ParseTarget("/a/..b/.c/...")));
}

RC_GTEST_PROP(Target, AnyQueryComesOutAsItWentIn,
              (std::vector<std::pair<std::string, std::string>> query)) {
  const auto encode = [](const std::string& text) {
    std::string encoded;
    for (const char c : text) encoded += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    return encoded;
  };
  std::string text = "/p?";
  for (const auto& [name, value] : query) text += encode(name) + "=" + encode(value) + "&";
  RC_ASSERT(ParseTarget(text)->query == query);
}

}  // namespace
}  // namespace weir::http
