// Durable commits of the control store: 64 clients, who share flushes, beside one client alone,
// with the price of a flush of the same disk. Method: SQLite in a temporary directory; each commit
// puts one of a client's 100 keys, 200 bytes; two seconds each, in turns, the medians of three
// rounds.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"

namespace weir::control {
namespace {

using Seconds = std::chrono::duration<double>;
constexpr int kRounds = 3;
constexpr std::chrono::seconds kRoundTime{2};
constexpr int kClients = 64;

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Milliseconds to append a page to a file and have it on the disk.
double FlushCost(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  WEIR_CHECK(file >= 0);
  const std::string page(4096, 'p');
  std::vector<double> costs;
  for (int i = 0; i < 200; ++i) {
    const auto start = std::chrono::steady_clock::now();
    WEIR_CHECK(::write(file, page.data(), page.size()) == static_cast<ssize_t>(page.size()));
    WEIR_CHECK(::fdatasync(file) == 0);
    costs.push_back(1e3 * Seconds(std::chrono::steady_clock::now() - start).count());
  }
  ::close(file);
  return Median(std::move(costs));
}

// Commits in a second, by so many clients at once.
double CommitRate(Store& store, int clients) {
  std::atomic<std::int64_t> commits = 0;
  const auto start = std::chrono::steady_clock::now();
  const auto end = start + kRoundTime;
  {
    std::vector<std::jthread> threads;
    for (int client = 0; client < clients; ++client) {
      threads.emplace_back([&, client] {
        const Key keys = Key("bench").With(client);
        for (std::int64_t i = 0; std::chrono::steady_clock::now() < end; ++i) {
          const auto outcome = store.Transact(Context::Background(), [&](Transaction& transaction) {
            return transaction.Put(keys.With(i % 100), std::string(200, 'v'));
          });
          WEIR_CHECK(outcome.has_value());
          ++commits;
        }
      });
    }
  }
  return static_cast<double>(commits) / Seconds(std::chrono::steady_clock::now() - start).count();
}

void Report(std::FILE* out, double many, double one, double flush) {
  const double ratio = many / one;
  const bool slow_disk = flush >= 1;
  const std::string bar = slow_disk ? ">= 10 x, as a flush costs >= 1 ms" : ">= 40,000/s";
  const bool met = slow_disk ? ratio >= 10 : many >= 40'000;
  fmt::print("{:.0f}/s by {} clients, {:.0f}/s by one: {:.1f} x; a flush costs {:.2f} ms\n", many,
             kClients, one, ratio, flush);
  fmt::print(out,
             R"({{"what": "durable commits, {} clients", "unit": "commits/s", "weir": {:.0f}, )"
             R"("peer": {:.0f}, "peer_name": "one client", "ratio": {:.2f}, "bar": "{}", )"
             R"("met": {}, "note": "a flush costs {:.2f} ms here"}})"
             "\n",
             kClients, many, one, ratio, bar, met, flush);
}

int Run(const char* path) {
  std::FILE* out = std::fopen(path, "w");
  if (out == nullptr) return 1;
  const TempDir dir;
  const auto store = OpenSqliteStore(dir / "control.db").value();
  std::vector<double> many;
  std::vector<double> one;
  std::vector<double> flush;
  (void)CommitRate(*store, kClients);  // warm-up
  for (int round = 0; round < kRounds; ++round) {
    flush.push_back(FlushCost(dir / "flush"));
    one.push_back(CommitRate(*store, 1));
    many.push_back(CommitRate(*store, kClients));
  }
  Report(out, Median(many), Median(one), Median(flush));
  return std::fclose(out);
}

}  // namespace
}  // namespace weir::control

int main(int count, char** arguments) {
  const bool named = count == 3 && std::strcmp(arguments[1], "--out") == 0;
  return named ? weir::control::Run(arguments[2]) : 2;
}
