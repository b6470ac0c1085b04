#include "control/migrate.h"

#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"
#include "control/testing/conformance.h"
#include "control/testing/cutting_proxy.h"
#include "control/testing/postgres_server.h"
#include "control/testing/store_home.h"

namespace weir::control {
namespace {

using std::chrono::seconds;

const Context kContext = Context::Background();

// A store that has seen something of everything: more rows than a page, deletes, a trimmed log, an
// outbox with consumers, leases.
void Fill(Store& store) {
  const auto rng = SeededRng(7);
  for (int i = 0; i < 60; ++i) {
    ASSERT_TRUE(IsOk(store.Transact(kContext, [&](Transaction& transaction) -> Status {
      for (int j = 0; j < 10; ++j) {
        const auto number = static_cast<std::int64_t>(rng->Below(400));
        const Key key = Key(j % 3 == 0 ? "others" : "things").With(number);
        if (j == 5) {
          RETURN_IF_ERROR(transaction.Delete(key));
        } else {
          RETURN_IF_ERROR(transaction.Put(key, std::string(rng->Below(2000), 'v')));
        }
      }
      return transaction.Emit(i % 2 == 0 ? "flows" : "mail", std::to_string(i));
    })));
  }
  ASSERT_TRUE(IsOk(store.AcknowledgeOutbox(kContext, "flows", "worker", 21)));
  ASSERT_TRUE(IsOk(store.Acquire(kContext, "gc", "anna", seconds(60))));
}

class MigrateTest : public testing::Test {
 protected:
  MigrateTest() : from_(MakeHome(Database::kSqlite)), to_(MakeHome(Database::kPostgres)) {
    Fill(*Open(*from_));
  }

  std::unique_ptr<Store> Open(StoreHome& home) {
    return home.Open({.retention = {.changes = 400}}, clock_).value();
  }

  Result<Migration> Move(StoreHome& from, StoreHome& to) {
    const auto source = from.OpenBackend().value();
    const auto target = to.OpenBackend().value();
    return Migrate(kContext, *source, *target);
  }

  FakeClock clock_;
  std::unique_ptr<StoreHome> from_;
  std::unique_ptr<StoreHome> to_;
};

TEST_F(MigrateTest, MovesEverythingSoThatTheStoreGoesOn) {
  const Migration moved = Move(*from_, *to_).value();
  EXPECT_EQ(moved.revision, 60);
  EXPECT_GT(moved.entries, 128);
  EXPECT_EQ(moved.events, 49);
  EXPECT_LT(moved.commits, 60);

  const auto before = Open(*from_);
  const auto after = Open(*to_);
  EXPECT_EQ(after->revision(), 60);
  for (const char* space : {"things", "others", "control"}) {
    const auto wanted = before->Read(kContext).value()->Scan(Key(space)).value();
    const auto found = after->Read(kContext).value()->Scan(Key(space)).value();
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_EQ(found[i].key, wanted[i].key);
      EXPECT_EQ(found[i].value, wanted[i].value);
      EXPECT_EQ(found[i].revision, wanted[i].revision);
    }
  }
  EXPECT_EQ(Shown(after->Watch(Key("others"), 55).value()->Poll().value()),
            Shown(before->Watch(Key("others"), 55).value()->Poll().value()));
  EXPECT_EQ(CodeOf(after->Watch(Key("things"), 1)), ErrorCode::kExhausted);
  EXPECT_EQ(after->ReadOutbox(kContext, "flows", "worker", 100).value().front().position, 23);
  EXPECT_EQ(CodeOf(after->Acquire(kContext, "gc", "ben", seconds(60))), ErrorCode::kConflict);
  const auto next = after->Transact(
      kContext, [](Transaction& transaction) { return transaction.Emit("flows", "new"); });
  EXPECT_EQ(next.value(), 61);
}

TEST_F(MigrateTest, GoesBackToo) {
  const Migration there = Move(*from_, *to_).value();
  const auto home = MakeHome(Database::kSqlite);
  const Migration back = Move(*to_, *home).value();
  EXPECT_EQ(back.entries, there.entries);
  EXPECT_EQ(back.commits, there.commits);
  EXPECT_EQ(back.events, there.events);
}

TEST_F(MigrateTest, RefusesATargetThatIsNotEmpty) {
  EXPECT_TRUE(IsOk(Open(*to_)->Acquire(kContext, "gc", "ben", seconds(1))));
  EXPECT_EQ(CodeOf(Move(*from_, *to_)), ErrorCode::kAlreadyExists);
}

TEST_F(MigrateTest, AfterAFailureTheTargetIsEmptyAndItCanBeRunAgain) {
  const TempDir dir;
  { Fill(*OpenSqliteStore(dir / "control.db").value()); }
  CuttingProxy proxy(PostgresServer::Shared().socket_directory());
  const PostgresBackend::Options options{
      .connection = {.conninfo = proxy.conninfo(), .schema = "migrate_again"}};
  const auto source = OpenSqliteBackend(dir / "control.db", {}).value();
  const auto target = PostgresBackend::Open(options).value();
  proxy.CutNext(CuttingProxy::Cut::kBeforeCommit);
  EXPECT_EQ(CodeOf(Migrate(kContext, *source, *target)), ErrorCode::kUnavailable);
  EXPECT_EQ(target->OpenView(kContext).value()->state(), StoreState{});
  EXPECT_EQ(Migrate(kContext, *source, *target).value().revision, 60);
}

TEST_F(MigrateTest, RefusesAHomeThatIsInUseOrNotThere) {
  const TempDir dir;
  const auto store = OpenSqliteStore(dir / "control.db").value();
  const PostgresBackend::Options options{
      .connection = {.conninfo = PostgresServer::Shared().conninfo(), .schema = "migrate_busy"}};
  EXPECT_EQ(CodeOf(MigrateToPostgres(kContext, dir / "control.db", options)), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(MigrateToPostgres(kContext, dir / "other.db", options)), ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(dir / "other.db"));
}

// A target that loses a byte on the way, for once.
class LosingBackend final : public Backend {
 public:
  explicit LosingBackend(std::shared_ptr<Backend> real) : real_(std::move(real)) {}
  Result<std::unique_ptr<View>> OpenView(const Context& context) override {
    return real_->OpenView(context);
  }
  Result<std::unique_ptr<WriteSession>> BeginWrite() override;

