#include "datasets/state_store.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/testing/fake_files.h"
#include "catalog/testing/table_home.h"

namespace weir::catalog {
namespace {

using datasets::StateStore;

const std::vector<std::string> kKey = {"id"};

class StateStoreTest : public testing::Test {
 protected:
  StateStoreTest() { Restart(); }

  void Restart() {
    states_ = std::make_unique<StateStore>(
        home_.chains(), files_, "/cache/states",
        datasets::StateStoreOptions{.least_rows = 5, .rows_of_file = 10});
  }

  datasets::ReadPoint Head() {
    const auto record = home_.chains().Read(context_, id_).value();
    return {.head = *record.chain.head, .sequence_number = record.chain.sequence_number};
  }

  bool Refresh() { return states_->Refresh(context_, home_.engine(), id_, Head(), kKey).value(); }

  // Rows of op, id and value, committed as a block.
  void Commit(const std::vector<std::array<int, 3>>& rows) {
    std::string values;
    for (const auto& [op, id, value] : rows) {
      values += fmt::format("{}({}, {}, {})", values.empty() ? "" : ", ", op, id, value);
    }
    home_.Add(id_,
              fmt::format("SELECT op::INTEGER AS op, TIMESTAMPTZ '2026-01-01' AS event_time, "
                          "id::BIGINT AS id, value::BIGINT AS value FROM (VALUES {}) t(op, id, "
                          "value) ORDER BY id, op",
                          values),
              ++second_);
  }

  // The state by key that the events given come to; nothing else decides.
  std::map<int, int> StateOf(const engine::ScanSource& source, bool is_state) {
    struct One final : engine::NameResolver {
      std::shared_ptr<const engine::ScanSource> source;
      Result<std::optional<engine::ResolvedTable>> Resolve(
          const engine::TableName&, const std::optional<engine::AtClause>&) override {
        return std::optional(
            engine::ResolvedTable{.sql = "SELECT * FROM scan(0)", .scans = {source}});
      }
      Result<bool> HasSchema(const std::string&) override { return false; }
      Result<std::vector<std::string>> ListSchemas() override { return std::vector<std::string>(); }
      Result<std::vector<std::string>> ListTables(const std::string&) override {
        return std::vector<std::string>();
      }
    } table;
    table.source = std::make_shared<engine::ScanSource>(source);
    const std::string newest =
        is_state ? "SELECT * FROM t"
                 : "SELECT * FROM (SELECT * FROM t QUALIFY row_number() OVER (PARTITION BY id "
                   "ORDER BY \"offset\" DESC) = 1) WHERE op NOT IN (1, 2)";
    const auto rows =
        home_.engine()
            .Run(context_, {.sql = "SELECT id, value FROM (" + newest + ")", .resolver = &table})
            .value();
    std::map<int, int> state;
    while (const auto batch = rows->Next().value()) {
      const auto& ids = static_cast<const arrow::Int64Array&>(*batch->column(0));
      const auto& values = static_cast<const arrow::Int64Array&>(*batch->column(1));
      for (std::int64_t i = 0; i < batch->num_rows(); ++i) {
        EXPECT_TRUE(state.emplace(ids.Value(i), values.Value(i)).second) << "a key twice";
      }
    }
    return state;
  }

  std::map<int, int> Kept() {
    const auto events = states_->Read(context_, id_, Head(), kKey).value();
    if (!events.source) return {};
    return StateOf(*events.source, events.is_state);
  }

  bool IsKept() { return states_->Read(context_, id_, Head(), kKey).value().is_state; }

