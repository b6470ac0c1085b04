#include "secrets/sealer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"

namespace weir::secrets {
namespace {

constexpr auto kPath = "/home/keys/sealing";
constexpr Place kPlace{.resource = "secret:public:alpha-db", .key = "password"};

std::unique_ptr<Sealer> OpenSealer(FakeFiles& files) {
  return Sealer::Open(KeyFile(files, kPath), SystemRng()).value();
}

RC_GTEST_PROP(Sealer, OpensWhatItSealed, (const std::string& clear)) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  const std::string sealed = sealer->Seal(SecretValue(clear), kPlace).value();
  RC_ASSERT(sealer->Unseal(sealed, kPlace).value().Reveal() == clear);
  // Also after the process was started anew.
  RC_ASSERT(OpenSealer(files)->Unseal(sealed, kPlace).value().Reveal() == clear);
}

TEST(Sealer, NoClearTextIsInTheSealedBytes) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  const std::string clear = "correct horse battery staple";
  const std::string sealed = sealer->Seal(SecretValue(clear), kPlace).value();
  for (std::size_t at = 0; at + 4 <= clear.size(); ++at) {
    EXPECT_EQ(sealed.find(clear.substr(at, 4)), std::string::npos);
  }
}

TEST(Sealer, EqualValuesSealDifferently) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  EXPECT_NE(sealer->Seal(SecretValue("x"), kPlace).value(),
            sealer->Seal(SecretValue("x"), kPlace).value());
}

TEST(Sealer, AnyFlippedBitIsCorrupt) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  const std::string sealed = sealer->Seal(SecretValue("tiger"), kPlace).value();
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(CodeOf(sealer->Unseal(changed, kPlace)), ErrorCode::kCorrupt) << bit;
  }
}

TEST(Sealer, AValueCutShortIsCorrupt) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  const std::string sealed = sealer->Seal(SecretValue("tiger"), kPlace).value();
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(CodeOf(sealer->Unseal(sealed.substr(0, size), kPlace)), ErrorCode::kCorrupt);
  }
}

TEST(Sealer, AValueMovedElsewhereDoesNotOpen) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  const std::string sealed = sealer->Seal(SecretValue("tiger"), kPlace).value();
  const Place other_key{.resource = kPlace.resource, .key = "user"};
  const Place other_resource{.resource = "secret:public:beta-db", .key = kPlace.key};
  // The same letters, cut elsewhere.
  const Place shifted{.resource = "secret:public:alpha-d", .key = "bpassword"};
  for (const Place& place : {other_key, other_resource, shifted}) {
    EXPECT_EQ(CodeOf(sealer->Unseal(sealed, place)), ErrorCode::kCorrupt);
  }
}

TEST(Sealer, AnotherHomesKeyDoesNotOpen) {
  FakeFiles files;
  FakeFiles other_files;
  const std::string sealed = OpenSealer(files)->Seal(SecretValue("tiger"), kPlace).value();
  const auto opened = OpenSealer(other_files)->Unseal(sealed, kPlace);
  ASSERT_EQ(CodeOf(opened), ErrorCode::kCorrupt);
  EXPECT_THAT(opened.error().hint, testing::HasSubstr("which this home does not have"));
}

TEST(Sealer, AfterRotationOldValuesOpenAndNewOnesAreUnderTheNewKey) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  const std::string old_value = sealer->Seal(SecretValue("old"), kPlace).value();
  EXPECT_FALSE(sealer->IsStale(old_value));
  ASSERT_TRUE(IsOk(sealer->Rotate()));
  files.CutPower();  // the new key is durable before it is used
  const std::string new_value = sealer->Seal(SecretValue("new"), kPlace).value();
  EXPECT_TRUE(sealer->IsStale(old_value));
  EXPECT_FALSE(sealer->IsStale(new_value));
  const auto reopened = OpenSealer(files);
  EXPECT_EQ(reopened->Unseal(old_value, kPlace).value().Reveal(), "old");
  EXPECT_EQ(reopened->Unseal(new_value, kPlace).value().Reveal(), "new");
}

TEST(Sealer, AFailedRotationGoesOnWithTheOldKey) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  files.FillDisk();
  ASSERT_EQ(CodeOf(sealer->Rotate()), ErrorCode::kExhausted);
  const std::string sealed = sealer->Seal(SecretValue("x"), kPlace).value();
  EXPECT_EQ(OpenSealer(files)->Unseal(sealed, kPlace).value().Reveal(), "x");
}

TEST(Sealer, AValueAboveTheLimitIsRefused) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  const SecretValue large = SecretValue::Zeroes(Sealer::kMaxValueSize + 1);
  EXPECT_EQ(CodeOf(sealer->Seal(large, kPlace)), ErrorCode::kExhausted);
}

TEST(Sealer, MessagesHoldNoValue) {
  FakeFiles files;
  const auto sealer = OpenSealer(files);
  std::string sealed = sealer->Seal(SecretValue("tiger"), kPlace).value();
  sealed.back() = static_cast<char>(sealed.back() ^ 1);
  const Error error = sealer->Unseal(sealed, kPlace).error();
  EXPECT_THAT(error.message + error.hint, testing::Not(testing::HasSubstr("tiger")));
}

}  // namespace
}  // namespace weir::secrets
