// Goal: a store behaves as a std::map with a history, whatever is done to it. Method: random
// transactions, reads, reopenings and watches, each compared with the map.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <optional>

#include "control/testing/conformance.h"

namespace weir::control {
namespace {

struct Value {
  std::string bytes;
  Revision revision = 0;
};
using Model = std::map<Key, Value>;

struct Write {
  Key key;
  std::optional<std::string> value;  // none: delete
};

// Few keys of two spaces, some of which continue others.
rc::Gen<Key> AnyKey() {
  return rc::gen::map(rc::gen::pair(rc::gen::inRange(0, 2), rc::gen::inRange(0, 8)),
                      [](const std::pair<int, int>& pick) {
                        const Key space(pick.first == 0 ? "things" : "others");
                        const Key first = space.With(pick.second / 2);
                        return pick.second % 2 == 0 ? first : first.With("more");
                      });
}

rc::Gen<Write> AnyWrite() {
  const auto value = rc::gen::maybe(rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
  return rc::gen::map(rc::gen::pair(AnyKey(), value), [](const auto& pick) {
    return Write{pick.first, pick.second ? std::optional(*pick.second) : std::nullopt};
  });
}

std::string Shown(const Model& model) {
  std::string shown;
  for (const auto& [key, value] : model) {
    shown += fmt::format("{}={}@{} ", key.ToString(), value.bytes.size(), value.revision);
    shown += value.bytes;
  }
  return shown;
}

class ModelConformance : public StoreConformance {
 protected:
  /// Runs `writes` as one transaction, in the store and in the model.
  void Apply(const std::vector<Write>& writes, bool fails) {
    Model after = model_;
    const Revision next = revision_ + 1;
    const auto outcome = store().Transact(Soon(), [&](Transaction& transaction) -> Status {
      after = model_;
      for (const Write& write : writes) {
        if (write.value) {
          RETURN_IF_ERROR(transaction.Put(write.key, *write.value));
          after[write.key] = {*write.value, next};
        } else {
          RETURN_IF_ERROR(transaction.Delete(write.key));
          after.erase(write.key);
        }
      }
      RC_ASSERT(Shown(ModelOf(transaction)) == Shown(after));
      return fails ? Status(Denied("rolled back")) : Ok();
    });
    RC_ASSERT(outcome.has_value() != fails);
    if (fails) return;
    Remember(after, next);
    RC_ASSERT(outcome.value() == revision_);
  }

  void Remember(const Model& after, Revision next) {
    std::string changes;
    Model all = model_;
    all.insert(after.begin(), after.end());
    for (const auto& [key, unused] : all) {
      const auto found = after.find(key);
      if (found == after.end()) {
        changes += fmt::format("-{}@{} ", key.ToString(), next);
      } else if (found->second.revision == next) {
        changes += fmt::format("+{}={}@{} ", key.ToString(), found->second.bytes.size(), next);
      }
    }
    if (changes.empty()) return;
    history_ += changes;
    revision_ = next;
    model_ = after;
  }

  static Model ModelOf(Snapshot& snapshot) {
    Model model;
    for (const char* space : {"things", "others"}) {
      const auto entries = snapshot.Scan(Key(space)).value();
      for (const Entry& entry : entries) model[entry.key] = {entry.value, entry.revision};
    }
    return model;
  }

  /// Pages of a scan, up or down, are the model's keys in that order.
  void CheckPages(const Key& prefix, std::size_t limit, bool reverse) {
    std::vector<Key> wanted;
    for (const auto& [key, unused] : model_) {
      if (prefix.IsPrefixOf(key)) wanted.push_back(key);
    }
    if (reverse) std::reverse(wanted.begin(), wanted.end());
    const auto snapshot = store().Read(Soon()).value();
    std::vector<Key> found;
    ScanOptions options{.limit = limit, .reverse = reverse};
    while (true) {
      const auto page = snapshot->Scan(prefix, options).value();
      RC_ASSERT(page.size() <= limit);
      if (page.empty()) break;
      for (const Entry& entry : page) found.push_back(entry.key);
      options.after = page.back().key;
    }
    RC_ASSERT(found == wanted);
  }

  /// A watcher of everything that `from` the beginning has seen every change.
  void CheckHistory() {
    std::string history;
    for (const char* space : {"others", "things"}) {
      const auto watcher = store().Watch(Key(space), 0).value();
      while (true) {
        const auto events = watcher->Poll(3).value();
        if (events.empty()) break;
        for (const WatchEvent& event : events) Collect(event);
      }
    }
    for (auto& [revision, changes] : seen_) history += changes;
    seen_.clear();
    EXPECT_EQ(history, history_);
  }

  void Collect(const WatchEvent& event) {
    if (event.kind == WatchEvent::Kind::kBookmark) return;
    const std::string name = event.key->ToString();
    seen_[event.revision] +=
        event.kind == WatchEvent::Kind::kPut
            ? fmt::format("+{}={}@{} ", name, event.value.size(), event.revision)
            : fmt::format("-{}@{} ", name, event.revision);
  }

  void RunStep() {
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
        Reopen();
        break;
      case 1:
        CheckPages(*AnyKey(), *rc::gen::inRange<std::size_t>(1, 4), *rc::gen::arbitrary<bool>());
        break;
      case 2:
        CheckPages(Key("things"), *rc::gen::inRange<std::size_t>(1, 4),
                   *rc::gen::arbitrary<bool>());
        break;
      default:
        Apply(*rc::gen::resize(5, rc::gen::container<std::vector<Write>>(AnyWrite())),
              *rc::gen::inRange(0, 4) == 0);
    }
  }

  Model model_;
  Revision revision_ = 0;
  std::string history_;  // of all changes
  std::map<Revision, std::string> seen_;
};
WEIR_INSTANTIATE_FOR_EVERY_DATABASE(ModelConformance);

TEST_P(ModelConformance, BehavesAsAMapWithAHistory) {
  const int steps = GetParam() == Database::kSqlite ? 6 : 2;
  // One store for all rounds, since a database takes longer to make than a round to run.
  const bool held = rc::check("a store is a map with a history", [&] {
    for (int step = 0; step < steps; ++step) RunStep();
    RC_ASSERT(Shown(ModelOf(*store().Read(Soon()).value())) == Shown(model_));
    RC_ASSERT(store().revision() == revision_);
  });
  EXPECT_TRUE(held);
  CheckHistory();
}

}  // namespace
}  // namespace weir::control
