// What docs/formats/control-keys.md and control-store.md say of the bytes. Where these fail, either
// the format changed, and needs a new number and a migration, or the page is wrong.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"

namespace weir::control {
namespace {

using std::string_literals::operator""s;

std::string Big(std::uint64_t number) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

TEST(ControlFormats, AKeyIsEncodedAsItsPageSays) {
  EXPECT_EQ(Key("s").With("public").With(7).tuple(), "\x02public\0\x01\x80\0\0\0\0\0\0\x07"s);
  EXPECT_EQ(Key("s").With(-1).tuple(), "\x01\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s);
  EXPECT_EQ(Key("s").With("a\0b"s).tuple(), "\x02"s + "a\0\xFF"s + "b\0"s);
  EXPECT_EQ(Key("s").With("a").TupleEnd(), "\x02"s + "a\0\xFF"s);
}

TEST(ControlFormats, TheStoresOwnRecordsAreAsTheirPageSays) {
  const TempDir dir;
  FakeClock clock;
  const auto store = OpenSqliteStore(dir / "control.db", {}, clock).value();
  const Context context = Context::Background();
  ASSERT_TRUE(IsOk(store->Acquire(context, "gc", "anna", std::chrono::seconds(1))));
  ASSERT_TRUE(IsOk(store->Transact(
      context, [](Transaction& transaction) { return transaction.Emit("flows", "a"); })));
  ASSERT_TRUE(IsOk(store->AcknowledgeOutbox(context, "flows", "worker", 1)));
  const auto snapshot = store->Read(context).value();
  const auto lease = snapshot->Get(Key("control").With("lease").With("gc")).value();
  const auto end = clock.Now() + std::chrono::seconds(1);
  EXPECT_EQ(lease->value, Big(1) + Big(static_cast<std::uint64_t>(end.time_since_epoch().count())) +
                              Big(4) + "anna");
  const Key consumer = Key("control").With("consumer").With("flows").With("worker");
  EXPECT_EQ(snapshot->Get(consumer).value()->value, Big(1));
}

// One row of text for each row of the answer.
std::string Ask(const std::filesystem::path& path, const char* sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  std::string answer;
  const auto add = [](void* out, int columns, char** values, char**) {
    for (int i = 0; i < columns; ++i) {
      *static_cast<std::string*>(out) +=
          (i > 0 ? "|" : "") + std::string(values[i] ? values[i] : "");
    }
    *static_cast<std::string*>(out) += "\n";
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql, add, &answer, nullptr), SQLITE_OK);
  sqlite3_close(database);
  return answer;
}

TEST(ControlFormats, TheTablesAreAsTheirPageSays) {
  const TempDir dir;
  FakeClock clock;
  const Context context = Context::Background();
  {
    const auto store = OpenSqliteStore(dir / "control.db", {}, clock).value();
    for (const char* name : {"a", "b"}) {
      ASSERT_TRUE(IsOk(store->Transact(context, [&](Transaction& transaction) -> Status {
        RETURN_IF_ERROR(transaction.Put(Key("things").With(name), "value"));
        RETURN_IF_ERROR(transaction.Delete(Key("things").With("a")));
        RETURN_IF_ERROR(transaction.Put(Key("things").With(1), "one"));
        return transaction.Emit("flows", name);
      })));
    }
  }
  const auto path = dir / "control.db";
  const std::string now = std::to_string(clock.Now().time_since_epoch().count());
  EXPECT_EQ(Ask(path, "PRAGMA application_id"), "1464158546\n");
  EXPECT_EQ(Ask(path, "PRAGMA user_version"), "1\n");
  EXPECT_EQ(Ask(path, "SELECT space, hex(tuple), value, revision FROM entries"),
            "things|018000000000000001|one|2\nthings|026200|value|2\n");
  EXPECT_EQ(Ask(path, "SELECT * FROM commits"), "1|" + now + "|1|18\n2|" + now + "|2|32\n");
  EXPECT_EQ(Ask(path, "SELECT id, space, hex(tuple), value FROM changes"),
            "1048576|things|018000000000000001|one\n"
            "2097152|things|018000000000000001|one\n2097153|things|026200|value\n");
  EXPECT_EQ(Ask(path, "SELECT * FROM outbox"),
            "1|flows|1|" + now + "|a\n2|flows|2|" + now + "|b\n");
  EXPECT_EQ(Ask(path, "SELECT * FROM state"), "0|2|0|2|3|50\n");
}

}  // namespace
}  // namespace weir::control
