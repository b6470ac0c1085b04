// A graph of derivatives whose update is cut off by a power cut or a full disk, with the working
// states that one process leaves to the next.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/testing/matchers.h"
#include "control/testing/faulty_disk.h"
#include "datasets/verify.h"
#include "pipelines/derive/testing/derive_home.h"
#include "tests/sim/seeds.h"

namespace weir::pipelines {
namespace {

constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "g STRING", "v DOUBLE"]}, "merge": {"kind": "Append"}})";
constexpr const char* kSnapshot = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "g STRING", "v DOUBLE"]}, "merge": {"kind": "Snapshot", "primaryKey": ["k"]}})";
constexpr const char* kUpsert = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "g STRING", "v DOUBLE"]}, "merge": {"kind": "UpsertStream", "primaryKey": ["k"]}})";

constexpr int kSteps = 3;
constexpr const char* kWorking = "/working";
constexpr std::size_t kWorkingBytes = 5'000;  // less than the graph needs: some go in the middle
constexpr std::uint8_t kEnd = 17;             // which comes from all others

// Roots 1 to 3 and derivatives of them down to the fourth generation, one of which is too large to
// be committed inside of a transaction.
class Graph {
 public:
  explicit Graph(control::FaultyDisk* disk)
      : home_({.working = kWorking, .working_bytes = kWorkingBytes}, disk) {
    home_.AddRoot(1, kAppend);
    home_.AddRoot(2, kSnapshot);
    home_.AddRoot(3, kUpsert);
    home_.AddDerivative(10, {{"a", 1}}, "SELECT k, g, v * 2 AS w FROM a WHERE v > 10");
    home_.AddDerivative(11, {{"t", 10}}, "SELECT g, count(*) AS n, sum(w) AS w FROM t GROUP BY g");
    home_.AddDerivative(12, {{"a", 1}, {"b", 2}},
                        "SELECT a.k, b.g AS h, a.v FROM a LEFT JOIN b ON a.k % 9 = b.k");
    home_.AddDerivative(13, {{"c", 3}, {"b", 2}},
                        "SELECT c.k, c.v FROM c ANTI JOIN b ON c.k = b.k AND c.v < b.v");
    home_.AddDerivative(14, {{"x", 11}, {"y", 12}},
                        "SELECT x.g, x.n, y.k FROM x JOIN y ON x.g = y.h");
    home_.AddDerivative(15, {{"b", 2}},
                        "SELECT b.k, i, md5(CAST(b.k * 10000 + i AS VARCHAR)) AS text "
                        "FROM b, (SELECT unnest(range(1500)) AS i) r");
    home_.AddDerivative(16, {{"x", 14}},
                        "SELECT g, rank() OVER (ORDER BY n, g, k) AS place FROM x");
    home_.AddDerivative(17, {{"d", 13}, {"e", 15}, {"f", 16}},
                        "SELECT 'd' AS part, count(*) AS n FROM d UNION ALL "
                        "SELECT text[1], count(*) FROM e GROUP BY 1 UNION ALL "
                        "SELECT g, max(place) FROM f GROUP BY 1");
    for (const std::uint8_t number : All()) home_.Name(number, fmt::format("dataset-{}", number));
  }

  static std::vector<std::uint8_t> All() { return {1, 2, 3, 10, 11, 12, 13, 14, 15, 16, kEnd}; }

  void Push(int step) {
    for (std::uint8_t root = 1; root <= 3; ++root) {
      std::string rows;
      for (int i = 0; i < 12; ++i) {
        rows += fmt::format("{{\"k\": {}, \"g\": \"{}\", \"v\": {}.25}}\n",
                            root == 1 ? step * 12 + i : (i + step * root) % 14,
                            "xyz"[(i * root + step) % 3], (i * 7 + step * 5 * root) % 30);
      }
      ASSERT_TRUE(IsOk(home_.Push(root, rows)));
    }
  }

  // Everything that writes; the first error of it.
  Status Update() {
    for (const PullOutcome& outcome : home_.PullAll()) {
      if (outcome.error) return *outcome.error;
    }
    RETURN_IF_ERROR(home_.RefreshStates({2, 3}));
    return home_.chains().PublishAll(Context::Background());
  }

  using Slices = std::map<int, std::vector<std::string>>;
  Slices Hashes() {
    Slices all;
    for (const std::uint8_t number : All()) all[number] = home_.Hashes(number);
    return all;
  }

  void ExpectWhole() {
    for (const std::uint8_t number : All()) {
      EXPECT_TRUE(IsOk(datasets::Verify(Context::Background(), home_.chains(),
                                        datasets::DatasetHome::IdOf(number))))
          << int{number};
    }
  }

  // Working states that are whole or not, and what is left of writing some.
  std::vector<std::string> WorkingFileNames() {
    std::vector<std::string> names;
    for (const std::filesystem::path& path : home_.files().Paths()) {
      if (path.string().starts_with(kWorking)) names.push_back(path.filename().string());
    }
    return names;
  }

  DeriveHome& home() { return home_; }

 private:
  DeriveHome home_;
};

// What a graph is after each step when nothing happens, and how many calls that takes. Every step
// is computed again at the end, so that these are the slices that recomputation gives.
struct Undisturbed {
  std::vector<Graph::Slices> slices;
  int file_calls = 0;
  int disk_calls = 0;

