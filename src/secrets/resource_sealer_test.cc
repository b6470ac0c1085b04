#include "secrets/resource_sealer.h"

#include <gtest/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"

namespace weir::secrets {
namespace {

using resources::ResourceId;

class ResourceSealerTest : public testing::Test {
 protected:
  FakeFiles files_;
  std::unique_ptr<Sealer> sealer_ =
      Sealer::Open(KeyFile(files_, "/home/keys/sealing"), SystemRng()).value();
  ResourceSealer resource_sealer_{*sealer_};
  const ResourceId id_{.type = "secret", .workspace = "public", .name = "db"};
};

TEST_F(ResourceSealerTest, OpensWhatItSealedAndItsTextIsSafeInJson) {
  const std::string clear("\"tig\0er\"\n\xc3\xbc", 11);
  const std::string sealed = resource_sealer_.Seal(id_, "/data/password", clear).value();
  EXPECT_EQ(
      sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
  EXPECT_EQ(resource_sealer_.Open(id_, "/data/password", sealed).value(), clear);
}

TEST_F(ResourceSealerTest, OpensNothingUnderAnotherIdOrPath) {
  const std::string sealed = resource_sealer_.Seal(id_, "/data/password", "tiger").value();
  for (const ResourceId& other :
       {ResourceId{"secret", "public", "db2"}, ResourceId{"secret", "other", "db"},
        ResourceId{"instance-secret", "public", "db"}}) {
    EXPECT_EQ(CodeOf(resource_sealer_.Open(other, "/data/password", sealed)), ErrorCode::kCorrupt);
  }
  EXPECT_EQ(CodeOf(resource_sealer_.Open(id_, "/data/user", sealed)), ErrorCode::kCorrupt);
}

TEST_F(ResourceSealerTest, TextThatIsNoneOfItsOwnIsCorrupt) {
  const std::string sealed = resource_sealer_.Seal(id_, "/data/password", "tiger").value();
  for (const std::string& text : {std::string(), std::string("tiger"), sealed + "=", "!" + sealed,
                                  sealed.substr(0, sealed.size() - 1), sealed + "A"}) {
    EXPECT_EQ(CodeOf(resource_sealer_.Open(id_, "/data/password", text)), ErrorCode::kCorrupt)
        << text;
  }
}

}  // namespace
}  // namespace weir::secrets
