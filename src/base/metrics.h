#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded_by.h"

namespace weir {

/// A number that only grows. Lock-free.
class Counter {
 public:
  void Add(std::uint64_t amount = 1) { value_.fetch_add(amount, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

/// A number that goes up and down. Lock-free.
class Gauge {
 public:
  void Set(double value) { value_.store(value, std::memory_order_relaxed); }
  void Add(double amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
  double value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<double> value_ = 0;
};

/// How many observations were at most each of some bounds. Lock-free.
class Histogram {
 public:
  explicit Histogram(std::vector<double> bounds);  ///< strictly growing; +Inf is added

  void Observe(double value);

  const std::vector<double>& bounds() const { return bounds_; }
  /// Observations in each bucket, not added up; one more than there are bounds.
  std::vector<std::uint64_t> Counts() const;
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  const std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;
  std::atomic<double> sum_ = 0;
};

/// Bounds in seconds for what a request takes: 0.5 ms to 10 s.
std::vector<double> LatencyBounds();

/// One metric under several label sets. Keep the reference With gives for hot paths: finding it
/// takes a lock, using it does not, and it lives as long as the registry.
template <typename Metric>
class MetricFamily {
 public:
  /// The metric of these label values, in the order of the family's label names. When the family
  /// has its most label sets, every new one shares the metric whose labels all say "other".
  Metric& With(std::span<const std::string_view> values);
  Metric& With(std::initializer_list<std::string_view> values) {
    return With(std::span(values.begin(), values.size()));
  }

 private:
  friend class MetricRegistry;
  using Labels = std::vector<std::string>;

  MetricFamily(std::size_t label_count, std::size_t most_label_sets,
               std::function<std::unique_ptr<Metric>()> make)
      : label_count_(label_count), most_label_sets_(most_label_sets), make_(std::move(make)) {}

  const std::size_t label_count_;
  const std::size_t most_label_sets_;
  const std::function<std::unique_ptr<Metric>()> make_;
  mutable std::mutex mutex_;
  std::map<Labels, std::unique_ptr<Metric>> metrics_ WEIR_GUARDED_BY(mutex_);
};

/// What a metric is called and means. Names are snake_case with the unit and, for counters,
/// `_total` at their end: `weir_http_requests_total`. Label values are few and never ids, paths or
/// secrets.
struct MetricInfo {
  std::string name;
  std::string help;
  std::vector<std::string> labels = {};
};

/// All metrics of a process, shown in Prometheus' text format 0.0.4. A name that is taken, or is
/// none by Prometheus' rules, stops the process. Thread-safe.
class MetricRegistry {
 public:
  /// `most_label_sets` bounds every family, so that no label can fill the memory.
  explicit MetricRegistry(std::size_t most_label_sets = 1000);
  ~MetricRegistry();

  Counter& AddCounter(std::string name, std::string help);
  Gauge& AddGauge(std::string name, std::string help);
  Histogram& AddHistogram(std::string name, std::string help, std::vector<double> bounds);

  MetricFamily<Counter>& AddCounters(MetricInfo info);
  MetricFamily<Gauge>& AddGauges(MetricInfo info);
  MetricFamily<Histogram>& AddHistograms(MetricInfo info, std::vector<double> bounds);

  /// A number that is asked for at each exposition, on its thread; what `read` uses must outlive
  /// the registry.
  enum class Kind { kCounter, kGauge };
  void AddCallback(std::string name, std::string help, Kind kind, std::function<double()> read);

  /// The page; send it as "text/plain; version=0.0.4; charset=utf-8".
  std::string Expose() const;

 private:
  struct Entry;

  template <typename Metric>
  MetricFamily<Metric>& Add(MetricInfo info, std::function<std::unique_ptr<Metric>()> make);

  const std::size_t most_label_sets_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Entry>> entries_ WEIR_GUARDED_BY(mutex_);  // by name
};

}  // namespace weir
