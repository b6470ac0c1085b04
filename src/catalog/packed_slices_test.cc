#include <arrow/record_batch.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "base/testing/matchers.h"
#include "catalog/testing/table_home.h"
#include "datasets/adopt.h"
#include "datasets/history.h"
#include "datasets/one_table.h"
#include "datasets/packer.h"

namespace weir::catalog {
namespace {

using datasets::PackLimits;

class PackedSlices : public testing::Test {
 protected:
  // Rows of op, id and value as a block of their own.
  void Commit(const std::vector<std::array<int, 3>>& rows) {
    std::string values;
    for (const auto& [op, id, value] : rows) {
      values += fmt::format("{}({}, {}, {})", values.empty() ? "" : ", ", op, id, value);
    }
    home_.Add(id_,
              fmt::format("SELECT op::INTEGER AS op, TIMESTAMPTZ '2026-01-01' AS event_time, "
                          "id::BIGINT AS id, value::BIGINT AS value FROM (VALUES {}) t(op, id, "
                          "value)",
                          values),
              ++second_);
  }

  // Three rows with keys of their own, in falling order.
  void CommitThree(int number) {
    Commit({{0, 3 * number + 2, number}, {0, 3 * number + 1, number}, {0, 3 * number, number}});
  }

  Result<std::optional<datasets::Packed>> PackOnce(PackLimits limits = {.least_slices = 2}) {
    return datasets::PackNext(context_, home_.chains(), home_.home().packs(), home_.engine(), id_,
                              limits);
  }

  datasets::Packed Pack(const odf::DatasetId& id) {
    return datasets::Packer(home_.chains(), home_.home().packs(), {})
        .PackAll(context_, id, {})
        .value();
  }

  std::shared_ptr<const datasets::History> HistoryAt(
      std::optional<std::uint64_t> block = std::nullopt) {
    const auto record = home_.chains().Read(context_, id_).value();
    datasets::ReadPoint point{.head = *record.chain.head,
                              .sequence_number = record.chain.sequence_number,
                              .vocab = record.chain.vocab};
    if (block) {
      const auto row = home_.chains().FindBlock(context_, id_, *block).value();
      point.head = row.hash;
      point.sequence_number = *block;
    }
    return datasets::ReadHistory(context_, home_.chains(), id_, point).value();
  }

  std::size_t Files() { return HistoryAt()->source->files.size(); }

  std::string Query(const std::string& sql) { return home_.Query(sql).value(); }
  // All events, in their order.
  std::string Events(const std::string& at = "") {
    return Query("SELECT * FROM orders$history " + at + " ORDER BY \"offset\"");
  }

  // Rows of a relation.
  std::uint64_t CountOf(const engine::ScanSource& source) {
    if (source.files.empty()) return 0;
    datasets::OneTable table(std::make_shared<engine::ScanSource>(source));
    const auto rows = home_.engine()
                          .Run(context_, {.sql = "SELECT \"offset\" FROM rows", .resolver = &table})
                          .value();
    std::uint64_t count = 0;
    while (const auto batch = rows->Next().value()) {
      count += static_cast<std::uint64_t>(batch->num_rows());
    }
    return count;
  }

  void Refresh() {
    const auto head = HistoryAt();
    home_.states()
        .Refresh(context_, home_.engine(), id_,
                 {.head = head->head, .sequence_number = head->sequence_number}, {"id"})
        .value();
  }

  std::vector<std::filesystem::path> PackedPaths() {
    std::vector<std::filesystem::path> paths;
    for (const auto& path : home_.home().files().Paths()) {
      if (path.string().find("/packed/") != std::string::npos) paths.push_back(path);
    }
    return paths;
  }

