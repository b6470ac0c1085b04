#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fmt/format.h>

#include <array>
#include <map>
#include <random>
#include <string>

#include "pipelines/revert/testing/revert_home.h"

// Goal: whatever was loaded, a revert to any block gives the rows that were there, and one of a
// single block either refuses or is as if the block had never been. Method: random loads with few
// keys, reverts among them; each state is written down when it is made, and compared later.

namespace weir::pipelines {
namespace {

constexpr auto kMerges = std::to_array<const char*>({
    R"({"kind": "Append"})",
    R"({"kind": "Ledger", "primaryKey": ["k"]})",
    R"({"kind": "Snapshot", "primaryKey": ["k"]})",
    R"({"kind": "UpsertStream", "primaryKey": ["k"]})",
    R"({"kind": "ChangelogStream", "primaryKey": ["k"]})",
});

class World {
 public:
  World(std::size_t merge, bool has_time, std::uint32_t seed)
      : has_op_(merge >= 3), has_time_(has_time), home_(Source(merge)), random_(seed) {
    states_[home_.head()] = "";
  }

  void Load() {
    const auto pushed = home_.Push(RandomRows());
    if (!pushed) RC_FAIL(pushed.error().message);
    states_[home_.head()] = home_.State();
  }

  void RevertToAny() {
    auto state = states_.begin();
    std::advance(state, random_() % states_.size());
    const auto reverted = home_.RevertTo(state->first);
    if (!reverted) RC_FAIL(reverted.error().message);
    if (home_.State() != state->second) {
      RC_FAIL(fmt::format("reverted to block {}, then:\n{}now:\n{}history:\n{}", state->first,
                          state->second, home_.State(), home_.home().Rows()));
    }
    states_[home_.head()] = home_.State();
  }

  // The newest block can always be undone, and undoing it twice is not.
  void UndoTheNewest() {
    const std::uint64_t newest = home_.head();
    const auto known = states_.find(newest);
    if (known == states_.end() || known == states_.begin()) return;
    if (home_.home().record().chain.last_offset == std::nullopt) return;
    const auto undone = home_.RevertOnly(newest);
    if (!undone) RC_FAIL(undone.error().message);
    RC_ASSERT(home_.State() == std::prev(known)->second);
    states_[home_.head()] = home_.State();
  }

 private:
  std::string Source(std::size_t merge) const {
    return fmt::format(
        R"({{"read": {{"kind": "NdJson", "ddlSchema": [{}{}"k INT", "v DOUBLE"]}}, "merge": {}}})",
        has_op_ ? R"("op INT", )" : "", has_time_ ? R"("event_time TIMESTAMP", )" : "",
        kMerges[merge]);
  }

  std::string RandomRows() {
    constexpr auto kValues = std::to_array<const char*>({"0.1", "-0.0", "0", "null", "7", "1e300"});
    std::string rows;
    for (unsigned i = 0, count = 1 + random_() % 5; i < count; ++i) {
      const std::string op = has_op_ ? fmt::format("\"op\": {}, ", random_() % 3 == 0 ? 1 : 0) : "";
      const std::string time =
          has_time_ ? fmt::format("\"event_time\": \"2020-01-0{}T00:00:00Z\", ", 1 + random_() % 3)
                    : "";
      rows += fmt::format("{{{}{}\"k\": {}, \"v\": {}}}\n", op, time, random_() % 5,
                          kValues[random_() % kValues.size()]);
    }
    return rows;
  }

  const bool has_op_;
  const bool has_time_;
  RevertHome home_;
  std::mt19937 random_;
  std::map<std::uint64_t, std::string> states_;  // by the block that made them
};

TEST(RevertModel, RevertingToABlockGivesTheRowsThatWereThere) {
  EXPECT_TRUE(rc::check([](std::uint32_t seed) {
    World world(seed % kMerges.size(), seed % 2 == 0, seed);
    std::mt19937 random(seed);
    for (int step = 0; step < 8; ++step) {
      switch (random() % 4) {
        case 0:
          world.RevertToAny();
          break;
        case 1:
          world.UndoTheNewest();
          break;
        default:
          world.Load();
      }
    }
    world.RevertToAny();
  }));
}

}  // namespace
}  // namespace weir::pipelines
