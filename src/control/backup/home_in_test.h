#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "base/testing/fake_clock.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"
#include "control/testing/store_home.h"

namespace weir::backup {

/// Everything in a control store, line by line, so that a difference shows in a test's message.
using Dump = std::vector<std::string>;

inline std::string Line(std::string_view what, const control::Key& key, std::string_view value) {
  return fmt::format("{} {} = {}", what, key.ToString(), value);
}

inline Dump DumpEntries(control::View& view) {
  Dump dump;
  std::optional<control::Key> after;
  for (;;) {
    const auto entries = view.ReadEntries(after, 100).value();
    if (entries.empty()) return dump;
    for (const auto& entry : entries) {
      dump.push_back(Line("entry", entry.key, entry.value) + fmt::format(" @{}", entry.revision));
    }
    after = entries.back().key;
  }
}

inline Dump DumpEverything(control::View& view) {
  Dump dump = DumpEntries(view);
  const auto state = view.state();
  const auto commits = view.ReadCommits(0, state.revision).value();
  for (const auto& commit : commits) {
    dump.push_back(fmt::format("commit {} {}", commit->revision, FormatTimestamp(commit->time)));
    for (const auto& change : commit->changes) {
      dump.push_back(Line(change.value ? "put" : "delete", change.key,
                          change.value ? *change.value : std::string()));
    }
  }
  const auto events = view.ReadEvents(std::nullopt, 0, 1'000'000).value();
  for (const auto& event : events) {
    dump.push_back(fmt::format("event {} {} {} {} {}", event.position, event.revision,
                               FormatTimestamp(event.time), event.topic, event.payload));
  }
  dump.push_back(fmt::format("state {} {} {} {} {}", state.revision, state.floor, state.position,
                             state.log_changes, state.log_bytes));
  return dump;
}

/// What stands in the control store of a home that nobody has open.
inline Dump DumpEverything(const std::filesystem::path& database) {
  const auto backend = control::OpenSqliteBackend(database, {}).value();
  const auto view = backend->OpenView(Context::Background()).value();
  return DumpEverything(*view);
}

inline Dump DumpEntries(const std::filesystem::path& database) {
  const auto backend = control::OpenSqliteBackend(database, {}).value();
  const auto view = backend->OpenView(Context::Background()).value();
  return DumpEntries(*view);
}

/// A home with a control store, and a clock that each commit moves on by a second.
class HomeInTest {
 public:
  explicit HomeInTest(control::Retention retention = {},
                      control::Database database = control::Database::kSqlite)
      : store_home_(control::MakeHome(database)),
        store_(store_home_->Open({.retention = retention}, clock_).value()) {}

  /// Of its files; the store has a place of its own.
  std::filesystem::path path() const { return directory_.path(); }
  control::Store& store() { return *store_; }
  FakeClock& clock() { return clock_; }

  Dump Everything() {
    const auto snapshot = store_->Read(Context::Background()).value();
    return DumpEverything(dynamic_cast<control::View&>(*snapshot));
  }
  Dump Entries() {
    const auto snapshot = store_->Read(Context::Background()).value();
    return DumpEntries(dynamic_cast<control::View&>(*snapshot));
  }

  void Put(std::string_view key, std::string value) {
    Transact([&](control::Transaction& transaction) {
      return transaction.Put(control::Key("things").With(key), value);
    });
  }

  /// Entries things/0000 and so on, all in one commit.
  void PutMany(int count, std::size_t value_size = 200) {
    Transact([&](control::Transaction& transaction) -> Status {
      for (int i = 0; i < count; ++i) {
        RETURN_IF_ERROR(transaction.Put(KeyOf(i), ValueOf(i, value_size)));
      }
      return Ok();
    });
  }
  static control::Key KeyOf(int i) { return control::Key("things").With(fmt::format("{:04}", i)); }

  // Always the same for one `i`, and hard to compress.
  static std::string ValueOf(int i, std::size_t size) {
    std::string value(size, '\0');
    SeededRng(static_cast<std::uint64_t>(i))->Fill(std::as_writable_bytes(std::span(value)));
    return value;
  }

  template <typename Body>
  void Transact(const Body& body) {
    clock_.Advance(std::chrono::seconds(1));
    store_->Transact(Context::Background(), body).value();
  }

 private:
  TempDir directory_;
  FakeClock clock_;
  std::unique_ptr<control::StoreHome> store_home_;
  std::unique_ptr<control::Store> store_;
};

}  // namespace weir::backup