  const Context context_ = Context::Background();
  TableHome home_;
  const odf::DatasetId id_ = home_.Create("orders", UpsertById());
  int second_ = 0;
};

TEST_F(PackedSlices, AreReadInPlaceOfTheSlices) {
  for (int i = 0; i < 10; ++i) CommitThree(i);
  const std::string before = Events();
  EXPECT_EQ(Files(), 10U);
  const datasets::Packed packed = Pack(id_);
  EXPECT_EQ(packed.slices, 10U);
  EXPECT_EQ(packed.rows, 30U);
  EXPECT_EQ(Files(), 1U);
  EXPECT_EQ(Events(), before);
  CommitThree(10);
  EXPECT_EQ(Files(), 2U);
  EXPECT_EQ(Query("SELECT count(*), sum(id) FROM orders"), "33 528\n");
}

TEST_F(PackedSlices, SpareTheNextProcessTheIndex) {
  for (int i = 0; i < 10; ++i) CommitThree(i);
  const std::string before = Events();
  Pack(id_);
  home_.Reopen();
  EXPECT_EQ(Files(), 1U);
  EXPECT_EQ(Events(), before);
}

// Goal: whatever was packed, every block shows what it showed before. Method: all events at every
// block, asked for before and after, with packed slices that begin and end anywhere.
TEST_F(PackedSlices, ShowWhatTheirSlicesShowedAtEveryBlock) {
  constexpr int kBlocks = 24;
  for (int i = 0; i < kBlocks; ++i) CommitThree(i);
  const auto record = home_.chains().Read(context_, id_).value();
  std::vector<std::string> before;
  const auto at = [](std::uint64_t block) { return fmt::format("AT (VERSION => {})", block); };
  for (std::uint64_t block = 2; block <= record.chain.sequence_number; ++block) {
    before.push_back(Events(at(block)));
  }
  const PackLimits halves{.least_slices = 5, .most_rows = 27};
  ASSERT_TRUE(PackOnce(halves)->has_value());
  ASSERT_TRUE(PackOnce(halves)->has_value());
  ASSERT_LT(Files(), 12U);
  for (const bool is_fresh : {false, true}) {
    if (is_fresh) home_.Reopen();
    for (std::uint64_t block = 2; block <= record.chain.sequence_number; ++block) {
      EXPECT_EQ(Events(at(block)), before[block - 2]) << block;
    }
  }
}

TEST_F(PackedSlices, GiveTheEventsBetweenAnyTwoBlocks) {
  for (int i = 0; i < 50; ++i) CommitThree(i);
  ASSERT_TRUE(PackOnce(PackLimits{.least_slices = 5, .most_rows = 120})->has_value());
  const auto history = HistoryAt();
  ASSERT_EQ(Files(), 11U);
  const std::uint64_t last = history->sequence_number;
  for (std::uint64_t after = 0; after < last; after += 3) {
    for (std::uint64_t until = after; until <= last; until += 4) {
      const auto source =
          datasets::EventsBetween(context_, home_.chains(), id_, *history, after, until).value();
      const auto first = datasets::LastOffsetAt(context_, home_.chains(), id_, *history, after);
      const auto end = datasets::LastOffsetAt(context_, home_.chains(), id_, *history, until);
      const std::uint64_t expected =
          (end->has_value() ? **end + 1 : 0) - (first->has_value() ? **first + 1 : 0);
      EXPECT_EQ(CountOf(*source), expected) << after << " to " << until;
    }
  }
}

TEST_F(PackedSlices, AreLeftAsideWhenTheyAreDamagedAndMadeAnew) {
  for (int i = 0; i < 5; ++i) CommitThree(i);
  const std::string before = Events();
  Pack(id_);
  for (const auto& path : PackedPaths()) {
    home_.home().files().FlipBit(path, 99);
    home_.Reopen();
    EXPECT_EQ(Files(), 5U) << path;
    EXPECT_EQ(Events(), before);
    EXPECT_EQ(Pack(id_).files, 1U) << path;
    EXPECT_EQ(Files(), 1U);
    EXPECT_EQ(Events(), before);
  }
  for (const auto& path : PackedPaths()) ASSERT_TRUE(IsOk(home_.home().files().Remove(path)));
  home_.Reopen();
  EXPECT_EQ(Files(), 5U);
  EXPECT_EQ(Events(), before);
}

TEST_F(PackedSlices, ThatGoWhileTheyAreKnownAreMissedByNobody) {
  for (int i = 0; i < 5; ++i) CommitThree(i);
  const std::string before = Events();
  Pack(id_);
  for (const auto& path : PackedPaths()) ASSERT_TRUE(IsOk(home_.home().files().Remove(path)));
  EXPECT_EQ(Events(), before);
  EXPECT_EQ(Pack(id_).files, 1U);
  EXPECT_EQ(Files(), 1U);
}

TEST_F(PackedSlices, AreMadeAnewWhereADirectoryStandsForTheirRecord) {
  for (int i = 0; i < 5; ++i) CommitThree(i);
  const std::string before = Events();
  Pack(id_);
  const auto record = PackedPaths().front().parent_path() / "packed.json";
  ASSERT_TRUE(IsOk(home_.home().files().Remove(record)));
  ASSERT_TRUE(IsOk(home_.home().files().CreateDirectories(record / "inside")));
  home_.Reopen();
  EXPECT_EQ(Events(), before);
  EXPECT_EQ(Pack(id_).files, 1U);
  EXPECT_EQ(Files(), 1U);
}

TEST_F(PackedSlices, OfAChainThatWasReplacedAreDropped) {
  for (int i = 0; i < 4; ++i) CommitThree(i);
  const auto early = home_.chains().Read(context_, id_).value();
  for (int i = 4; i < 8; ++i) CommitThree(i);
  Pack(id_);
  ASSERT_EQ(Files(), 1U);
  ASSERT_TRUE(IsOk(home_.chains().Publish(context_, id_)));
  auto repository = home_.chains().RepositoryOf(id_);
  ASSERT_TRUE(IsOk(repository.SetHead(context_, *early.chain.head)));
  ASSERT_TRUE(IsOk(datasets::RebuildIndex(context_, home_.chains(), id_)));
  EXPECT_EQ(Files(), 4U);
  EXPECT_EQ(Query("SELECT count(*) FROM orders"), "12\n");
  EXPECT_EQ(PackedPaths().size(), 1U) << "the record alone";
}

TEST_F(PackedSlices, HaveEmptyValuesForColumnsThatCameLater) {
  for (int i = 0; i < 3; ++i) CommitThree(i);
  Pack(id_);
  for (const char* id : {"100", "101"}) {
    home_.Add(id_,
              fmt::format("SELECT 0::INTEGER AS op, TIMESTAMPTZ '2026-01-01' AS event_time, "
                          "{}::BIGINT AS id, 1::BIGINT AS value, 'new' AS note",
                          id),
              ++second_);
  }
  const std::string counts = "SELECT count(*), count(note) FROM orders";
  EXPECT_EQ(Query(counts), "11 2\n");
  Pack(id_);
  EXPECT_EQ(Files(), 2U);
  EXPECT_EQ(Query(counts), "11 2\n");
  home_.Reopen();
  EXPECT_EQ(Query(counts), "11 2\n");
  EXPECT_EQ(Query("SELECT count(*) FROM orders AT (VERSION => 3)"), "3\n");
}

TEST_F(PackedSlices, AreOrderedByTheKeyOrByWhatIsAskedFor) {
  odf::ChainState chain;
  chain.push_sources["default"] = {.source_name = "default", .merge = UpsertById()};
  using Columns = std::vector<std::string>;
  EXPECT_EQ(datasets::PackOrder(chain, {}), Columns{"id"});
  EXPECT_EQ(datasets::PackOrder(chain, {{"value", 7}}), Columns{"id"}) << "too seldom";
  EXPECT_EQ(datasets::PackOrder(chain, {{"value", 9}, {"offset", 100}}), Columns{"value"});
  chain.push_sources["default"].merge = Appending();
  EXPECT_EQ(datasets::PackOrder(chain, {}), Columns{});
  for (int i = 0; i < 3; ++i) CommitThree(i);
  for (int i = 0; i < 9; ++i) Query("SELECT * FROM orders$history WHERE value = 1");
  const auto counts = home_.home().packs().TallyOf(id_)->counts();
  EXPECT_EQ(datasets::PackOrder(chain, counts), Columns{"value"});
}

// Goal: a step that fails anywhere changes nothing but time. Method: every file call in turn fails,
// also for the process that comes after.
TEST_F(PackedSlices, AFailedStepLeavesWhatThereIs) {
  for (int i = 0; i < 4; ++i) CommitThree(i);
  const std::string before = Events();
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    home_.home().files().FailCall(failing);
    const auto packed = PackOnce();
    home_.home().files().CutPower();
    home_.Reopen();
    ASSERT_EQ(Events(), before);
    if (packed && *packed) break;
    ASSERT_LT(failing, 200);
  }
  Pack(id_);
  EXPECT_EQ(Files(), 1U);
  EXPECT_EQ(Events(), before);
}

TEST_F(PackedSlices, AreReadToTheirEndByThoseWhoBeganBeforeTheyWent) {
  for (int i = 0; i < 4; ++i) CommitThree(i);
  Pack(id_);
  auto reader = HistoryAt();
  ASSERT_EQ(PackedPaths().size(), 2U);
  ASSERT_TRUE(IsOk(home_.home().packs().Evict(context_, id_)));
  EXPECT_EQ(Files(), 4U);
  EXPECT_EQ(CountOf(*reader->source), 12U);
  EXPECT_EQ(PackedPaths().size(), 1U);
  reader.reset();
  EXPECT_EQ(PackedPaths().size(), 0U);
  EXPECT_EQ(Pack(id_).slices, 4U) << "and are made again";
}

// Goal: the state is that of the history, packed or not. Method: random commits over 40 keys beside
// a map, with steps of packing, bases, restarts and evictions by chance between them.
TEST_F(PackedSlices, TheStateIsAlwaysThatOfTheHistory) {
  std::mt19937 random(20260102);
  std::map<int, int> model;
  for (int step = 0; step < 80; ++step) {
    std::vector<std::array<int, 3>> rows;
    for (const int key : {int(random() % 20), 20 + int(random() % 20)}) {
      const int value = int(random() % 1000);
      const auto old = model.find(key);
      if (old == model.end()) {
        rows.push_back({0, key, value});
        model[key] = value;
      } else if (random() % 2 == 0) {
        rows.push_back({1, key, old->second});
        model.erase(old);
      } else {
        rows.push_back({2, key, old->second});
        rows.push_back({3, key, value});
        old->second = value;
      }
    }
    Commit(rows);
    if (random() % 3 == 0) PackOnce(PackLimits{.least_slices = 3}).value();
    if (random() % 5 == 0) Refresh();
    if (random() % 12 == 0) home_.home().packs().Evict(context_, id_).value();
    std::string expected;
    for (const auto& [key, value] : model) expected += fmt::format("{} {}\n", key, value);
    ASSERT_EQ(Query("SELECT id, value FROM orders ORDER BY id"), expected) << "step " << step;
  }
  const std::string state = Query("SELECT id, value FROM orders ORDER BY id");
  Pack(id_);
  EXPECT_LE(Files(), 8U);
  EXPECT_EQ(Query("SELECT id, value FROM orders ORDER BY id"), state);
}

}  // namespace
}  // namespace weir::catalog
