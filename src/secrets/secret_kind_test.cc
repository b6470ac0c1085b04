#include "secrets/secret_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"
#include "resources/core_kinds.h"
#include "resources/resource_service.h"
#include "secrets/resource_sealer.h"

namespace weir::secrets {
namespace {

using resources::ApplyAnswer;
using resources::Outcome;
using resources::ResourceId;
using testing::HasSubstr;
using testing::Not;

const ResourceId kDb{.type = "secret", .workspace = "public", .name = "db"};

// A home on a disk, so that the bytes on it can be searched.
class SecretKindTest : public testing::Test {
 protected:
  SecretKindTest() {
    registry_.Add(resources::MakeWorkspaceKind());
    registry_.Add(resources::MakeBundleKind(registry_));
    registry_.Add(MakeSecretKind());
    registry_.Add(MakeInstanceSecretKind());
    Open();
  }

  void Open() {
    service_ = nullptr;
    store_ = nullptr;
    sealer_ = Sealer::Open(KeyFile(PosixFiles(), dir_ / "keys/sealing"), SystemRng()).value();
    resource_sealer_ = std::make_unique<ResourceSealer>(*sealer_);
    store_ = control::OpenSqliteStore(dir_ / "control.db", {}, clock_).value();
    service_ = resources::ResourceService::Open(context_, *store_, registry_,
                                                resource_sealer_.get(), clock_)
                   .value();
  }

  Result<ApplyAnswer> Apply(std::string text, std::vector<resources::Document> files = {}) {
    problems_ = {};
    clock_.Advance(std::chrono::seconds(1));
    return service_->Apply(context_,
                           {.documents = {{.source = "s.yaml", .text = std::move(text)}},
                            .attachments = std::move(files)},
                           problems_);
  }

  Outcome OutcomeOf(const Result<ApplyAnswer>& answer) {
    EXPECT_TRUE(IsOk(answer)) << ProblemLines();
    return answer.value().changes.at(0).outcome;
  }

  std::string ProblemLines() const {
    std::string lines;
    for (const auto& problem : problems_.items()) lines += problem.ToString() + "\n";
    return lines;
  }

  std::string Clear(std::string_view part, std::string_view key) {
    const auto spec = service_->ClearSpec(context_, kDb).value();
    return std::string(spec.at(part).at(key).as_string());
  }

  std::string BytesOnDisk() {
    std::string all;
    const auto names = PosixFiles().List(dir_.path()).value();
    for (const std::string& name : names) {
      if (!PosixFiles().Stat(dir_ / name)->is_directory) {
        all += PosixFiles().ReadAll(dir_ / name).value();
      }
    }
    return all;
  }

