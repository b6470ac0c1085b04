#include "datasets/kamu_workspace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/bytes.h"
#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/testing/golden_dataset.h"
#include "datasets/transfer.h"
#include "objects/local_object_store.h"

namespace weir::datasets {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Context kContext = Context::Background();

// A workspace in memory, with the dataset that Kamu wrote.
class KamuWorkspace : public ::testing::Test {
 protected:
  KamuWorkspace() { golden_.PutInto(store_, "datasets/" + golden_.id.ToMultibase() + "/"); }

  Result<std::vector<KamuDataset>> Read(const Files::Path& path = "/ws") {
    return ReadKamuWorkspace(kContext, files_, path);
  }

  void Put(const std::string& key, const std::string& content) {
    store_.Put(kContext, key, AsBytes(content)).value();
  }

  // A derivative of `inputs`, in the workspace under its id.
  void PutDerivative(std::uint8_t number, const std::vector<odf::DatasetId>& inputs,
                     const std::string& engine = "flink") {
    const odf::DatasetId id = DatasetHome::IdOf(number);
    odf::SetTransform transform{
        .inputs = {},
        .transform = {odf::TransformSql{.engine = engine, .queries = {{{.query = "SELECT 1"}}}}}};
    for (const odf::DatasetId& input : inputs) {
      transform.inputs.push_back({.dataset_ref = input.ToString(), .alias = input.ToMultibase()});
    }
    const odf::Seed seed{.dataset_id = id, .dataset_kind = odf::DatasetKind::kDerivative};
    home_.chains()
        .Append(kContext, {.id = id,
                           .system_time = DatasetHome::Second(0),
                           .blocks = {{.event = {seed}}, {.event = {transform}}}})
        .value();
    Push(kContext, home_.chains(), id, Repository(store_, "datasets/" + id.ToMultibase() + "/"),
         {.alias = "d" + std::to_string(number)})
        .value();
  }

  std::vector<std::string> Aliases() {
    std::vector<std::string> aliases;
    const auto datasets = Read().value();
    for (const KamuDataset& dataset : datasets) aliases.push_back(dataset.alias);
    return aliases;
  }

