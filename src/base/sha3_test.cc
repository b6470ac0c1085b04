#include "base/sha3.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/hex.h"
#include "base/keccak_scalar.h"
#include "base/rng.h"
#include "base/sha3_group.h"

namespace weir {
namespace {

std::string HexOf(std::string_view text) { return ToHex(Sha3::Of(AsBytes(text))); }

Digest ByOpenSsl(ByteView bytes) {
  Digest digest;
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha3_256(), nullptr);
  return digest;
}

Bytes RandomBytes(Rng& rng, std::size_t size) {
  Bytes bytes(size);
  rng.Fill(bytes);
  return bytes;
}

std::vector<KeccakPath> UsablePaths() {
  std::vector<KeccakPath> paths;
  for (const auto path : {KeccakPath::kScalar, KeccakPath::kAvx2, KeccakPath::kAvx512}) {
    if (IsUsable(path)) paths.push_back(path);
  }
  return paths;
}

// The NIST example values and the short-message vectors of the Cryptographic Algorithm Validation
// Program (SHA3_256ShortMsg.rsp).
TEST(Sha3, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(HexOf(""), "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
  EXPECT_EQ(HexOf("abc"), "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
  EXPECT_EQ(HexOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "41c0dba2a9d6240849100376a8235e2c82e1b9998a999e21db32dd97496d3376");
  EXPECT_EQ(HexOf("\xe9"), "f0d04dd1e6cfc29a4460d521796852f25d9ef8d28b44ee91ff5b759d72c1e6d6");
  EXPECT_EQ(HexOf(std::string(200, '\xa3')),
            "79f38adec5c20307a98ef76e8324afbfd46cfd81b22e3973c65fa1bd9de31787");
  EXPECT_EQ(HexOf(std::string(1'000'000, 'a')),
            "5c8875ae474a3634ba4fd55ec85bffd661f32aca75c6d699d0cdcb6c115891c1");
}

TEST(Sha3, EqualsOpenSslAtEveryLengthAroundABlock) {
  const auto rng = SeededRng(1);
  for (std::size_t size = 0; size <= 3 * kSha3BlockSize + 1; ++size) {
    const Bytes bytes = RandomBytes(*rng, size);
    ASSERT_EQ(Sha3::Of(bytes), ByOpenSsl(bytes)) << size;
  }
}

RC_GTEST_PROP(Sha3, PiecesMakeTheSameDigestAsTheWhole, (std::uint64_t seed)) {
  const auto rng = SeededRng(seed);
  Sha3 hasher;
  Bytes whole;
  for (auto pieces = *rc::gen::inRange(0, 10); pieces > 0; --pieces) {
    const Bytes piece = RandomBytes(*rng, *rc::gen::inRange<std::size_t>(0, 400));
    hasher.Update(piece);
    whole.insert(whole.end(), piece.begin(), piece.end());
  }
  RC_ASSERT(hasher.Finish() == ByOpenSsl(whole));
  RC_ASSERT(hasher.Finish() == Sha3::Of({}));
}

// Goal: however a group is fed, its digests are those of one hasher for each stream. Method: random
// streams fed in random pieces by both ways of adding, under a small and a large buffer, on every
// path this CPU has.
RC_GTEST_PROP(Sha3Group, HashesEachStreamAsIfAlone, (std::uint64_t seed)) {
  const auto rng = SeededRng(seed);
  const auto path = *rc::gen::elementOf(UsablePaths());
  const auto buffer_bytes = *rc::gen::element<std::size_t>(0, 1000, 20'000, 1 << 20);
  Sha3Group group({.path = path, .buffer_bytes = buffer_bytes});
  std::vector<Bytes> streams(*rc::gen::inRange<std::size_t>(0, 20));
  for (std::size_t i = 0; i < streams.size(); ++i) RC_ASSERT(group.AddStream() == i);
  const auto add = [&](std::size_t stream, std::size_t most) {
    Bytes piece = RandomBytes(*rng, rng->Below(most + 1));
    streams[stream].insert(streams[stream].end(), piece.begin(), piece.end());
    return piece;
  };
  for (auto steps = *rc::gen::inRange(0, 12); steps > 0 && !streams.empty(); --steps) {
    if (rng->Below(2) == 0) {
      const std::size_t stream = rng->Below(streams.size());
      group.Append(stream, add(stream, std::size_t{1} << rng->Below(16)));
    } else {
      std::vector<Bytes> pieces;
      for (std::size_t i = 0; i < streams.size(); ++i) {
        pieces.push_back(add(i, std::size_t{1} << rng->Below(14)));
      }
      group.AppendEach(std::vector<ByteView>(pieces.begin(), pieces.end()));
    }
  }
  const std::vector<Digest> digests = group.Finish();
  RC_ASSERT(digests.size() == streams.size());
  for (std::size_t i = 0; i < streams.size(); ++i) RC_ASSERT(digests[i] == ByOpenSsl(streams[i]));
  RC_ASSERT(group.size() == 0U);
}

TEST(Sha3Group, EveryPathEqualsOpenSslForStreamsOfVeryDifferentLengths) {
  const auto rng = SeededRng(3);
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < 30; ++i) messages.push_back(RandomBytes(*rng, i * i * i * 8));
  const std::vector<ByteView> views(messages.begin(), messages.end());
  for (const KeccakPath path : UsablePaths()) {
    const std::vector<Digest> digests = Sha3OfEach(views, path);
    ASSERT_EQ(digests.size(), messages.size());
    for (std::size_t i = 0; i < messages.size(); ++i) {
      EXPECT_EQ(digests[i], ByOpenSsl(messages[i])) << i << " on path " << static_cast<int>(path);
    }
  }
}

TEST(Sha3Group, CanBeUsedAnewAfterFinish) {
  Sha3Group group;
  for (int round = 0; round < 2; ++round) {
    const std::size_t stream = group.AddStream();
    group.AddStream();
    group.Append(stream, AsBytes("abc"));
    const std::vector<Digest> digests = group.Finish();
    EXPECT_EQ(digests.at(0), Sha3::Of(AsBytes("abc")));
    EXPECT_EQ(digests.at(1), Sha3::Of({}));
  }
}

TEST(Keccak, TheCodeForAPlainCpuDoesWhatThatForThisOneDoes) {
  const Bytes blocks = RandomBytes(*SeededRng(4), 5 * kSha3BlockSize);
  KeccakState plain{};
  KeccakState best{};
  AbsorbScalar<struct TestCode>(plain.data(), blocks.data(), 5);
  AbsorbBlocks(best, blocks.data(), 5);
  EXPECT_EQ(plain, best);
}

TEST(Keccak, TheScalarPathIsAlwaysUsableAndTheBestOneIs) {
  EXPECT_TRUE(IsUsable(KeccakPath::kScalar));
  EXPECT_TRUE(IsUsable(BestKeccakPath()));
  EXPECT_EQ(LanesOf(KeccakPath::kAvx512), kMostKeccakLanes);
}

}  // namespace
}  // namespace weir
