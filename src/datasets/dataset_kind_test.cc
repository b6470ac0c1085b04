#include "datasets/dataset_kind.h"

#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "datasets/chain_store.h"
#include "datasets/directory.h"
#include "datasets/keys.h"
#include "datasets/testing/dataset_home.h"
#include "resources/record.h"
#include "resources/testing/resource_home.h"
#include "secrets/secret_kind.h"

namespace weir::datasets {
namespace {

using resources::ResourceHome;
using resources::ResourceId;

constexpr std::string_view kReadings = R"(
name: readings
version: v1
type: dataset
dataset:
  metadata:
    - kind: SetInfo
      description: Hourly temperatures
    - kind: AddPushSource
      sourceName: default
      read: {kind: NdJson}
      merge: {kind: Append}
)";

constexpr std::string_view kWarm = R"(
name: warm
version: v1
type: dataset
dataset:
  kind: Derivative
  metadata:
    - kind: SetTransform
      inputs: [{datasetRef: Readings, alias: r}]
      transform: {kind: Sql, engine: duckdb, query: select * from r}
)";

std::string With(std::string_view manifest, std::string_view from, std::string_view to) {
  std::string text(manifest);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

// A resource service that knows datasets, and the chains they make.
class Home {
 public:
  Home()
      : sealer_(secrets::Sealer::Open({PosixFiles(), keys_ / "sealing"}, SystemRng()).value()),
        home_(Kinds()) {}

  ResourceHome& resources() { return home_; }

  std::string Apply(std::string_view manifest) {
    const auto answer = home_.Apply(std::string(manifest));
    return answer ? home_.Outcomes(answer) : home_.ProblemLines() + answer.error().message;
  }

  resources::Resource Get(std::string name, const resources::VersionSelector& version = {}) {
    auto found = home_.service().Get(home_.context(), Id(std::move(name)), version);
    EXPECT_TRUE(IsOk(found));
    return found ? *std::move(found) : resources::Resource{};
  }

  /// The events of the chain, "Seed SetInfo ...".
  std::string Events(const std::string& name) {
    const auto snapshot = home_.store().Read(home_.context()).value();
    const auto entry = FindDataset(*snapshot, "public", name);
    if (!entry) return entry.error().message;
    std::string events;
    for (const auto& row : snapshot->Scan(BlocksKey(entry->id)).value()) {
      events += (events.empty() ? "" : " ") + DecodeBlockRow(row.value)->event;
    }
    return events;
  }

  static ResourceId Id(std::string name) {
    return {.type = "dataset", .workspace = "public", .name = std::move(name)};
  }

 private:
  std::vector<std::unique_ptr<resources::Kind>> Kinds() {
    std::vector<std::unique_ptr<resources::Kind>> kinds;
    kinds.push_back(secrets::MakeSecretKind());
    kinds.push_back(
        MakeDatasetKind({.clock = clock_, .rng = SystemRng(), .sealer = sealer_.get()}));
    return kinds;
  }

  TempDir keys_;
  FakeClock clock_;
  std::unique_ptr<secrets::Sealer> sealer_;
  ResourceHome home_;
};

std::string TextIn(const resources::Resource& resource, std::string_view pointer) {
  boost::system::error_code failed;
  const boost::json::value spec = resource.spec;
  const auto* value = spec.find_pointer(pointer, failed);
  return value == nullptr ? "" : std::string(value->as_string());
}

TEST(DatasetKind, BeginsAChainWithTheEventsInTheOrderOfTheManifest) {
  Home home;
  EXPECT_EQ(home.Apply(kReadings), "created dataset readings\n");
  EXPECT_EQ(home.Events("readings"), "Seed SetInfo AddPushSource");
  EXPECT_EQ(TextIn(home.Get("readings"), "/kind"), "Root");
}

TEST(DatasetKind, AppendsNothingForAManifestThatIsTrueAlready) {
  Home home;
  home.Apply(kReadings);
  EXPECT_EQ(home.Apply(kReadings), "unchanged dataset readings\n");
  EXPECT_EQ(home.Events("readings"), "Seed SetInfo AddPushSource");
}

TEST(DatasetKind, AppendsWhatBringsTheChainToAChangedManifest) {
  Home home;
  home.Apply(kReadings);
  EXPECT_EQ(home.Apply(With(kReadings, "Hourly", "Daily")), "configured dataset readings\n");
  EXPECT_EQ(home.Apply(With(kReadings, "sourceName: default", "sourceName: other")),
            "configured dataset readings\n");
  EXPECT_EQ(home.Events("readings"),
            "Seed SetInfo AddPushSource SetInfo DisablePushSource AddPushSource SetInfo");
}

TEST(DatasetKind, KeepsNothingInTheResourceThatTheChainHolds) {
  Home home;
  home.Apply(kReadings);
  const auto snapshot = home.resources().store().Read(home.resources().context()).value();
  const auto entry = snapshot->Get(resources::HeadKey(Home::Id("readings"))).value();
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->value.find("Hourly"), std::string::npos);
  EXPECT_EQ(entry->value.find("did:odf"), std::string::npos);
}

