// From commit to delivery, with a thousand watchers of the same prefix. Method: SQLite in a
// temporary directory; a commit every 25 ms for five seconds, three rounds; each watcher says that
// it is ready, and one thread polls those that did, as a server does. Time runs from the call of
// Transact, so the flush is in it; the note says how much of it that is.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"

namespace weir::control {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
constexpr int kWatchers = 1000;
constexpr int kRounds = 3;
constexpr int kCommits = 200;  // in a round
constexpr std::chrono::milliseconds kEvery{25};

double Quantile(std::vector<double>& values, double quantile) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(quantile * static_cast<double>(values.size() - 1))];
}

// The watchers, and the thread that comes to those that are ready.
class Audience {
 public:
  explicit Audience(Store& store) {
    for (std::size_t i = 0; i < kWatchers; ++i) {
      watchers_.push_back(store.Watch(Key("bench"), store.revision()).value());
      watchers_.back()->OnReady([this, i] { Announce(i); });
    }
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }

  ~Audience() {
    for (const auto& watcher : watchers_) watcher->OnReady({});
  }

  /// Waits until every watcher has seen so many changes more, and gives the times they took.
  std::vector<double> TakeDelays(std::size_t changes) {
    std::unique_lock lock(mutex_);
    const auto all = [&] { return delays_.size() >= changes * kWatchers; };
    WEIR_CHECK(delivered_.wait_for(lock, std::chrono::seconds(30), all));
    return std::exchange(delays_, {});
  }

 private:
  void Announce(std::size_t watcher) {
    const std::lock_guard lock(mutex_);
    ready_.push_back(watcher);
    announced_.notify_one();
  }

  void Run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (announced_.wait(lock, stop, [&] { return !ready_.empty(); })) {
      const std::vector<std::size_t> ready = std::exchange(ready_, {});
      lock.unlock();
      std::vector<double> delays;
      for (const std::size_t watcher : ready) Poll(*watchers_[watcher], delays);
      lock.lock();
      delays_.insert(delays_.end(), delays.begin(), delays.end());
      delivered_.notify_one();
    }
  }

  // A value is the time at which its commit was asked for.
  static void Poll(Watcher& watcher, std::vector<double>& delays) {
    const std::vector<WatchEvent> events = watcher.Poll().value();
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    for (const WatchEvent& event : events) {
      if (event.kind != WatchEvent::Kind::kPut) continue;
      delays.push_back(
          Milliseconds(now - std::chrono::nanoseconds(std::stoll(event.value))).count());
    }
  }

  std::vector<std::unique_ptr<Watcher>> watchers_;
  std::mutex mutex_;
  std::condition_variable_any announced_;
  std::condition_variable delivered_;
  std::vector<std::size_t> ready_;
  std::vector<double> delays_;
  std::jthread thread_;
};

struct Round {
  double p50 = 0;
  double p99 = 0;
  double commit_p50 = 0;  // until Transact returned
};

Round Measure(Store& store, Audience& audience, int commits) {
  std::vector<double> commit_times;
  for (int i = 0; i < commits; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = store.Transact(Context::Background(), [&](Transaction& transaction) {
      const auto now = std::chrono::nanoseconds(start.time_since_epoch()).count();
      return transaction.Put(Key("bench").With(i), std::to_string(now));
    });
    WEIR_CHECK(outcome.has_value());
    commit_times.push_back(Milliseconds(std::chrono::steady_clock::now() - start).count());
    std::this_thread::sleep_until(start + kEvery);
  }
  std::vector<double> delays = audience.TakeDelays(static_cast<std::size_t>(commits));
  return {Quantile(delays, 0.5), Quantile(delays, 0.99), Quantile(commit_times, 0.5)};
}

int Run(const char* path) {
  std::FILE* out = std::fopen(path, "w");
  if (out == nullptr) return 1;
  const TempDir dir;
  const auto store = OpenSqliteStore(dir / "control.db").value();
  Audience audience(*store);
  (void)Measure(*store, audience, 20);  // warm-up
  std::vector<Round> rounds;
  for (int round = 0; round < kRounds; ++round) {
    rounds.push_back(Measure(*store, audience, kCommits));
  }
  std::sort(rounds.begin(), rounds.end(),
            [](const Round& a, const Round& b) { return a.p99 < b.p99; });
  const Round& median = rounds[rounds.size() / 2];
  fmt::print("{} watchers: p50 {:.2f} ms, p99 {:.2f} ms; a commit alone {:.2f} ms\n", kWatchers,
             median.p50, median.p99, median.commit_p50);
  fmt::print(out,
             R"({{"what": "watch, commit to delivery, {} watchers, p99", "unit": "ms", )"
             R"("weir": {:.2f}, "bar": "<= 20 ms", "met": {}, )"
             R"("note": "p50 {:.2f} ms; the durable commit is {:.2f} ms of it"}})"
             "\n",
             kWatchers, median.p99, median.p99 <= 20, median.p50, median.commit_p50);
  return std::fclose(out);
}

}  // namespace
}  // namespace weir::control

int main(int count, char** arguments) {
  const bool named = count == 3 && std::strcmp(arguments[1], "--out") == 0;
  return named ? weir::control::Run(arguments[2]) : 2;
}
