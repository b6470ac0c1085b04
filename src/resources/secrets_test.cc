#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

constexpr char kVault[] =
    "name: v\nversion: v1\ntype: vault\nvault:\n  data:\n    user: scott\n    password: tiger\n";

std::string VaultWith(const std::string& password) {
  std::string text = kVault;
  return text.replace(text.find("tiger"), 5, password);
}

TEST(Secrets, AreInClearNowhereInTheStore) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(kVault)));
  ASSERT_TRUE(IsOk(home.Apply(VaultWith("lion"))));
  ASSERT_TRUE(IsOk(home.service().Delete(home.context(), {.ids = {ResourceHome::Vault("v")}})));
  const std::string everything = home.Everything();
  EXPECT_NE(everything.find("regit"), std::string::npos) << "the fake sealer turns texts around";
  for (const char* clear : {"tiger", "lion", "scott"}) {
    EXPECT_EQ(everything.find(clear), std::string::npos) << clear;
  }
}

TEST(Secrets, AreHiddenInEverythingShown) {
  ResourceHome home;
  std::string shown;
  const auto show = [&shown](const boost::json::value& value) {
    shown += boost::json::serialize(value) + "\n";
  };
  for (const std::string password : {"tiger", "lion"}) {
    const auto dry = home.Apply(VaultWith(password), {.dry_run = true});
    ASSERT_TRUE(IsOk(dry));
    show(ToJson(dry->changes[0]));
    const auto applied = home.Apply(VaultWith(password));
    ASSERT_TRUE(IsOk(applied));
    show(ToJson(applied->changes[0]));
  }
  const ResourceId id = ResourceHome::Vault("v");
  auto& service = home.service();
  show(ToJson(*service.Get(home.context(), id)));
  show(ToJson(*service.Get(home.context(), id, {.version = 1})));
  show(ToJson(service.List(home.context(), {.filter = {.type = "vault"}})->items[0]));
  const auto history = service.History(home.context(), {.id = id});
  for (const Resource& version : history->versions) show(ToJson(version));
  EXPECT_NE(shown.find("****"), std::string::npos);
  for (const char* hidden : {"tiger", "lion", "scott", "regit", "noil", "sealed"}) {
    EXPECT_EQ(shown.find(hidden), std::string::npos) << hidden << " in " << shown;
  }
}

TEST(Secrets, AreComparedByOpening) {
  ResourceHome home;
  EXPECT_EQ(home.Outcomes(home.Apply(kVault)), "created vault v\n");
  EXPECT_EQ(home.Outcomes(home.Apply(kVault)), "unchanged vault v\n");
  const auto changed = home.Apply(VaultWith("lion"));
  EXPECT_EQ(home.Outcomes(changed), "configured vault v\n");
  ASSERT_EQ(changed->changes[0].fields.size(), 1u);
  EXPECT_EQ(changed->changes[0].fields[0].path, "vault.data.password");
  EXPECT_EQ(changed->changes[0].fields[0].before, boost::json::value("****"));
  EXPECT_EQ(changed->changes[0].fields[0].after, boost::json::value("****"));
}

TEST(Secrets, ComeBackWithARollbackAndAnUndelete) {
  ResourceHome home;
  const ResourceId id = ResourceHome::Vault("v");
  const auto password = [&] {
    return home.service().ClearSpec(home.context(), id)->at("data").at("password");
  };
  ASSERT_TRUE(IsOk(home.Apply(kVault)));
  ASSERT_TRUE(IsOk(home.Apply(VaultWith("lion"))));
  ASSERT_TRUE(IsOk(home.service().Rollback(home.context(), id, 1, home.problems())));
  EXPECT_EQ(password(), boost::json::value("tiger"));
  ASSERT_TRUE(IsOk(home.service().Delete(home.context(), {.ids = {id}})));
  ASSERT_TRUE(IsOk(home.service().Undelete(home.context(), id, home.problems())));
  EXPECT_EQ(password(), boost::json::value("tiger"));
}

TEST(Secrets, KeepTextThatLooksLikeANumber) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(VaultWith("007"))));
  EXPECT_EQ(
      home.service().ClearSpec(home.context(), ResourceHome::Vault("v"))->at("data").at("password"),
      boost::json::value("007"));
}

TEST(Secrets, TakeTheContentOfFilesThatWereSent) {
  ResourceHome home;
  const std::string text =
      "name: v\nversion: v1\ntype: vault\nvault:\n  files:\n    key: keys/id.pem\n";
  EXPECT_FALSE(home.Apply(text));
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:6:5: the file keys/id.pem was not sent (weir apply -f sends the files that "
            "manifests name)\n");
  ASSERT_TRUE(
      IsOk(home.Apply(text, {.attachments = {{.source = "keys/id.pem", .text = "BEGIN\nEND\n"}}})));
  EXPECT_EQ(
      home.service().ClearSpec(home.context(), ResourceHome::Vault("v"))->at("files").at("key"),
      boost::json::value("BEGIN\nEND\n"));
  EXPECT_FALSE(home.Apply(text, {.attachments = {{.source = "keys/id.pem", .text = "\xFF"}}}));
}

TEST(Secrets, InsideABundleAreSecretToo) {
  ResourceHome home;
  const std::string bundle =
      "name: b\nversion: v1beta\ntype: bundle\nbundle:\n  resources:\n    - id: one\n      spec:\n"
      "        name: v\n        version: v1\n        type: vault\n        vault:\n"
      "          data: {password: tiger, port: 5432}\n";
  ASSERT_TRUE(IsOk(home.Apply(bundle))) << home.ProblemLines();
  EXPECT_EQ(home.Everything().find("tiger"), std::string::npos);
  const ResourceId id{.type = "bundle", .workspace = "", .name = "b"};
  const auto shown = boost::json::serialize(ToJson(*home.service().Get(home.context(), id)));
  EXPECT_EQ(shown.find("tiger"), std::string::npos);
  EXPECT_NE(shown.find("****"), std::string::npos);
  EXPECT_EQ(home.Outcomes(home.Apply(bundle)), "unchanged vault v\nunchanged bundle b\n");
  ASSERT_TRUE(IsOk(home.service().Delete(home.context(), {.ids = {id}})));
  ASSERT_TRUE(IsOk(home.service().Undelete(home.context(), id, home.problems())))
      << home.problems().items().size();
  const auto clear = home.service().ClearSpec(home.context(), ResourceHome::Vault("v"));
  ASSERT_TRUE(IsOk(clear));
  EXPECT_EQ(clear->at("data").at("password"), boost::json::value("tiger"));
  EXPECT_EQ(clear->at("data").at("port"), boost::json::value("5432"));
}

TEST(Secrets, AreNotReplacedByTheStarsThatHideThem) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(kVault)));
  const auto shown = home.service().Get(home.context(), ResourceHome::Vault("v"));
  EXPECT_EQ(CodeOf(home.Apply(boost::json::serialize(ToJson(*shown)))), ErrorCode::kInvalid);
  EXPECT_EQ(home.problems().items()[0].message, "**** stands for a value that is not shown");
  EXPECT_EQ(home.problems().items()[0].place.path, "vault.data.password");
}

TEST(Secrets, AreRefusedWithoutASealer) {
  ResourceHome home;
  const auto service =
      ResourceService::Open(home.context(), home.store(), home.registry(), nullptr, home.clock());
  ASSERT_TRUE(IsOk(service));
  Problems problems;
  EXPECT_EQ(CodeOf((*service)->Apply(home.context(),
                                     {.documents = {{.source = "t", .text = kVault}}}, problems)),
            ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace weir::resources
