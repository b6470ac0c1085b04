#include "catalog/cache_keeper.h"

#include <gtest/gtest.h>

#include <thread>

#include "catalog/testing/table_home.h"
#include "datasets/history.h"

namespace weir::catalog {
namespace {

constexpr const char* kRows =
    "SELECT 0::INTEGER AS op, TIMESTAMPTZ '2026-01-01' AS event_time, range AS id FROM range(10)";

bool IsKept(TableHome& home, const odf::DatasetId& id) {
  const auto chain = home.chains().Read(home.home().context(), id).value().chain;
  const datasets::ReadPoint point{.head = *chain.head, .sequence_number = chain.sequence_number};
  return home.states().Read(home.home().context(), id, point, {"id"}).value().is_state;
}

bool BecomesKept(TableHome& home, const odf::DatasetId& id) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!IsKept(home, id) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  return IsKept(home, id);
}

struct Keeping {
  std::unique_ptr<datasets::Packer> packer;
  std::unique_ptr<CacheKeeper> keeper;

  void reset() { keeper.reset(); }
};

Keeping Start(TableHome& home, Logger& log, CacheKeeperOptions options) {
  Keeping keeping;
  keeping.packer = std::make_unique<datasets::Packer>(home.chains(), home.home().packs(),
                                                      engine::EngineOptions{.threads = 1},
                                                      datasets::PackLimits{.least_slices = 4});
  options.parts = {&home.states(), &home.home().packs()};
  keeping.keeper =
      CacheKeeper::Start(home.chains(), home.states(), *keeping.packer, log, options).value();
  return keeping;
}

Keeping Start(TableHome& home, Logger& log, std::chrono::milliseconds first_look) {
  return Start(home, log, CacheKeeperOptions{.first_look = first_look});
}

std::size_t FilesOf(TableHome& home, const odf::DatasetId& id) {
  const auto record = home.chains().Read(home.home().context(), id).value();
  return datasets::HistoryOf(home.home().context(), home.chains(), id, record)
      .value()
      ->files.size();
}

template <typename Condition>
bool Becomes(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  return condition();
}

TEST(CacheKeeper, PacksWhatIsCommittedInManySmallSlices) {
  TableHome home;
  const auto log = Logger::Silent();
  const auto plain = home.Create("plain", Appending());
  for (int i = 1; i <= 6; ++i) home.Add(plain, kRows, i);
  const auto keeping = Start(home, *log, std::chrono::milliseconds(0));
  EXPECT_TRUE(Becomes([&] { return FilesOf(home, plain) == 1; }));
  EXPECT_EQ(home.Query("SELECT count(*), sum(id) FROM plain").value(), "60 270\n");
}

TEST(CacheKeeper, PacksNothingWithoutAShareOfACore) {
  TableHome home;
  const auto log = Logger::Silent();
  const auto keyed = home.Create("keyed", UpsertById());
  for (int i = 1; i <= 6; ++i) home.Add(keyed, kRows, i);
  const auto keeping =
      Start(home, *log, CacheKeeperOptions{.packing_percent = 0, .first_look = {}});
  EXPECT_TRUE(BecomesKept(home, keyed));
  EXPECT_EQ(FilesOf(home, keyed), 6U);
}

TEST(CacheKeeper, EvictsWhatIsTooMuch) {
  TableHome home;
  const auto log = Logger::Silent();
  const auto plain = home.Create("plain", Appending());
  for (int i = 1; i <= 6; ++i) home.Add(plain, kRows, i);
  datasets::Packer(home.chains(), home.home().packs(), {})
      .PackAll(home.home().context(), plain, {})
      .value();
  ASSERT_EQ(FilesOf(home, plain), 1U);
  const auto keeping = Start(
      home, *log, CacheKeeperOptions{.packing_percent = 0, .most_bytes = 10, .first_look = {}});
  EXPECT_TRUE(Becomes([&] { return home.home().packs().Entries().value().empty(); }));
  EXPECT_EQ(FilesOf(home, plain), 6U);
  EXPECT_EQ(home.Query("SELECT count(*) FROM plain").value(), "60\n");
}

TEST(CacheKeeper, KeepsTheStateOfWhatIsCommitted) {
  TableHome home;
  const auto log = Logger::Silent();
  const auto keeping = Start(home, *log, std::chrono::milliseconds(0));
  const auto keyed = home.Create("keyed", UpsertById());
  const auto plain = home.Create("plain", Appending());
  home.Add(plain, kRows, 1);
  home.Add(keyed, kRows, 1);
  EXPECT_TRUE(BecomesKept(home, keyed));
  EXPECT_FALSE(IsKept(home, plain));
}

TEST(CacheKeeper, KeepsTheStateOfWhatWasCommittedBeforeItStarted) {
  TableHome home;
  const auto keyed = home.Create("keyed", UpsertById());
  home.Add(keyed, kRows, 1);
  const auto log = Logger::Silent();
  const auto keeping = Start(home, *log, std::chrono::milliseconds(0));
  EXPECT_TRUE(BecomesKept(home, keyed));
}

TEST(CacheKeeper, EndsWhileItStillWaitsForItsFirstLook) {
  TableHome home;
  const auto keyed = home.Create("keyed", UpsertById());
  home.Add(keyed, kRows, 1);
  const auto log = Logger::Silent();
  Start(home, *log, std::chrono::hours(1)).reset();
  EXPECT_FALSE(IsKept(home, keyed));
}

}  // namespace
}  // namespace weir::catalog
