// What the store over SQLite does when its disk fails, fills up, rots, or is not its own.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "control/group_commit_store.h"
#include "control/sqlite_store.h"
#include "control/testing/faulty_disk.h"

namespace weir::control {
namespace {

constexpr const char* kPath = "/control.db";
const Key kA = Key("things").With("a");

Result<std::unique_ptr<Store>> OpenOn(const FaultyDisk& disk) {
  SqliteBackend::Options options{.connection = {.vfs = disk.vfs()}, .checkpoints_aside = false};
  ASSIGN_OR_RETURN(auto backend, SqliteBackend::Open(kPath, options, nullptr));
  ASSIGN_OR_RETURN(std::unique_ptr<Store> store,
                   GroupCommitStore::Open(std::move(backend), {}, SystemClock()));
  return store;
}

Result<Revision> Put(Store& store, const Key& key, const std::string& value) {
  return store.Transact(Context::Background(),
                        [&](Transaction& transaction) { return transaction.Put(key, value); });
}

std::string Read(Store& store, const Key& key) {
  const auto entry = store.Read(Context::Background()).value()->Get(key).value();
  return entry ? entry->value : "(none)";
}

TEST(SqliteFaults, WhatWasAcknowledgedSurvivesAPowerCut) {
  FaultyDisk disk(1);
  {
    const auto store = OpenOn(disk).value();
    EXPECT_TRUE(IsOk(Put(*store, kA, "1")));
    disk.CutPower();
    EXPECT_FALSE(Put(*store, kA, "2"));
  }
  const auto store = OpenOn(disk).value();
  EXPECT_EQ(Read(*store, kA), "1");
}

// Goal: whichever call fails or loses power, a commit is there whole if it was acknowledged, whole
// or not at all if it was not, and the store goes on. Method: the nth call suffers the fault, for
// every n until there is none left.
TEST(SqliteFaults, ACommitIsWholeOrNotThereWhicheverCallFails) {
  for (const Fault fault : {Fault::kWriteError, Fault::kSyncError, Fault::kPowerCut}) {
    for (int nth = 0;; ++nth) {
      SCOPED_TRACE(testing::Message() << "fault " << static_cast<int>(fault) << " at " << nth);
      FaultyDisk disk(static_cast<std::uint64_t>(nth));
      auto store = OpenOn(disk).value();
      EXPECT_TRUE(IsOk(Put(*store, kA, "before")));
      const int calls = disk.calls();
      disk.FailCall(nth, fault);
      const auto outcome = store->Transact(Context::Background(), [&](Transaction& transaction) {
        for (int i = 0; i < 8; ++i) {
          EXPECT_TRUE(IsOk(transaction.Put(kA.With(i), std::string(3000, 'v'))));
        }
        return transaction.Put(kA, "after");
      });
      const bool struck = disk.calls() - calls > nth;
      disk.Heal();
      store.reset();
      disk.CutPower();
      store = OpenOn(disk).value();
      const std::string value = Read(*store, kA);
      const auto others =
          store->Read(Context::Background()).value()->Scan(kA.With(0)).value().size() +
          store->Read(Context::Background()).value()->Scan(kA.With(7)).value().size();
      EXPECT_TRUE(value == "after" || (value == "before" && !outcome)) << value;
      EXPECT_EQ(others, value == "after" ? 2U : 0U);
      EXPECT_TRUE(IsOk(Put(*store, kA, "goes on")));
      if (!struck) break;
    }
  }
}

TEST(SqliteFaults, AFailedFlushSaysThatTheOutcomeIsUnknownAndTheStoreGoesOn) {
  FaultyDisk disk(1);
  const auto store = OpenOn(disk).value();
  disk.FailCall(0, Fault::kSyncError);
  const auto failed = Put(*store, kA, "1");
  ASSERT_EQ(CodeOf(failed), ErrorCode::kUnavailable);
  EXPECT_NE(failed.error().message.find("outcome of the transaction is unknown"),
            std::string::npos);
  EXPECT_EQ(Put(*store, kA, "2").value(), 1);
  EXPECT_EQ(Read(*store, kA), "2");
}

TEST(SqliteFaults, AFullDiskIsExhaustedAndTheStoreGoesOnOnceThereIsRoom) {
  FaultyDisk disk(1);
  const auto store = OpenOn(disk).value();
  EXPECT_TRUE(IsOk(Put(*store, kA, "1")));
  disk.FillDisk(0);
  EXPECT_EQ(CodeOf(Put(*store, kA, std::string(100'000, 'v'))), ErrorCode::kExhausted);
  EXPECT_EQ(Read(*store, kA), "1");
  disk.FillDisk(-1);
  EXPECT_EQ(Put(*store, kA, "2").value(), 2);
}

TEST(SqliteFaults, ATransactionTooBigForTheDiskDoesNotFailTheOnesBesideIt) {
  FaultyDisk disk(1);
  const auto store = OpenOn(disk).value();
  EXPECT_TRUE(IsOk(Put(*store, kA, "1")));
  disk.FillDisk(1'000'000);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      const bool big = i % 8 == 0;
      const auto outcome =
          store->Transact(Context::Background(), [&](Transaction& transaction) -> Status {
            for (int part = 0; part < (big ? 10 : 1); ++part) {
              RETURN_IF_ERROR(
                  transaction.Put(kA.With(i).With(part), std::string(big ? 1'000'000 : 10, 'v')));
            }
            return Ok();
          });
      if (big) {
        EXPECT_EQ(CodeOf(outcome), ErrorCode::kExhausted);
      } else {
        EXPECT_TRUE(IsOk(outcome));
      }
    });
  }
}

TEST(SqliteFaults, ARottenFileIsCorrupt) {
  FaultyDisk disk(1);
  {
    const auto store = OpenOn(disk).value();
    for (int i = 0; i < 200; ++i) EXPECT_TRUE(IsOk(Put(*store, kA.With(i), std::string(500, 'v'))));
  }
  ASSERT_GT(disk.SizeOf(kPath), 50'000U);
  for (std::size_t page = 1; page < disk.SizeOf(kPath) / 4096; ++page) {
    disk.FlipBit(kPath, page * 4096);  // the kind of a b-tree page
  }
  const auto store = OpenOn(disk);
  EXPECT_EQ(CodeOf(store), ErrorCode::kCorrupt);
}

TEST(SqliteFaults, AFileThatIsNoDatabaseIsCorrupt) {
  FaultyDisk disk(1);
  disk.Place(kPath, std::string(10'000, 'x'));
  EXPECT_EQ(CodeOf(OpenOn(disk)), ErrorCode::kCorrupt);
}

TEST(SqliteFaults, ADiskThatCannotBeWrittenIsNamed) {
  FaultyDisk disk(1);
  EXPECT_TRUE(IsOk(Put(*OpenOn(disk).value(), kA, "1")));
  disk.MakeReadOnly();
  const auto refused = OpenOn(disk);
  ASSERT_EQ(CodeOf(refused), ErrorCode::kDenied);
  EXPECT_NE(refused.error().message.find(kPath), std::string::npos);
}

// Runs SQL on a database file behind the store's back.
void Tamper(const std::filesystem::path& path, const char* sql) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
}

TEST(SqliteFaults, ADatabaseOfANewerWeirIsRefused) {
  const TempDir dir;
  OpenSqliteStore(dir / "control.db").value().reset();
  Tamper(dir / "control.db", "PRAGMA user_version = 999");
  const auto refused = OpenSqliteStore(dir / "control.db");
  ASSERT_EQ(CodeOf(refused), ErrorCode::kUnimplemented);
  EXPECT_NE(refused.error().message.find("schema 999"), std::string::npos);
}

TEST(SqliteFaults, ADatabaseOfAnotherProgramIsRefusedAndLeftAlone) {
  const TempDir dir;
  Tamper(dir / "control.db", "CREATE TABLE theirs(x)");
  EXPECT_EQ(CodeOf(OpenSqliteStore(dir / "control.db")), ErrorCode::kInvalid);
  Tamper(dir / "control.db", "INSERT INTO theirs VALUES (1)");
}

TEST(SqliteFaults, AMissingDirectoryIsNamed) {
  const TempDir dir;
  const auto refused = OpenSqliteStore(dir / "missing/control.db");
  ASSERT_EQ(CodeOf(refused), ErrorCode::kNotFound);
  EXPECT_NE(refused.error().message.find("missing"), std::string::npos);
}

}  // namespace
}  // namespace weir::control
