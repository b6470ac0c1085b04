#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <sstream>
#include <thread>

#include "base/memory_file.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "pipelines/testing/ingest_home.h"

namespace weir::pipelines {
namespace {

constexpr std::string_view kNumbers = R"({
  "read": {"kind": "Csv", "schema": {"fields": [{"name": "n", "type": "Int64"}]}},
  "merge": {"kind": "Append"}})";

constexpr std::string_view kLedger = R"({
  "read": {"kind": "Csv", "schema": {"fields": [{"name": "n", "type": "Int64"}]}},
  "merge": {"kind": "Ledger", "primaryKey": ["n"]}})";

// The numbers of all rows, sorted.
std::vector<std::int64_t> Numbers(IngestHome& home) {
  std::vector<std::int64_t> numbers;
  std::istringstream lines(home.Rows());
  for (std::string line; std::getline(lines, line);) {
    numbers.push_back(std::stoll(line.substr(line.rfind(' '))));
  }
  std::ranges::sort(numbers);
  return numbers;
}

std::vector<std::int64_t> UpTo(std::int64_t count) {
  std::vector<std::int64_t> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

TEST(IngestFaults, SixteenThreadsLoseAndDoubleNoRow) {
  for (const std::string_view source : {kNumbers, kLedger}) {
    IngestHome home(source);
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 16; ++thread) {
      threads.emplace_back([&home, thread] {
        for (int i = 0; i < 3; ++i) {
          EXPECT_TRUE(IsOk(home.Push(fmt::format("{}\n", thread * 3 + i))));
        }
      });
    }
    threads.clear();
    EXPECT_EQ(Numbers(home), UpTo(48));
    EXPECT_EQ(home.record().slices, 48u);
  }
}

// Two ingestors over one store stand for two processes: nothing but the commit keeps them apart.
TEST(IngestFaults, TwoProcessesLoseAndDoubleNoRow) {
  IngestHome home(kLedger);
  TempDir scratch;
  datasets::StateStore states(home.chains(), home.files(), "/other-states");
  Ingestor other(home.chains(), states, home.files(), home.clock(), {.scratch = scratch.path()});
  const auto push_all = [&](Ingestor& ingestor) {
    for (int i = 0; i < 20; ++i) {  // both push the same keys
      const PushRequest request{.dataset = home.id(), .input = FileOf(fmt::format("{}\n", i))};
      EXPECT_TRUE(IsOk(ingestor.Push(home.context(), request)));
    }
  };
  std::jthread thread([&] { push_all(other); });
  push_all(home.ingestor());
  thread.join();
  EXPECT_EQ(Numbers(home), UpTo(20));
}

std::string ManyNumbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += fmt::format("{}\n", i);
  return text;
}

// Goal: whichever call on the files fails, an input is committed whole or not at all, and pushing
// it again brings it in. Method: fail the first call, then the second, until one push gets through;
// in between publish, reopen, and look.
TEST(IngestFaults, AnyFailingFileCallLeavesAllOrNothing) {
  const std::string small = "0\n1\n";
  const std::string large = ManyNumbers(200'000);
  for (const std::string& input : {small, large}) {
    for (int failing = 0;; ++failing) {
      SCOPED_TRACE(failing);
      IngestHome home(kLedger);
      home.files().FailCall(failing);
      const auto first = home.Push(input);
      const bool is_published = first && home.chains().PublishAll(home.context());
      home.files().CutPower();
      home.Reopen();
      const auto rows = static_cast<std::uint64_t>(std::ranges::count(input, '\n'));
      ASSERT_EQ(home.record().records, first ? rows : 0);
      ASSERT_TRUE(IsOk(home.Push(input)));
      ASSERT_EQ(home.record().records, rows);
      ASSERT_TRUE(IsOk(home.chains().PublishAll(home.context())));
      if (is_published) {
        EXPECT_EQ(Numbers(home), UpTo(static_cast<std::int64_t>(rows)));
        break;
      }
    }
  }
}

TEST(IngestFaults, AFullDiskRefusesAndChangesNothing) {
  IngestHome home(kNumbers, {.least_free_bytes = 0});
  home.files().FillDisk(100'000);
  const auto report = home.Push(ManyNumbers(200'000));
  EXPECT_EQ(CodeOf(report), ErrorCode::kExhausted);
  EXPECT_FALSE(home.record().chain.has_data);
  EXPECT_TRUE(home.files().Paths().empty());
  EXPECT_TRUE(IsOk(home.Push("1\n")));  // small enough to travel inside the transaction
}

}  // namespace
}  // namespace weir::pipelines
