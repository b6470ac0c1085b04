// What the store over PostgreSQL does when its server restarts, falls silent, or is shared.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"
#include "control/postgres_store.h"
#include "control/testing/cutting_proxy.h"
#include "control/testing/postgres_server.h"

namespace weir::control {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Key kA = Key("things").With("a");

class PostgresFaults : public testing::Test {
 protected:
  PostgresFaults() {
    static int schemas = 0;
    schema_ = "faults_" + std::to_string(++schemas);
  }

  static Context Soon() { return Context::Background().WithTimeout(seconds(30)); }

  PostgresStoreOptions OptionsFor(const std::string& conninfo) const {
    return {.backend = {.connection = {.conninfo = conninfo, .schema = schema_}}};
  }
  Result<std::unique_ptr<Store>> Open(const Clock& clock = SystemClock()) const {
    return OpenPostgresStore(OptionsFor(PostgresServer::Shared().conninfo()), clock);
  }
  /// A session beside the store's.
  std::unique_ptr<PostgresConnection> Connect() const {
    return PostgresConnection::Open(
               OptionsFor(PostgresServer::Shared().conninfo()).backend.connection)
        .value();
  }

  static Result<Revision> Put(Store& store, const Key& key, const std::string& value) {
    return store.Transact(Soon(),
                          [&](Transaction& transaction) { return transaction.Put(key, value); });
  }
  static std::string Read(Store& store, const Key& key) {
    const auto entry = store.Read(Soon()).value()->Get(key).value();
    return entry ? entry->value : "(none)";
  }

  std::string schema_;
};

TEST_F(PostgresFaults, ProcessesThatShareAStoreTakeTurns) {
  const auto one = Open().value();
  const auto two = Open().value();
  const auto increment = [](Transaction& transaction) -> Status {
    ASSIGN_OR_RETURN(const auto entry, transaction.Get(kA));
    return transaction.Put(kA, std::to_string(entry ? std::stoi(entry->value) + 1 : 1));
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      Store& store = i % 2 == 0 ? *one : *two;
      threads.emplace_back([&] {
        for (int round = 0; round < 25; ++round) {
          EXPECT_TRUE(IsOk(store.Transact(Soon(), increment)));
        }
      });
    }
  }
  EXPECT_EQ(Read(*one, kA), "100");
  EXPECT_EQ(Read(*two, kA), "100");
  EXPECT_EQ(one->Read(Soon()).value()->revision(), 100);
}

TEST_F(PostgresFaults, AWatcherHearsWhatEveryProcessCommitsOnceAndInOrder) {
  const auto one = Open().value();
  const auto two = Open().value();
  const auto watcher = one->Watch(Key("things"), 0).value();
  std::jthread writer([&] {
    for (int i = 0; i < 40; ++i) {
      EXPECT_TRUE(IsOk(Put(i % 3 == 0 ? *one : *two, kA, std::to_string(i))));
    }
  });
  Revision last = 0;
  while (last < 40) {
    const std::vector<WatchEvent> events = watcher->Next(Soon(), 10).value();
    ASSERT_FALSE(events.empty());
    for (const WatchEvent& event : events) {
      EXPECT_EQ(event.revision, last + 1);
      EXPECT_EQ(event.value, std::to_string(last));
      last = event.revision;
    }
  }
}

TEST_F(PostgresFaults, ALeaseIsHeldAgainstOtherProcesses) {
  FakeClock clock;
  const auto one = Open(clock).value();
  const auto two = Open(clock).value();
  const Lease old = one->Acquire(Soon(), "gc", "one", seconds(10)).value();
  EXPECT_EQ(CodeOf(two->Acquire(Soon(), "gc", "two", seconds(10))), ErrorCode::kConflict);
  clock.Advance(seconds(10));
  EXPECT_EQ(two->Acquire(Soon(), "gc", "two", seconds(10)).value().epoch, 2);
  const auto fenced =
      one->Transact(Soon(), [&](Transaction& transaction) { return transaction.Fence(old); });
  EXPECT_EQ(CodeOf(fenced), ErrorCode::kConflict);
}

TEST_F(PostgresFaults, GoesOnAfterTheServerWasKilledAndRestarted) {
  const auto server = PostgresServer::Start().value();
  const auto store = OpenPostgresStore(OptionsFor(server->conninfo())).value();
  const auto watcher = store->Watch(Key("things"), 0).value();
  EXPECT_TRUE(IsOk(Put(*store, kA, "1")));
  server->Kill();
  EXPECT_EQ(CodeOf(Put(*store, kA, "2")), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(store->Read(Soon())), ErrorCode::kUnavailable);
  ASSERT_TRUE(IsOk(server->Restart()));
  EXPECT_EQ(Read(*store, kA), "1");
  EXPECT_EQ(Put(*store, kA, "3").value(), 2);
  std::string seen;
  while (seen.size() < 2) {
    const std::vector<WatchEvent> events = watcher->Next(Soon(), 10).value();
    ASSERT_FALSE(events.empty());
    for (const WatchEvent& event : events) seen += event.value;
  }
  EXPECT_EQ(seen, "13");
}

TEST_F(PostgresFaults, ACommitWhoseAnswerWasLostIsFoundOut) {
  CuttingProxy proxy(PostgresServer::Shared().socket_directory());
  const auto store = OpenPostgresStore(OptionsFor(proxy.conninfo())).value();
  EXPECT_TRUE(IsOk(Put(*store, kA, "1")));
  proxy.CutNext(CuttingProxy::Cut::kAfterCommit);
  EXPECT_EQ(Put(*store, kA, "2").value(), 2);
  EXPECT_EQ(Read(*store, kA), "2");
  EXPECT_EQ(Put(*store, kA, "3").value(), 3);
}

