#include "secrets/signing_key.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/hex.h"

namespace weir::secrets {
namespace {

// RFC 8032, section 7.1, TEST 1.
class KnownSeed final : public Rng {
 public:
  void Fill(std::span<std::byte> out) override {
    const auto seed =
        FromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").value();
    std::copy(seed.begin(), seed.end(), out.begin());
  }
};

TEST(SigningKey, IsThatOfTheStandardForItsSeed) {
  KnownSeed rng;
  const SigningKey key = MakeSigningKey(rng);
  EXPECT_EQ(ToHex(std::as_bytes(std::span(key.public_key))),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST(SigningKey, IsANewOneEachTime) {
  EXPECT_NE(MakeSigningKey(SystemRng()).public_key, MakeSigningKey(SystemRng()).public_key);
}

}  // namespace
}  // namespace weir::secrets