constexpr std::string_view kVariables = R"(  variables:
    USER: arthur
    TOKEN: {secret: api, key: token}
  metadata:
)";

constexpr std::string_view kApiSecret = R"(
name: api
version: v1
type: secret
secret:
  type: key-value
  data: {token: towel}
)";

TEST(DatasetKind, KeepsVariablesBesideTheChain) {
  Home home;
  home.Apply(kReadings);
  const std::string events = home.Events("readings");
  const std::string with = With(kReadings, "  metadata:\n", kVariables);
  const std::string missing = home.Apply(with);
  EXPECT_NE(missing.find("secret"), std::string::npos) << missing;
  home.Apply(kApiSecret);
  EXPECT_EQ(home.Apply(with), "configured dataset readings\n") << with;
  EXPECT_EQ(home.Events("readings"), events);
  EXPECT_EQ(boost::json::serialize(home.Get("readings").spec.at("variables")),
            R"({"TOKEN":{"secret":"api","key":"token"},"USER":"arthur"})");
  EXPECT_FALSE(home.Get("readings", {.version = 1}).spec.contains("variables"));
  EXPECT_EQ(home.Apply(With(with, "arthur", "ford")), "configured dataset readings\n");
  EXPECT_EQ(home.Events("readings"), events);
}

TEST(DatasetKind, RefusesVariablesThatAreNone) {
  Home home;
  home.Apply(kApiSecret);
  const std::string with = With(kReadings, "  metadata:\n", kVariables);
  EXPECT_NE(home.Apply(With(with, "USER", "\"US ER\"")).find("is no name of a variable"),
            std::string::npos);
  EXPECT_NE(home.Apply(With(with, ", key: token", "")).find("needs secret and key"),
            std::string::npos);
  EXPECT_NE(home.Apply(With(with, "arthur", "[1]")).find("USER"), std::string::npos);
}

TEST(DatasetKind, ShowsEveryVersionAsTheChainWasThen) {
  Home home;
  home.Apply(kReadings);
  home.Apply(With(kReadings, "Hourly", "Daily"));
  home.Apply(With(kReadings, "Hourly", "Yearly"));
  const auto description = [&](std::int64_t version) {
    return TextIn(home.Get("readings", {.version = version}), "/metadata/1/description");
  };
  EXPECT_EQ(description(1), "Hourly temperatures");
  EXPECT_EQ(description(2), "Daily temperatures");
  EXPECT_EQ(description(3), "Yearly temperatures");
}

TEST(DatasetKind, RollsBackByAppendingTheInverse) {
  Home home;
  home.Apply(kReadings);
  home.Apply(With(kReadings, "Hourly", "Daily"));
  resources::Problems problems;
  ASSERT_TRUE(IsOk(home.resources().service().Rollback(home.resources().context(),
                                                       Home::Id("readings"), 1, problems)));
  EXPECT_EQ(home.Events("readings"), "Seed SetInfo AddPushSource SetInfo SetInfo");
  EXPECT_EQ(TextIn(home.Get("readings"), "/metadata/1/description"), "Hourly temperatures");
}

TEST(DatasetKind, NamesTheInputsThatTheChainKnowsById) {
  Home home;
  EXPECT_EQ(home.Apply(std::string(kWarm) + "---" +
                       std::string(With(kReadings, "name: readings", "name: Readings"))),
            "created dataset Readings\ncreated dataset warm\n");
  EXPECT_EQ(home.Events("warm"), "Seed SetTransform");
  const auto warm = home.Get("warm");
  EXPECT_EQ(TextIn(warm, "/metadata/0/inputs/0/datasetRef"), "Readings");
  EXPECT_EQ(TextIn(warm, "/metadata/0/inputs/0/alias"), "r");
  EXPECT_EQ(home.Apply(kWarm), "unchanged dataset warm\n");
}

TEST(DatasetKind, RefusesWhatAChainCannotExpress) {
  Home home;
  const std::string licensed =
      std::string(kReadings) +
      "    - {kind: SetLicense, shortName: MIT, name: MIT, websiteUrl: 'https://mit.edu'}\n";
  home.Apply(licensed);
  EXPECT_NE(home.Apply(kReadings).find("cannot take a license back"), std::string::npos);
  EXPECT_NE(home.Apply(With(kReadings, "dataset:\n", "dataset:\n  kind: Derivative\n"))
                .find("derivative dataset has no source"),
            std::string::npos);
  EXPECT_NE(home.Apply(std::string(kReadings) + "    - {kind: SetInfo, description: twice}\n")
                .find("SetInfo is declared twice"),
            std::string::npos);
  EXPECT_NE(home.Apply(std::string(kReadings) + "    - {kind: DisablePollingSource}\n")
                .find("DisablePollingSource is not declared"),
            std::string::npos);
  EXPECT_EQ(home.Events("readings"), "Seed SetInfo AddPushSource SetLicense");
}