TEST_F(PostgresFaults, ACommitThatTheServerNeverHeardIsReportedAsNone) {
  CuttingProxy proxy(PostgresServer::Shared().socket_directory());
  const auto store = OpenPostgresStore(OptionsFor(proxy.conninfo())).value();
  EXPECT_TRUE(IsOk(Put(*store, kA, "1")));
  proxy.CutNext(CuttingProxy::Cut::kBeforeCommit);
  const auto lost = Put(*store, kA, "2");
  ASSERT_EQ(CodeOf(lost), ErrorCode::kUnavailable);
  EXPECT_NE(lost.error().message.find("nothing was committed"), std::string::npos);
  EXPECT_EQ(Read(*store, kA), "1");
  EXPECT_EQ(Put(*store, kA, "3").value(), 2);
}

TEST_F(PostgresFaults, ACommitThatNobodyCanTellOfIsReportedAsUnknown) {
  CuttingProxy proxy(PostgresServer::Shared().socket_directory());
  PostgresStoreOptions options = OptionsFor(proxy.conninfo());
  options.backend.outcome_timeout = milliseconds(200);
  const auto store = OpenPostgresStore(options).value();
  EXPECT_TRUE(IsOk(Put(*store, kA, "1")));
  proxy.CutNext(CuttingProxy::Cut::kAfterCommit);
  proxy.Close(true);
  const auto lost = Put(*store, kA, "2");
  ASSERT_EQ(CodeOf(lost), ErrorCode::kUnavailable);
  EXPECT_NE(lost.error().message.find("outcome is unknown"), std::string::npos);
  proxy.Close(false);
  EXPECT_EQ(Read(*store, kA), "2");
}

TEST_F(PostgresFaults, DoesNotWaitForEverForAnotherWriter) {
  PostgresStoreOptions options = OptionsFor(PostgresServer::Shared().conninfo());
  options.backend.connection.statement_timeout = milliseconds(200);
  const auto store = OpenPostgresStore(options).value();
  EXPECT_TRUE(IsOk(Put(*store, kA, "1")));
  const auto other = Connect();
  EXPECT_TRUE(IsOk(other->Execute("BEGIN; SELECT * FROM state FOR UPDATE")));
  const auto refused = Put(*store, kA, "2");
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().code == ErrorCode::kUnavailable ||
              refused.error().code == ErrorCode::kDeadline);
  EXPECT_EQ(Read(*store, kA), "1");  // readers do not wait at all
  EXPECT_TRUE(IsOk(other->Execute("ROLLBACK")));
  EXPECT_TRUE(IsOk(Put(*store, kA, "3")));
}

TEST_F(PostgresFaults, MakingTheSameSchemaAtOnceMakesItOnce) {
  std::vector<std::future<bool>> opened;
  for (int i = 0; i < 6; ++i) {
    opened.push_back(std::async(std::launch::async, [&] { return Open().has_value(); }));
  }
  for (auto& one : opened) EXPECT_TRUE(one.get());
}

TEST_F(PostgresFaults, ASchemaOfANewerWeirIsRefused) {
  EXPECT_TRUE(IsOk(Open()));
  EXPECT_TRUE(IsOk(Connect()->Execute("UPDATE format SET version = 999")));
  const auto refused = Open();
  ASSERT_EQ(CodeOf(refused), ErrorCode::kUnimplemented);
  EXPECT_NE(refused.error().message.find("format 999"), std::string::npos);
}

TEST_F(PostgresFaults, ASchemaOfAnotherProgramIsRefused) {
  EXPECT_TRUE(
      IsOk(Connect()->Execute("CREATE SCHEMA " + schema_ + "; CREATE TABLE theirs(x int)")));
  EXPECT_EQ(CodeOf(Open()), ErrorCode::kInvalid);
}

TEST_F(PostgresFaults, NoErrorShowsThePassword) {
  for (const char* conninfo : {
           "postgres://weir:hunter2@127.0.0.1:1/weir?connect_timeout=2",  // nobody is there
           "postgres://weir:hunter2@",
           "host=localhost password=hunter2 nonsense",
           "postgres://weir:hunter2@host:port/weir",
       }) {
    const auto refused = OpenPostgresStore(OptionsFor(conninfo));
    ASSERT_FALSE(refused) << conninfo;
    EXPECT_EQ(refused.error().message.find("hunter2"), std::string::npos) << conninfo;
    EXPECT_EQ(refused.error().hint.find("hunter2"), std::string::npos) << conninfo;
  }
}

TEST_F(PostgresFaults, AServerThatIsNotThereOrRefusesUsIsNamed) {
  EXPECT_EQ(CodeOf(OpenPostgresStore(OptionsFor("postgres://127.0.0.1:1/weir"))),
            ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(OpenPostgresStore(OptionsFor("nonsense"))), ErrorCode::kInvalid);
  const std::string conninfo = PostgresServer::Shared().conninfo();
  EXPECT_EQ(CodeOf(OpenPostgresStore(OptionsFor(conninfo + "&user=nobody_we_know"))),
            ErrorCode::kDenied);
  PostgresStoreOptions options = OptionsFor(conninfo);
  options.backend.connection.schema = "Robert'); DROP";
  EXPECT_EQ(CodeOf(OpenPostgresStore(options)), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace weir::control