 private:
  const std::shared_ptr<Backend> real_;
};

class LosingSession final : public WriteSession {
 public:
  explicit LosingSession(std::unique_ptr<WriteSession> real) : real_(std::move(real)) {}
  const StoreState& state() const override { return real_->state(); }
  Result<std::optional<Entry>> Get(const Key& key) override { return real_->Get(key); }
  Result<std::vector<Entry>> Scan(const Key& prefix, const ScanOptions& options) override {
    return real_->Scan(prefix, options);
  }
  Result<std::vector<Entry>> ReadEntries(const std::optional<Key>& after,
                                         std::size_t limit) override {
    return real_->ReadEntries(after, limit);
  }
  Result<std::vector<CommitInfo>> ListCommits(Revision after, std::size_t limit) override {
    return real_->ListCommits(after, limit);
  }
  Result<std::vector<CommitPtr>> ReadCommits(Revision after, Revision up_to) override {
    return real_->ReadCommits(after, up_to);
  }
  Result<std::vector<StoredEvent>> ReadEvents(const std::optional<std::string>& topic,
                                              std::int64_t after, std::size_t limit) override {
    ASSIGN_OR_RETURN(auto events, real_->ReadEvents(topic, after, limit));
    if (!events.empty()) events.back().payload += "!";
    return events;
  }
  Status Write(const BatchWrites& writes) override { return real_->Write(writes); }
  Status Commit() override { return real_->Commit(); }

 private:
  const std::unique_ptr<WriteSession> real_;
};

Result<std::unique_ptr<WriteSession>> LosingBackend::BeginWrite() {
  ASSIGN_OR_RETURN(auto session, real_->BeginWrite());
  return std::make_unique<LosingSession>(std::move(session));
}

TEST_F(MigrateTest, ComparesBeforeItCommits) {
  const auto source = from_->OpenBackend().value();
  LosingBackend target(to_->OpenBackend().value());
  EXPECT_EQ(CodeOf(Migrate(kContext, *source, target)), ErrorCode::kCorrupt);
  EXPECT_EQ(target.OpenView(kContext).value()->state(), StoreState{});
}

}  // namespace
}  // namespace weir::control
