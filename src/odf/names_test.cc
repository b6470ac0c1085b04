#include "odf/names.h"

#include <gtest/gtest.h>

#include <string>

namespace weir::odf {
namespace {

constexpr const char* kDid =
    "did:odf:fed012e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6";

TEST(DatasetId, ReadsEveryMultibaseAndWritesBase16) {
  const DatasetId id = DatasetId::Parse(kDid).value();
  EXPECT_EQ(id.ToString(), kDid);
  EXPECT_EQ(id.ToDidKey(), "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK");
  EXPECT_EQ(DatasetId::Parse("did:odf:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK").value(),
            id);
  EXPECT_EQ(DatasetId::FromBytes(id.ToBytes()).value(), id);
}

TEST(DatasetId, RefusesWhatIsNoEd25519Key) {
  for (const char* bad :
       {"", "did:odf:", "did:odf:fed01", "did:odf:fed02" /* another codec */,
        "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "did:odf:xed01"}) {
    EXPECT_FALSE(DatasetId::Parse(bad)) << bad;
  }
  EXPECT_FALSE(DatasetId::Parse(std::string(kDid) + "00"));
}

TEST(Names, AreHostnames) {
  for (const char* good : {"a", "a.b", "a-b.c-d", "1", "Seattle-Weather", "org.example.data"}) {
    EXPECT_TRUE(CheckName("dataset name", good)) << good;
  }
  for (const char* bad :
       {"", ".", "a.", ".a", "a..b", "a--b", "-a", "a-", "a_b", "a b", "a/b", "\xC3\xA9"}) {
    EXPECT_FALSE(CheckName("dataset name", bad)) << bad;
  }
  EXPECT_FALSE(CheckName("dataset name", std::string(254, 'a')));
}

TEST(DatasetAlias, IsComparedWithoutCase) {
  EXPECT_EQ(DatasetAlias::Parse("Acme/Sales").value(), DatasetAlias::Parse("acme/sales").value());
  EXPECT_NE(DatasetAlias::Parse("acme/sales").value(), DatasetAlias::Parse("sales").value());
  EXPECT_FALSE(DatasetAlias::Parse("a/b/c"));
}

TEST(References, SayWhatTheyReferTo) {
  EXPECT_TRUE(std::holds_alternative<DatasetId>(ParseDatasetRef(kDid).value()));
  EXPECT_TRUE(std::holds_alternative<DatasetAlias>(ParseDatasetRef("a/b").value()));
  EXPECT_TRUE(std::holds_alternative<RemoteAlias>(ParseRemoteRef("repo/acme/sales").value()));
  EXPECT_TRUE(std::holds_alternative<RemoteId>(ParseRemoteRef(kDid).value()));
  EXPECT_TRUE(
      std::holds_alternative<RemoteId>(ParseRemoteRef(std::string("repo/") + kDid).value()));
  EXPECT_TRUE(std::holds_alternative<RemoteUrl>(ParseRemoteRef("odf+https://host/x").value()));
  for (const char* text : {"repo/name", "repo/acme/sales", "s3+http://host:90/b/"}) {
    EXPECT_EQ(ToString(ParseRemoteRef(text).value()), text);
  }
  for (const char* bad :
       {"", "name", "a/b/c/d", "://x", "+a://x", "http://", "a\n://x", "repo/did:x"}) {
    EXPECT_FALSE(ParseRemoteRef(bad)) << bad;
  }
}

TEST(Patterns, PercentStandsForAnyRun) {
  EXPECT_TRUE(MatchesPattern("%", ""));
  EXPECT_TRUE(MatchesPattern("a%c", "ABBC"));
  EXPECT_TRUE(MatchesPattern("%.weather.%", "us.weather.daily"));
  EXPECT_FALSE(MatchesPattern("a%c", "ab"));
  EXPECT_FALSE(MatchesPattern("", "a"));
  EXPECT_FALSE(MatchesPattern("%a%a%a%b", std::string(200, 'a')));
}

}  // namespace
}  // namespace weir::odf
