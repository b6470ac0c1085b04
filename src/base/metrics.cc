#include "base/metrics.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/metrics_text.h"

namespace weir {
namespace {

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool IsName(std::string_view name) {
  return !name.empty() && IsNameStart(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return IsNameStart(c) || (c >= '0' && c <= '9'); });
}

void CheckInfo(const MetricInfo& info) {
  WEIR_CHECK_MSG(IsName(info.name), info.name);
  for (const std::string& label : info.labels) {
    // "__..." is Prometheus' own, "le" a histogram's.
    WEIR_CHECK_MSG(IsName(label) && !label.starts_with("__") && label != "le", label);
  }
}

}  // namespace

struct MetricRegistry::Entry {
  template <typename Metric>
  using Family = std::unique_ptr<MetricFamily<Metric>>;
  struct Callback {
    Kind kind;
    std::function<double()> read;
  };

  MetricInfo info;
  std::variant<Family<Counter>, Family<Gauge>, Family<Histogram>, Callback> source;
};

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {
  WEIR_CHECK(std::is_sorted(bounds_.begin(), bounds_.end(), std::less_equal<>()));
}

void Histogram::Observe(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::vector<std::uint64_t> Histogram::Counts() const {
  std::vector<std::uint64_t> counts;
  counts.reserve(counts_.size());
  for (const auto& count : counts_) counts.push_back(count.load(std::memory_order_relaxed));
  return counts;
}

std::vector<double> LatencyBounds() {
  return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

template <typename Metric>
Metric& MetricFamily<Metric>::With(std::span<const std::string_view> values) {
  WEIR_CHECK(values.size() == label_count_);
  Labels labels(values.begin(), values.end());
  const std::lock_guard lock(mutex_);
  auto found = metrics_.find(labels);
  if (found != metrics_.end()) return *found->second;
  if (metrics_.size() >= most_label_sets_) labels.assign(label_count_, "other");
  std::unique_ptr<Metric>& metric = metrics_[std::move(labels)];
  if (metric == nullptr) metric = make_();
  return *metric;
}

template class MetricFamily<Counter>;
template class MetricFamily<Gauge>;
template class MetricFamily<Histogram>;

MetricRegistry::MetricRegistry(std::size_t most_label_sets) : most_label_sets_(most_label_sets) {}
MetricRegistry::~MetricRegistry() = default;

template <typename Metric>
MetricFamily<Metric>& MetricRegistry::Add(MetricInfo info,
                                          std::function<std::unique_ptr<Metric>()> make) {
  CheckInfo(info);
  std::unique_ptr<MetricFamily<Metric>> family(
      new MetricFamily<Metric>(info.labels.size(), most_label_sets_, std::move(make)));
  MetricFamily<Metric>& added = *family;
  const std::string name = info.name;
  const std::lock_guard lock(mutex_);
  auto& entry = entries_[name];
  WEIR_CHECK_MSG(entry == nullptr, name);
  entry = std::make_unique<Entry>(Entry{.info = std::move(info), .source = std::move(family)});
  return added;
}

MetricFamily<Counter>& MetricRegistry::AddCounters(MetricInfo info) {
  return Add<Counter>(std::move(info), [] { return std::make_unique<Counter>(); });
}

MetricFamily<Gauge>& MetricRegistry::AddGauges(MetricInfo info) {
  return Add<Gauge>(std::move(info), [] { return std::make_unique<Gauge>(); });
}

MetricFamily<Histogram>& MetricRegistry::AddHistograms(MetricInfo info,
                                                       std::vector<double> bounds) {
  return Add<Histogram>(std::move(info), [bounds = std::move(bounds)] {
    return std::make_unique<Histogram>(bounds);
  });
}

Counter& MetricRegistry::AddCounter(std::string name, std::string help) {
  return AddCounters({.name = std::move(name), .help = std::move(help)}).With({});
}

Gauge& MetricRegistry::AddGauge(std::string name, std::string help) {
  return AddGauges({.name = std::move(name), .help = std::move(help)}).With({});
}

Histogram& MetricRegistry::AddHistogram(std::string name, std::string help,
                                        std::vector<double> bounds) {
  return AddHistograms({.name = std::move(name), .help = std::move(help)}, std::move(bounds))
      .With({});
}

void MetricRegistry::AddCallback(std::string name, std::string help, Kind kind,
                                 std::function<double()> read) {
  MetricInfo info{.name = std::move(name), .help = std::move(help)};
  CheckInfo(info);
  const std::lock_guard lock(mutex_);
  auto& entry = entries_[info.name];
  WEIR_CHECK_MSG(entry == nullptr, info.name);
  entry = std::make_unique<Entry>(
      Entry{.info = std::move(info), .source = Entry::Callback{kind, std::move(read)}});
}

std::string MetricRegistry::Expose() const {
  std::vector<const Entry*> entries;  // they are never removed, so the lock need not be held
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, entry] : entries_) entries.push_back(entry.get());
  }
  MetricsText text;
  for (const Entry* entry : entries) {
    const auto write_all = [&](std::string_view type, const auto& family) {
      text.Begin(entry->info, type);
      const std::lock_guard lock(family->mutex_);
      for (const auto& [labels, metric] : family->metrics_) text.Write(labels, *metric);
    };
    if (const auto* counters = std::get_if<Entry::Family<Counter>>(&entry->source)) {
      write_all("counter", *counters);
    } else if (const auto* gauges = std::get_if<Entry::Family<Gauge>>(&entry->source)) {
      write_all("gauge", *gauges);
    } else if (const auto* histograms = std::get_if<Entry::Family<Histogram>>(&entry->source)) {
      write_all("histogram", *histograms);
    } else {
      const auto& callback = std::get<Entry::Callback>(entry->source);
      text.Begin(entry->info, callback.kind == Kind::kCounter ? "counter" : "gauge");
      text.Write(callback.read());
    }
  }
  return std::move(text).Take();
}

}  // namespace weir
