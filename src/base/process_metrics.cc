#include "base/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <sstream>
#include <string>

namespace weir {
namespace {

// When the machine started, in seconds since 1970; process times count from there.
double BootTime() {
  std::ifstream in("/proc/stat");
  std::string word;
  while (in >> word) {
    double seconds = 0;
    if (word == "btime" && in >> seconds) return seconds;
    in.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return 0;
}

std::uint64_t CountOpenDescriptors() {
  std::error_code code;
  const std::filesystem::directory_iterator entries("/proc/self/fd", code);
  if (code) return 0;
  const auto count = static_cast<std::uint64_t>(std::distance(begin(entries), end(entries)));
  return count > 0 ? count - 1 : 0;  // less the one that counts
}

}  // namespace

std::optional<ProcessFacts> ReadProcessFacts() {
  std::ifstream in("/proc/self/stat");
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  // The second field is the program's name in brackets, and may hold anything.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string skipped;
  const auto skip = [&](int count) {
    for (int i = 0; i < count; ++i) fields >> skipped;
  };
  std::uint64_t user_ticks = 0, system_ticks = 0, start_ticks = 0, resident_pages = 0;
  ProcessFacts facts;
  skip(11);  // up to cmajflt; proc(5) numbers the fields
  fields >> user_ticks >> system_ticks;
  skip(4);
  fields >> facts.threads;
  skip(1);
  fields >> start_ticks >> facts.virtual_bytes >> resident_pages;
  if (!fields) return std::nullopt;

  const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  facts.cpu_seconds = static_cast<double>(user_ticks + system_ticks) / ticks_per_second;
  static const double boot_time = BootTime();
  facts.start_time_seconds = boot_time + static_cast<double>(start_ticks) / ticks_per_second;
  facts.resident_bytes = resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  facts.open_descriptors = CountOpenDescriptors();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) facts.most_descriptors = limit.rlim_cur;
  return facts;
}

void AddProcessMetrics(MetricRegistry& registry) {
  const auto add = [&](const char* name, const char* help, MetricRegistry::Kind kind, auto field) {
    registry.AddCallback(name, help, kind, [field] {
      const auto facts = ReadProcessFacts();
      return facts ? static_cast<double>((*facts).*field) : 0.0;
    });
  };
  using Kind = MetricRegistry::Kind;
  add("process_cpu_seconds_total", "Time spent on CPUs, user and system, in seconds.",
      Kind::kCounter, &ProcessFacts::cpu_seconds);
  add("process_start_time_seconds", "When the process started, in seconds since 1970.",
      Kind::kGauge, &ProcessFacts::start_time_seconds);
  add("process_virtual_memory_bytes", "Address space in use.", Kind::kGauge,
      &ProcessFacts::virtual_bytes);
  add("process_resident_memory_bytes", "Memory in use.", Kind::kGauge,
      &ProcessFacts::resident_bytes);
  add("process_open_fds", "Open file descriptors.", Kind::kGauge, &ProcessFacts::open_descriptors);
  add("process_max_fds", "File descriptors that may be open.", Kind::kGauge,
      &ProcessFacts::most_descriptors);
  add("process_threads", "Threads.", Kind::kGauge, &ProcessFacts::threads);
}

}  // namespace weir
