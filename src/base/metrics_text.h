#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"

namespace weir {

/// Prometheus' text exposition format, version 0.0.4, family by family.
class MetricsText {
 public:
  /// The HELP and TYPE lines; what is written next belongs to `info`, which must live as long.
  void Begin(const MetricInfo& info, std::string_view type);

  void Write(const std::vector<std::string>& labels, const Counter& counter);
  void Write(const std::vector<std::string>& labels, const Gauge& gauge);
  void Write(const std::vector<std::string>& labels, const Histogram& histogram);
  void Write(double value);

  std::string Take() && { return std::move(text_); }

 private:
  // name[suffix]{labels, le} value
  void Sample(std::string_view suffix, const std::vector<std::string>& labels, std::string_view le,
              std::string_view value);

  const MetricInfo* info_ = nullptr;
  std::string text_;
};

}  // namespace weir