TEST(DatasetKind, RefusesNamesThatAreLookedUpAlike) {
  Home home;
  home.Apply(With(kReadings, "name: readings", "name: a-b"));
  EXPECT_NE(home.Apply(With(kReadings, "name: readings", "name: A_b"))
                .find("is read as that of dataset a-b"),
            std::string::npos);
}

TEST(DatasetKind, RefusesAnotherIdentityForTheSameName) {
  Home home;
  home.Apply(kReadings);
  home.Apply(With(kReadings, "name: readings", "name: others"));
  const std::string did = TextIn(home.Get("others"), "/did");
  EXPECT_NE(home.Apply(With(kReadings, "dataset:\n", "dataset:\n  did: " + did + "\n"))
                .find("identity of a dataset cannot change"),
            std::string::npos);
}

TEST(DatasetKind, BringsTheSameChainBackThatWasDeleted) {
  Home home;
  home.Apply(kReadings);
  const std::string did = TextIn(home.Get("readings"), "/did");
  auto& service = home.resources().service();
  ASSERT_TRUE(IsOk(service.Delete(home.resources().context(), {.ids = {Home::Id("readings")}})));
  EXPECT_EQ(home.Events("readings"), "there is no dataset readings in workspace public");
  resources::Problems problems;
  ASSERT_TRUE(IsOk(service.Undelete(home.resources().context(), Home::Id("readings"), problems)));
  EXPECT_EQ(home.Events("readings"), "Seed SetInfo AddPushSource");
  EXPECT_EQ(TextIn(home.Get("readings"), "/did"), did);
}

TEST(DatasetKind, GivesANewChainToANameThatIsUsedAgain) {
  Home home;
  home.Apply(kReadings);
  const std::string did = TextIn(home.Get("readings"), "/did");
  ASSERT_TRUE(IsOk(home.resources().service().Delete(home.resources().context(),
                                                     {.ids = {Home::Id("readings")}})));
  home.Apply(kReadings);
  EXPECT_NE(TextIn(home.Get("readings"), "/did"), did);
  EXPECT_EQ(TextIn(home.Get("readings", {.version = 1}), "/did"), did);
}

TEST(DatasetKind, IsRenamedWithItsIdentityAndWhatNeedsIt) {
  Home home;
  home.Apply(With(kReadings, "name: readings", "name: Readings"));
  home.Apply(kWarm);
  const std::string did = TextIn(home.Get("Readings"), "/did");
  auto& service = home.resources().service();
  const Context context = home.resources().context();
  ASSERT_TRUE(IsOk(service.Rename(context, Home::Id("Readings"), "measured")));
  EXPECT_EQ(TextIn(home.Get("measured"), "/did"), did);
  EXPECT_EQ(TextIn(home.Get("warm"), "/metadata/0/inputs/0/datasetRef"), "measured");
  EXPECT_EQ(CodeOf(service.Get(context, Home::Id("Readings"))), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(service.Delete(context, {.ids = {Home::Id("measured")}})), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(service.Rename(context, Home::Id("measured"), "warm")),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(service.Rename(context, Home::Id("measured"), "a/b")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(service.Rename(context, ResourceHome::Note("n"), "m")), ErrorCode::kNotFound);
}

TEST(DatasetKind, NamesAChainThatIsHereAlready) {
  Home home;
  home.Apply(kReadings);
  const std::string did = TextIn(home.Get("readings"), "/did");
  ASSERT_TRUE(IsOk(home.resources().service().Delete(home.resources().context(),
                                                     {.ids = {Home::Id("readings")}})));
  EXPECT_EQ(home.Apply("name: again\nversion: v1\ntype: dataset\ndataset: {did: '" + did + "'}\n"),
            "created dataset again\n");
  EXPECT_EQ(home.Events("again"), "Seed SetInfo AddPushSource");
  EXPECT_EQ(TextIn(home.Get("again"), "/metadata/1/description"), "Hourly temperatures");
  EXPECT_EQ(TextIn(home.Get("again"), "/timestamps"), "milliseconds");
}

TEST(DatasetKind, TakesASnapshotManifestWhoseAccountIsTheWorkspace) {
  Home home;
  EXPECT_EQ(home.Apply("kind: DatasetSnapshot\nversion: 1\ncontent:\n  name: public/x\n"
                       "  kind: root\n  metadata: []\n"),
            "created dataset x\n");
  EXPECT_EQ(TextIn(home.Get("x"), "/timestamps"), "milliseconds");
}

}  // namespace
}  // namespace weir::datasets