  const GoldenDataset golden_;
  DatasetHome home_;
  FakeFiles files_;
  objects::LocalObjectStore store_{"/ws", files_};
};

TEST_F(KamuWorkspace, SaysWhatItsDatasetsAre) {
  PutDerivative(9, {golden_.id});
  const auto datasets = Read();
  ASSERT_TRUE(IsOk(datasets));
  ASSERT_THAT(*datasets, SizeIs(2));
  const KamuDataset& population = datasets->front();
  ASSERT_TRUE(IsOk(population.readable));
  EXPECT_EQ(population.alias, "population");
  EXPECT_EQ(population.id, golden_.id);
  EXPECT_EQ(population.kind, odf::DatasetKind::kRoot);
  EXPECT_EQ(population.blocks, 9U);
  EXPECT_THAT(population.inputs, IsEmpty());
  const KamuDataset& derived = datasets->back();
  EXPECT_EQ(derived.kind, odf::DatasetKind::kDerivative);
  EXPECT_EQ(derived.engine, "flink");
  EXPECT_THAT(derived.inputs, ElementsAre(golden_.id.ToString()));
}

TEST_F(KamuWorkspace, IsFoundInTheDirectoryThatHoldsIt) {
  objects::LocalObjectStore inside("/home/data/.kamu", files_);
  golden_.PutInto(inside, "datasets/x/");
  EXPECT_THAT(Read("/home/data").value(), SizeIs(1));
  EXPECT_THAT(Read("/home/data/.kamu").value(), SizeIs(1));
  EXPECT_EQ(CodeOf(Read("/home")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Read("/nowhere")), ErrorCode::kNotFound);
}

TEST_F(KamuWorkspace, OfANewerLayoutIsRefused) {
  Put("version", "7\n");
  EXPECT_TRUE(IsOk(Read()));
  Put("version", "8\n");
  EXPECT_EQ(CodeOf(Read()), ErrorCode::kUnimplemented);
  Put("version", "latest");
  EXPECT_EQ(CodeOf(Read()), ErrorCode::kCorrupt);
  Put("version", std::string(1 << 20, '7'));
  EXPECT_EQ(CodeOf(Read()), ErrorCode::kExhausted);
}

TEST_F(KamuWorkspace, GivesInputsBeforeWhatIsDerivedFromThem) {
  const auto id = DatasetHome::IdOf;
  PutDerivative(1, {id(2), id(3)});
  PutDerivative(2, {id(4), golden_.id});
  PutDerivative(3, {id(4)});
  PutDerivative(4, {golden_.id, id(200)});
  EXPECT_THAT(Aliases(), ElementsAre("population", "d4", "d3", "d2", "d1"));
}

TEST_F(KamuWorkspace, WithACircleThatSomebodyForgedIsReadAllTheSame) {
  const auto id = DatasetHome::IdOf;
  PutDerivative(1, {id(2)});
  PutDerivative(2, {id(3)});
  PutDerivative(3, {id(1)});
  EXPECT_THAT(Aliases(), testing::UnorderedElementsAre("population", "d1", "d2", "d3"));
}

TEST_F(KamuWorkspace, NamesWhatCannotBeReadAndReadsTheRest) {
  const std::string own = "datasets/" + golden_.id.ToMultibase() + "/";
  golden_.PutInto(store_, "datasets/damaged/");
  for (const auto& path : files_.Paths()) {
    if (path.string().starts_with("/ws/datasets/damaged/blocks/")) files_.FlipBit(path, 77);
  }
  golden_.PutInto(store_, "datasets/lacks-a-block/");
  for (const auto& [key, content] : golden_.objects) {
    if (!key.starts_with("blocks/")) continue;
    store_.Delete(kContext, "datasets/lacks-a-block/" + key).value();
    break;
  }
  golden_.PutInto(store_, "datasets/endless-alias/");
  Put("datasets/endless-alias/info/alias", std::string(1 << 20, 'a'));
  Put("datasets/odd-head/refs/head", "somewhere");
  Put("datasets/garbage/blocks/left-over", "");
  Put("datasets/a-file", "is nothing");
  std::map<std::string, std::optional<ErrorCode>> found;
  const auto datasets = Read().value();
  for (const KamuDataset& dataset : datasets) found[dataset.directory] = CodeOf(dataset.readable);
  EXPECT_EQ(found, (std::map<std::string, std::optional<ErrorCode>>{
                       {golden_.id.ToMultibase(), std::nullopt},
                       {"damaged", ErrorCode::kCorrupt},
                       {"lacks-a-block", ErrorCode::kCorrupt},
                       {"endless-alias", ErrorCode::kExhausted},
                       {"odd-head", ErrorCode::kCorrupt},
                       {"garbage", ErrorCode::kNotFound}}));
}

// On a real disk, as there are links in no other.
TEST(KamuWorkspaceOnDisk, LinksThatLeadInCirclesAreReported) {
  const TempDir dir;
  objects::LocalObjectStore store(dir.path(), PosixFiles());
  const GoldenDataset golden;
  golden.PutInto(store, "datasets/good/");
  namespace fs = std::filesystem;
  fs::create_directory_symlink("loop", dir / "datasets/loop");
  fs::create_directory_symlink("..", dir / "datasets/upwards");
  fs::create_directory_symlink(".", dir / "datasets/good/data/again");
  std::map<std::string, std::optional<ErrorCode>> found;
  const auto datasets = ReadKamuWorkspace(kContext, PosixFiles(), dir.path()).value();
  for (const KamuDataset& dataset : datasets) found[dataset.directory] = CodeOf(dataset.readable);
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found["good"], std::nullopt);
  EXPECT_EQ(found["upwards"], ErrorCode::kNotFound) << "it has no refs/head";
  EXPECT_TRUE(found["loop"].has_value());
}

}  // namespace
}  // namespace weir::datasets
