#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"
#include "control/testing/store_home.h"

namespace weir::control {

/// What a store must do in whichever database: every TEST_P(StoreConformance, ...) runs once for
/// each.
class StoreConformance : public testing::TestWithParam<Database> {
 protected:
  StoreConformance() : home_(MakeHome(GetParam())), store_(home_->Open({}, clock_).value()) {}

  Store& store() { return *store_; }
  FakeClock& clock() { return clock_; }
  StoreHome& home() { return *home_; }

  void Reopen(const StoreOptions& options = {}) {
    store_.reset();
    store_ = home_->Open(options, clock_).value();
  }

  static Context Soon() { return Context::Background().WithTimeout(std::chrono::seconds(20)); }

  Result<Revision> Put(const Key& key, const std::string& value, Expect expect = {}) {
    return store().Transact(
        Soon(), [&](Transaction& transaction) { return transaction.Put(key, value, expect); });
  }
  Result<Revision> Delete(const Key& key, Expect expect = {}) {
    return store().Transact(
        Soon(), [&](Transaction& transaction) { return transaction.Delete(key, expect); });
  }
  Result<Revision> Emit(const std::string& topic, const std::string& payload) {
    return store().Transact(
        Soon(), [&](Transaction& transaction) { return transaction.Emit(topic, payload); });
  }

  /// The value of a key, or "(none)".
  std::string Read(const Key& key) {
    const auto entry = store().Read(Soon()).value()->Get(key).value();
    return entry ? entry->value : "(none)";
  }

  /// The last parts of the keys that a scan gives: "a b c".
  static std::string Names(const std::vector<Entry>& entries) {
    std::string names;
    for (const Entry& entry : entries) {
      const Key::Part part = entry.key.Parts().back();
      names += (names.empty() ? "" : " ") + std::get<std::string>(part);
    }
    return names;
  }

 private:
  FakeClock clock_;
  std::unique_ptr<StoreHome> home_;
  std::unique_ptr<Store> store_;
};

/// "+a=1@3" for a put of a at revision 3, "-a@4" for a delete, "@5" for a bookmark.
inline std::string Shown(const std::vector<WatchEvent>& events) {
  std::string shown;
  for (const WatchEvent& event : events) {
    if (!shown.empty()) shown += ' ';
    if (event.kind != WatchEvent::Kind::kBookmark) {
      shown += event.kind == WatchEvent::Kind::kPut ? "+" : "-";
      const std::string name = event.key->ToString();
      shown += name.substr(name.rfind('/') + 1);
    }
    if (event.kind == WatchEvent::Kind::kPut) shown += "=" + event.value;
    shown += "@" + std::to_string(event.revision);
  }
  return shown;
}

inline std::string NameOfDatabase(const testing::TestParamInfo<Database>& database) {
  return testing::PrintToString(database.param);
}

#define WEIR_INSTANTIATE_FOR_EVERY_DATABASE(Suite)                                           \
  INSTANTIATE_TEST_SUITE_P(, Suite, testing::Values(Database::kSqlite, Database::kPostgres), \
                           NameOfDatabase)

}  // namespace weir::control