  const Context context_ = Context::Background();
  TableHome home_;
  FakeFiles files_;
  const odf::DatasetId id_ = home_.Create("orders", UpsertById());
  std::unique_ptr<StateStore> states_;
  int second_ = 0;
};

TEST_F(StateStoreTest, ABaseIsMadeOnceItPaysAndServesUntilTheNext) {
  Commit({{0, 1, 10}, {0, 2, 20}});
  EXPECT_FALSE(Refresh());
  Commit({{2, 1, 10}, {3, 1, 11}, {1, 2, 20}, {0, 3, 30}});
  EXPECT_TRUE(Refresh());
  EXPECT_TRUE(IsKept());
  EXPECT_EQ(Kept(), (std::map<int, int>{{1, 11}, {3, 30}}));
  Commit({{1, 3, 30}, {0, 2, 22}});
  EXPECT_FALSE(IsKept());
  EXPECT_EQ(Kept(), (std::map<int, int>{{1, 11}, {2, 22}}));
  EXPECT_FALSE(Refresh());
}

TEST_F(StateStoreTest, ABaseOutlivesTheProcess) {
  Commit({{0, 1, 10}, {0, 2, 20}, {0, 3, 30}, {0, 4, 40}, {0, 5, 50}});
  ASSERT_TRUE(Refresh());
  Restart();
  EXPECT_TRUE(IsKept());
  EXPECT_EQ(Kept().size(), 5U);
}

TEST_F(StateStoreTest, ADamagedBaseIsLeftAsideAndMadeAnew) {
  Commit({{0, 1, 10}, {0, 2, 20}, {0, 3, 30}, {0, 4, 40}, {0, 5, 50}});
  ASSERT_TRUE(Refresh());
  for (const auto& path : files_.Paths()) {
    files_.FlipBit(path, 99);
    Restart();
    EXPECT_FALSE(IsKept()) << path;
    EXPECT_EQ(Kept().size(), 5U);
    EXPECT_TRUE(Refresh()) << path;
    EXPECT_TRUE(IsKept());
  }
  for (const auto& path : files_.Paths()) ASSERT_TRUE(files_.Remove(path));
  Restart();
  EXPECT_FALSE(IsKept());
  EXPECT_EQ(Kept().size(), 5U);
}

TEST_F(StateStoreTest, NobodyMissesABaseThatGoesWhileItIsKnown) {
  Commit({{0, 1, 10}, {0, 2, 20}, {0, 3, 30}, {0, 4, 40}, {0, 5, 50}});
  ASSERT_TRUE(Refresh());
  EXPECT_TRUE(IsKept());
  for (const auto& path : files_.Paths()) ASSERT_TRUE(files_.Remove(path));
  EXPECT_FALSE(IsKept());
  EXPECT_EQ(Kept().size(), 5U);
  EXPECT_TRUE(Refresh());
  EXPECT_TRUE(IsKept());
}

TEST_F(StateStoreTest, ADirectoryInPlaceOfTheRecordMakesRoomForTheNext) {
  Commit({{0, 1, 10}, {0, 2, 20}, {0, 3, 30}, {0, 4, 40}, {0, 5, 50}});
  ASSERT_TRUE(Refresh());
  const auto record = "/cache/states/" / Files::Path(id_.ToMultibase()) / "state.json";
  ASSERT_TRUE(files_.Remove(record));
  ASSERT_TRUE(files_.CreateDirectories(record / "inside"));
  Restart();
  EXPECT_FALSE(IsKept());
  EXPECT_EQ(Kept().size(), 5U);
  EXPECT_TRUE(Refresh());
  EXPECT_TRUE(IsKept());
}

TEST_F(StateStoreTest, ABaseOfAnotherKeyOrALaterBlockDoesNotServe) {
  Commit({{0, 1, 10}});
  const datasets::ReadPoint early = Head();
  Commit({{0, 2, 20}, {0, 3, 30}, {0, 4, 40}, {0, 5, 50}});
  ASSERT_TRUE(Refresh());
  EXPECT_FALSE(states_->Read(context_, id_, Head(), {"value"}).value().is_state);
  const auto then = states_->Read(context_, id_, early, kKey).value();
  EXPECT_EQ(StateOf(*then.source, then.is_state), (std::map<int, int>{{1, 10}}));
}

TEST_F(StateStoreTest, FilesOfARetiredBaseGoOnceNobodyReadsThem) {
  Commit({{0, 1, 10}, {0, 2, 20}, {0, 3, 30}, {0, 4, 40}, {0, 5, 50}});
  ASSERT_TRUE(Refresh());
  auto reader = states_->Read(context_, id_, Head(), kKey).value();
  Commit({{0, 6, 10}, {0, 7, 20}, {0, 8, 30}, {0, 9, 40}, {0, 10, 50}});
  ASSERT_TRUE(Refresh());
  EXPECT_EQ(files_.Paths().size(), 3U);
  EXPECT_EQ(StateOf(*reader.source, reader.is_state).size(), 5U);
  reader = {};
  EXPECT_EQ(files_.Paths().size(), 2U);
}

// Goal: a refresh that fails anywhere changes nothing but time. Method: every file call in turn
// fails, also for the process that comes after.
TEST_F(StateStoreTest, AFailedRefreshLeavesTheStateAsItWas) {
  Commit({{0, 1, 10}, {0, 2, 20}, {0, 3, 30}, {0, 4, 40}, {0, 5, 50}});
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    files_.FailCall(failing);
    const auto made = states_->Refresh(context_, home_.engine(), id_, Head(), kKey);
    if (made && *made) break;
    files_.CutPower();
    Restart();
    EXPECT_EQ(Kept().size(), 5U);
    ASSERT_LT(failing, 100);
  }
  EXPECT_TRUE(IsKept());
}

// Goal: whatever is committed, refreshed, lost and opened again, the state is that of the history.
// Method: random commits over 40 keys beside a map, and everything else by chance between them.
TEST_F(StateStoreTest, TheStateIsAlwaysThatOfTheHistory) {
  std::mt19937 random(20260101);
  std::map<int, int> model;
  for (int step = 0; step < 60; ++step) {
    std::map<int, std::vector<std::array<int, 3>>> events;
    for (int i = 0; i < 1 + int(random() % 8); ++i) {
      const int key = int(random() % 40);
      if (events.contains(key)) continue;
      const int value = int(random() % 1000);
      const auto old = model.find(key);
      if (old == model.end()) {
        events[key] = {{0, key, value}};
        model[key] = value;
      } else if (random() % 2 == 0) {
        events[key] = {{1, key, old->second}};
        model.erase(old);
      } else {
        events[key] = {{2, key, old->second}, {3, key, value}};
        old->second = value;
      }
    }
    std::vector<std::array<int, 3>> rows;
    for (const auto& [key, each] : events) rows.insert(rows.end(), each.begin(), each.end());
    Commit(rows);
    if (random() % 2 == 0) (void)Refresh();
    if (random() % 8 == 0) Restart();
    if (random() % 8 == 0 && !files_.Paths().empty()) {
      files_.FlipBit(files_.Paths()[random() % files_.Paths().size()], random() % 800);
      Restart();
    }
    ASSERT_EQ(Kept(), model) << "step " << step;
  }
}

}  // namespace
}  // namespace weir::catalog