  static const Undisturbed& Run() {
    static const Undisturbed run = [] {
      Undisturbed made;
      control::FaultyDisk disk(1);
      Graph graph(&disk);
      for (int step = 0; step < kSteps; ++step) {
        graph.Push(step);
        made.file_calls = graph.home().files().calls();
        made.disk_calls = disk.calls();
        EXPECT_TRUE(IsOk(graph.Update()));
        EXPECT_FALSE(graph.WorkingFileNames().empty());  // there was no room for it
        graph.home().End();
        EXPECT_EQ(graph.WorkingFileNames().size(), 2U);
        made.file_calls = graph.home().files().calls() - made.file_calls;
        made.disk_calls = disk.calls() - made.disk_calls;
        graph.home().Reopen();
        made.slices.push_back(graph.Hashes());
      }
      EXPECT_GT(graph.home().Objects(15).size(), 4U);
      EXPECT_TRUE(IsOk(graph.home().Verify(kEnd)));
      return made;
    }();
    return run;
  }
};

int Below(Rng& rng, int bound) {
  return static_cast<int>(rng.Below(static_cast<std::uint64_t>(bound)));
}

// Slices that are there are those of the undisturbed graph, as far as they go.
void ExpectPart(const Graph::Slices& part, const Graph::Slices& whole) {
  for (const auto& [number, hashes] : part) {
    const auto& all = whole.at(number);
    ASSERT_LE(hashes.size(), all.size()) << number;
    EXPECT_TRUE(std::equal(hashes.begin(), hashes.end(), all.begin())) << number;
  }
}

// Goal: wherever the power goes in an update, nothing is half visible, and the next one continues
// to the very slices that there would have been, whatever it finds of working states. Method: at a
// write drawn from the seed, of the control store or of a file, all that is not durable is gone by
// chance; then another process.
TEST(GraphSimulation, APowerCutAnywhereInAnUpdateLosesNothing) {
  const Undisturbed& undisturbed = Undisturbed::Run();
  ForEachSeed(1, [&](std::uint64_t seed) {
    const auto rng = SeededRng(seed);
    control::FaultyDisk disk(seed);
    Graph graph(&disk);
    for (int step = 0; step < kSteps; ++step) {
      graph.Push(step);
      if (rng->Below(2) == 0) {
        graph.home().files().FailFromCall(Below(*rng, undisturbed.file_calls));
      } else {
        disk.FailCall(Below(*rng, undisturbed.disk_calls), control::Fault::kPowerCut);
      }
      (void)graph.Update();
      graph.home().End();
      graph.home().files().CutPower(*rng);
      disk.CutPower();
      disk.Heal();  // the update may have been over before its turn came
      graph.home().Reopen();
      ASSERT_TRUE(IsOk(graph.home().chains().PublishAll(Context::Background())));
      graph.ExpectWhole();
      ExpectPart(graph.Hashes(), undisturbed.slices[static_cast<std::size_t>(step)]);
      ASSERT_TRUE(IsOk(graph.Update()));
      ASSERT_EQ(graph.Hashes(), undisturbed.slices[static_cast<std::size_t>(step)]);
    }
    ASSERT_TRUE(IsOk(graph.home().Verify(kEnd)));
  });
}

// Goal: a disk that fills up in the middle of an update is said, nothing is half visible, and once
// there is room it goes on, in the same process or in the next. What is only kept to be faster
// stops nothing. Method: the disk of the control store, that of all files, or one of a part of the
// cache alone takes so many bytes more, drawn from the seed.
TEST(GraphSimulation, ADiskThatFillsUpInAnUpdateIsSaidAndNothingElse) {
  const Undisturbed& undisturbed = Undisturbed::Run();
  ForEachSeed(1, [&](std::uint64_t seed) {
    const auto rng = SeededRng(seed);
    control::FaultyDisk disk(seed);
    Graph graph(&disk);
    FakeFiles& files = graph.home().files();
    for (int step = 0; step < kSteps; ++step) {
      graph.Push(step);
      const std::uint64_t kind = rng->Below(5);
      if (kind == 0) disk.FillDisk(Below(*rng, 60'000));
      if (kind == 1) files.FillDisk(rng->Below(700'000));
      if (kind == 2) files.FillDisk(rng->Below(3'000), DeriveHome::kStates);
      if (kind == 3) files.FillDisk(rng->Below(500'000), graph.home().scratch());
      if (kind == 4) files.FillDisk(rng->Below(6'000), kWorking);
      if (const Status updated = graph.Update(); !updated) {
        EXPECT_EQ(updated.error().code, ErrorCode::kExhausted) << updated.error().message;
        EXPECT_NE(kind, 4U) << updated.error().message;
      }
      graph.ExpectWhole();
      ExpectPart(graph.Hashes(), undisturbed.slices[static_cast<std::size_t>(step)]);
      const bool ends_here = rng->Below(2) == 0;
      if (ends_here) graph.home().End();
      disk.FillDisk(-1);
      files.FillDisk(1 << 30);
      if (ends_here) graph.home().Reopen();
      EXPECT_THAT(graph.WorkingFileNames(), testing::Each("groups"));
      ASSERT_TRUE(IsOk(graph.Update()));
      ASSERT_EQ(graph.Hashes(), undisturbed.slices[static_cast<std::size_t>(step)]);
    }
    ASSERT_TRUE(IsOk(graph.home().Verify(kEnd)));
  });
}

}  // namespace
}  // namespace weir::pipelines