  const Context context_ = Context::Background().WithPrincipal({.name = "ann"});
  TempDir dir_;
  FakeClock clock_;
  resources::KindRegistry registry_;
  std::unique_ptr<Sealer> sealer_;
  std::unique_ptr<ResourceSealer> resource_sealer_;
  std::unique_ptr<control::Store> store_;
  std::unique_ptr<resources::ResourceService> service_;
  resources::Problems problems_;
};

std::string Secret(const std::string& password) {
  return "name: db\nversion: v1\ntype: secret\nsecret:\n  type: key-value\n  acl: rw\n  data:\n"
         "    user: scott\n    password: " +
         password + "\n";
}

TEST_F(SecretKindTest, ItsValuesComeBackForUseAndOnlyForUse) {
  EXPECT_EQ(OutcomeOf(Apply(Secret("tiger-in-the-tank"))), Outcome::kCreated);
  EXPECT_EQ(Clear("data", "password"), "tiger-in-the-tank");
  const auto shown = service_->Get(context_, kDb).value();
  const boost::json::object hidden{
      {"type", "key-value"}, {"acl", "rw"}, {"data", {{"user", "****"}, {"password", "****"}}}};
  EXPECT_EQ(shown.spec, hidden);
}

TEST_F(SecretKindTest, NoVersionOfAValueIsOnTheDiskInClear) {
  ASSERT_TRUE(IsOk(Apply(Secret("tiger-in-the-tank"))));
  ASSERT_TRUE(IsOk(Apply(Secret("lion-on-the-loose"))));
  ASSERT_TRUE(IsOk(service_->Delete(context_, {.ids = {kDb}})));
  const std::string bytes = BytesOnDisk();
  ASSERT_THAT(bytes, HasSubstr("secret"));
  for (const char* clear : {"tiger-in-the-tank", "lion-on-the-loose", "scott"}) {
    EXPECT_EQ(bytes.find(clear), std::string::npos) << clear;
  }
}

TEST_F(SecretKindTest, TheSameValuesAgainAreUnchangedAndOthersConfigure) {
  ASSERT_TRUE(IsOk(Apply(Secret("tiger"))));
  const auto revision = store_->revision();
  EXPECT_EQ(OutcomeOf(Apply(Secret("tiger"))), Outcome::kUnchanged);
  EXPECT_EQ(store_->revision(), revision);
  const auto changed = Apply(Secret("lion"));
  EXPECT_EQ(OutcomeOf(changed), Outcome::kConfigured);
  ASSERT_EQ(changed->changes[0].fields.size(), 1U);
  EXPECT_EQ(changed->changes[0].fields[0].path, "secret.data.password");
  EXPECT_EQ(changed->changes[0].fields[0].before, boost::json::value("****"));
  EXPECT_EQ(changed->changes[0].fields[0].after, boost::json::value("****"));
}

TEST_F(SecretKindTest, HistoryHidesEveryVersionAndRollbackBringsTheOldValueBack) {
  ASSERT_TRUE(IsOk(Apply(Secret("tiger"))));
  ASSERT_TRUE(IsOk(Apply(Secret("lion"))));
  const auto history = service_->History(context_, {.id = kDb}).value();
  ASSERT_EQ(history.versions.size(), 2U);
  for (const auto& version : history.versions) {
    EXPECT_EQ(version.spec.at("data").at("password").as_string(), "****");
  }
  ASSERT_TRUE(IsOk(service_->Rollback(context_, kDb, 1, problems_)));
  EXPECT_EQ(Clear("data", "password"), "tiger");
}

TEST_F(SecretKindTest, ASecretOutlivesARestartARotationAndNotTheLossOfTheKeys) {
  ASSERT_TRUE(IsOk(Apply(Secret("tiger"))));
  ASSERT_TRUE(IsOk(sealer_->Rotate()));
  Open();
  EXPECT_EQ(Clear("data", "password"), "tiger");
  EXPECT_EQ(OutcomeOf(Apply(Secret("tiger"))), Outcome::kUnchanged);
  ASSERT_TRUE(IsOk(PosixFiles().RemoveTree(dir_ / "keys")));
  Open();
  EXPECT_EQ(CodeOf(service_->ClearSpec(context_, kDb)), ErrorCode::kCorrupt);
  EXPECT_TRUE(IsOk(service_->Get(context_, kDb)));  // what is not secret is still shown
}

TEST_F(SecretKindTest, AFilesContentIsKeptAsAValue) {
  const std::string manifest =
      "name: db\nversion: v1\ntype: secret\nsecret:\n  type: certificate\n  files:\n"
      "    ca.pem: certs/ca.pem\n";
  ASSERT_TRUE(IsOk(Apply(manifest, {{.source = "certs/ca.pem", .text = "-----BEGIN-----\n"}})))
      << ProblemLines();
  EXPECT_EQ(Clear("files", "ca.pem"), "-----BEGIN-----\n");
  EXPECT_EQ(BytesOnDisk().find("-----BEGIN-----"), std::string::npos);
}

TEST_F(SecretKindTest, AnInstanceSecretBelongsToNoWorkspace) {
  ASSERT_TRUE(
      IsOk(Apply("name: db\nversion: v1\ntype: instance-secret\ninstance-secret:\n"
                 "  type: key-value-properties\n  data:\n    port: 5432\n")))
      << ProblemLines();
  const ResourceId id{.type = "instance-secret", .workspace = "", .name = "db"};
  const auto spec = service_->ClearSpec(context_, id).value();
  EXPECT_EQ(spec.at("data").at("port").as_string(), "5432");  // as it was written
  EXPECT_EQ(spec.at("acl").as_string(), "r");                 // by default
}

TEST_F(SecretKindTest, OutputAppliedAgainDoesNotReplaceTheValueByStars) {
  ASSERT_TRUE(IsOk(Apply(Secret("tiger"))));
  const auto shown = service_->Get(context_, kDb).value();
  EXPECT_EQ(CodeOf(Apply(boost::json::serialize(ToJson(shown)))), ErrorCode::kInvalid);
  EXPECT_THAT(ProblemLines(), HasSubstr("secret.data.password is ****"));
  EXPECT_EQ(Clear("data", "password"), "tiger");
}

// Goal: no mistake in a manifest makes an error repeat a value. Method: manifests that are wrong in
// many ways, each with "tiger" where a value or something near one stands.
TEST_F(SecretKindTest, WhatIsWrongIsNamedAndNoValueIsRepeated) {
  const std::string head = "name: db\nversion: v1\ntype: secret\nsecret:\n";
  for (const char* spec :
       {"  type: key-value\n", "  type: key-value\n  data: {}\n", "  data: {a: tiger}\n",
        "  type: key-value\n  data: tiger\n", "  type: key-value\n  data: [tiger]\n",
        "  type: key-value\n  data: {a: [tiger]}\n", "  type: key-value\n  data: {a: {b: tiger}}\n",
        "  type: key-value\n  data: {a: null}\n", "  type: key-value\n  data: {'a b': tiger}\n",
        "  type: key-value\n  data: {'': tiger}\n", "  type: key-value\n  data: {..: tiger}\n",
        "  type: key-value\n  date: {a: tiger}\n", "  type: unknown\n  data: {a: tiger}\n",
        "  type: key-value\n  acl: w\n  data: {a: tiger}\n",
        "  type: key-value\n  data: {a: tiger}\n  data: {b: tiger}\n",
        "  type: key-value\n  data: {a: tiger, a: tiger}\n",
        "  type: key-value\n  data: {a: tiger}\n  files: {b: missing}\n"}) {
    SCOPED_TRACE(spec);
    const auto answer = Apply(head + spec);
    ASSERT_FALSE(answer.has_value());
    const std::string told = ProblemLines() + answer.error().message + answer.error().hint;
    EXPECT_THAT(told, HasSubstr("s.yaml:"));
    EXPECT_THAT(told, Not(HasSubstr("tiger")));
  }
  EXPECT_EQ(CodeOf(service_->Get(context_, kDb)), ErrorCode::kNotFound);
}

TEST_F(SecretKindTest, AKeyIsEitherOfDataOrOfFiles) {
  EXPECT_FALSE(
      Apply("name: db\nversion: v1\ntype: secret\nsecret:\n  type: key-value\n"
            "  data: {a: x}\n  files: {a: f}\n",
            {{.source = "f", .text = "y"}}));
  EXPECT_THAT(ProblemLines(), HasSubstr("secret.files.a is also a key of secret.data"));
}

TEST_F(SecretKindTest, AStoredValueThatWasTamperedWithIsCorrupt) {
  ASSERT_TRUE(IsOk(Apply(Secret("tiger"))));
  // The sealed password is put where the user's name is.
  ASSERT_TRUE(IsOk(store_->Transact(context_, [](control::Transaction& transaction) -> Status {
    ASSIGN_OR_RETURN(const auto entries, transaction.Scan(control::Key("resources")));
    for (const auto& entry : entries) {
      std::string value = entry.value;
      const std::size_t user = value.find(R"("user":{)");
      const std::size_t password = value.find(R"("password":{)");
      if (user == std::string::npos || password == std::string::npos) continue;
      const auto sealed = [&](std::size_t at) {
        const std::size_t begin = value.find(":\"", value.find("$sealed", at)) + 2;
        return std::pair(begin, value.find('"', begin) - begin);
      };
      const auto [from, size] = sealed(password);
      const std::string moved = value.substr(from, size);
      const auto [to, old_size] = sealed(user);
      value.replace(to, old_size, moved);
      RETURN_IF_ERROR(transaction.Put(entry.key, value));
    }
    return Ok();
  })));
  EXPECT_EQ(CodeOf(service_->ClearSpec(context_, kDb)), ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace weir::secrets
