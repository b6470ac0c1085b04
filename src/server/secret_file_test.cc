#include "server/secret_file.h"

#include <gtest/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"

namespace weir::server {
namespace {

TEST(LoadOrMakeSecret, MakesOneForTheOwnerAloneAndKeepsIt) {
  FakeFiles files;
  const auto made = LoadOrMakeSecret(files, "/home/run/token", SystemRng());
  ASSERT_TRUE(IsOk(made));
  EXPECT_EQ(made->size(), 64U);
  EXPECT_EQ(files.Stat("/home/run/token")->mode, 0600U);
  files.CutPower();
  EXPECT_EQ(*LoadOrMakeSecret(files, "/home/run/token", SystemRng()), *made);
  EXPECT_NE(*LoadOrMakeSecret(files, "/home/run/other", SystemRng()), *made);
}

TEST(LoadOrMakeSecret, RefusesOneThatOthersCanRead) {
  FakeFiles files;
  ASSERT_TRUE(IsOk(LoadOrMakeSecret(files, "/token", SystemRng())));
  ASSERT_TRUE(IsOk(files.SetMode("/token", 0640)));
  EXPECT_EQ(CodeOf(LoadOrMakeSecret(files, "/token", SystemRng())), ErrorCode::kDenied);
}

TEST(LoadOrMakeSecret, RefusesWhatItDidNotWriteWithoutRepeatingIt) {
  for (const std::string& text : {std::string(), std::string("hunter2"), std::string(63, 'a'),
                                  std::string(65, 'a'), std::string(64, 'A')}) {
    FakeFiles files;
    ASSERT_TRUE(IsOk(files.WriteDurably("/token", AsBytes(text), 0600)));
    const auto loaded = LoadOrMakeSecret(files, "/token", SystemRng());
    EXPECT_NE(CodeOf(loaded), std::nullopt) << text;
    if (!text.empty()) {
      EXPECT_EQ(loaded.error().message.find(text), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace weir::server
