#include "base/metrics_text.h"

#include <fmt/format.h>

#include <cmath>

namespace weir {
namespace {

std::string Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string Number(std::uint64_t value) { return fmt::format("{}", value); }

enum class Quotes { kEscaped, kPlain };

// Help text escapes backslash and line feed; a label value the double quote too.
std::string Escaped(std::string_view text, Quotes quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && quotes == Quotes::kEscaped) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

void MetricsText::Begin(const MetricInfo& info, std::string_view type) {
  info_ = &info;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", info.name,
                       Escaped(info.help, Quotes::kPlain), info.name, type);
}

void MetricsText::Write(const std::vector<std::string>& labels, const Counter& counter) {
  Sample("", labels, "", Number(counter.value()));
}

void MetricsText::Write(const std::vector<std::string>& labels, const Gauge& gauge) {
  Sample("", labels, "", Number(gauge.value()));
}

void MetricsText::Write(const std::vector<std::string>& labels, const Histogram& histogram) {
  const std::vector<std::uint64_t> counts = histogram.Counts();
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    const bool last = i == histogram.bounds().size();
    Sample("_bucket", labels, last ? "+Inf" : Number(histogram.bounds()[i]), Number(total));
  }
  Sample("_sum", labels, "", Number(histogram.sum()));
  Sample("_count", labels, "", Number(total));
}

void MetricsText::Write(double value) { Sample("", {}, "", Number(value)); }

void MetricsText::Sample(std::string_view suffix, const std::vector<std::string>& labels,
                         std::string_view le, std::string_view value) {
  std::string pairs;
  const auto add = [&](std::string_view name, std::string_view label) {
    if (!pairs.empty()) pairs += ',';
    pairs += fmt::format("{}=\"{}\"", name, Escaped(label, Quotes::kEscaped));
  };
  for (std::size_t i = 0; i < labels.size(); ++i) add(info_->labels[i], labels[i]);
  if (!le.empty()) add("le", le);
  text_ += info_->name;
  text_ += suffix;
  if (!pairs.empty()) text_ += fmt::format("{{{}}}", pairs);
  text_ += fmt::format(" {}\n", value);
}

}  // namespace weir
