#include "base/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "base/process_metrics.h"

namespace weir {
namespace {

// A strict reader of the format: everything not allowed is a failure of the test that calls it.
struct Page {
  std::map<std::string, std::string> types;
  std::map<std::string, double> samples;  // by name and labels as written
};

double ParseNumber(const std::string& text) {
  if (text == "+Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  if (text == "NaN") return std::nan("");
  return std::stod(text);
}

Page ParsePage(const std::string& text) {
  const std::regex help("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
  const std::regex type("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)");
  const std::regex sample(
      R"(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*")"
      R"((?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*")*\})? (\S+))");
  Page page;
  std::istringstream lines(text);
  std::string line, family;
  EXPECT_TRUE(text.empty() || text.back() == '\n');
  while (std::getline(lines, line)) {
    std::smatch match;
    if (std::regex_match(line, match, help)) {
      family = match[1];
      EXPECT_FALSE(page.types.contains(family)) << line;
    } else if (std::regex_match(line, match, type)) {
      EXPECT_EQ(match[1], family);
      page.types[family] = match[2];
    } else if (std::regex_match(line, match, sample)) {
      std::string name = match[1];
      if (page.types[family] == "histogram") {
        name = std::regex_replace(name, std::regex("_(bucket|sum|count)$"), "");
      }
      EXPECT_EQ(name, family) << line;
      const std::string key = match[1].str() + match[2].str();
      EXPECT_FALSE(page.samples.contains(key)) << line;
      page.samples[key] = ParseNumber(match[3]);
    } else {
      ADD_FAILURE() << "not the format: " << line;
    }
  }
  return page;
}

TEST(MetricRegistry, ShowsCountersAndGaugesUnderTheirLabels) {
  MetricRegistry registry;
  registry.AddCounter("jobs_total", "Jobs.").Add(3);
  registry.AddGauge("depth", "Depth.").Set(-0.5);
  auto& requests = registry.AddCounters(
      {.name = "requests_total", .help = "Requests.", .labels = {"route", "status"}});
  requests.With({"/a", "200"}).Add();
  requests.With({"/a", "200"}).Add();
  requests.With({"/b", "404"}).Add();
  const Page page = ParsePage(registry.Expose());
  EXPECT_EQ(page.types.at("jobs_total"), "counter");
  EXPECT_EQ(page.types.at("depth"), "gauge");
  EXPECT_EQ(page.samples.at("jobs_total"), 3);
  EXPECT_EQ(page.samples.at("depth"), -0.5);
  EXPECT_EQ(page.samples.at(R"(requests_total{route="/a",status="200"})"), 2);
  EXPECT_EQ(page.samples.at(R"(requests_total{route="/b",status="404"})"), 1);
}

TEST(MetricRegistry, EscapesHelpAndLabelValues) {
  MetricRegistry registry;
  registry.AddGauges({.name = "g", .help = "a\\b\n\"c\"", .labels = {"x"}}).With({"q\"\\\n"});
  const std::string text = registry.Expose();
  EXPECT_NE(text.find("# HELP g a\\\\b\\n\"c\"\n"), std::string::npos) << text;
  EXPECT_NE(text.find("g{x=\"q\\\"\\\\\\n\"} 0\n"), std::string::npos) << text;
  ParsePage(text);
}

TEST(MetricRegistry, HistogramBucketsAddUpToTheCount) {
  MetricRegistry registry;
  auto& seconds = registry.AddHistograms(
      {.name = "seconds", .help = "Seconds.", .labels = {"door"}}, {0.1, 1, 10});
  for (const double value : {0.05, 0.1, 0.5, 5.0, 50.0}) seconds.With({"http"}).Observe(value);
  const Page page = ParsePage(registry.Expose());
  EXPECT_EQ(page.samples.at(R"(seconds_bucket{door="http",le="0.1"})"), 2) << "le means at most";
  EXPECT_EQ(page.samples.at(R"(seconds_bucket{door="http",le="1"})"), 3);
  EXPECT_EQ(page.samples.at(R"(seconds_bucket{door="http",le="10"})"), 4);
  EXPECT_EQ(page.samples.at(R"(seconds_bucket{door="http",le="+Inf"})"), 5);
  EXPECT_EQ(page.samples.at(R"(seconds_count{door="http"})"), 5);
  EXPECT_NEAR(page.samples.at(R"(seconds_sum{door="http"})"), 55.65, 1e-9);
}

TEST(MetricRegistry, NumbersThatAreNoneHaveTheFormatsNames) {
  MetricRegistry registry;
  registry.AddGauge("nan", "").Set(std::nan(""));
  registry.AddGauge("inf", "").Set(std::numeric_limits<double>::infinity());
  registry.AddGauge("large", "").Set(1e300);
  const Page page = ParsePage(registry.Expose());
  EXPECT_TRUE(std::isnan(page.samples.at("nan")));
  EXPECT_TRUE(std::isinf(page.samples.at("inf")));
  EXPECT_EQ(page.samples.at("large"), 1e300);
}

TEST(MetricRegistry, LabelSetsBeyondTheLimitShareOneMetric) {
  MetricRegistry registry(2);
  auto& family = registry.AddCounters({.name = "c_total", .help = "", .labels = {"user"}});
  for (const char* user : {"ann", "bo", "cy", "di", "ann"}) family.With({user}).Add();
  const Page page = ParsePage(registry.Expose());
  EXPECT_EQ(page.samples.at(R"(c_total{user="ann"})"), 2);
  EXPECT_EQ(page.samples.at(R"(c_total{user="other"})"), 2);
  EXPECT_EQ(page.samples.size(), 3U);
}

TEST(MetricRegistry, NoIncrementIsLostBetweenThreads) {
  MetricRegistry registry;
  Counter& counter = registry.AddCounter("c_total", "");
  Gauge& gauge = registry.AddGauge("g", "");
  Histogram& histogram = registry.AddHistogram("h", "", {1, 2});
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) {
          counter.Add();
          gauge.Add(1);
          histogram.Observe(i % 3);
          if (i % 100 == 0) (void)registry.Expose();
        }
      });
    }
  }
  EXPECT_EQ(counter.value(), 4000U);
  EXPECT_EQ(gauge.value(), 4000);
  const auto counts = histogram.Counts();
  EXPECT_EQ(counts[0] + counts[1] + counts[2], 4000U);
}

TEST(MetricRegistryDeathTest, TakenAndMalformedNamesStopTheProcess) {
  MetricRegistry registry;
  registry.AddGauge("g", "");
  EXPECT_DEATH(registry.AddGauge("g", ""), "broken invariant");
  EXPECT_DEATH(registry.AddGauge("1g", ""), "broken invariant");
  EXPECT_DEATH(registry.AddGauges({.name = "h", .help = "", .labels = {"le"}}), "broken invariant");
}

TEST(ProcessMetrics, SayWhatTheKernelSays) {
  MetricRegistry registry;
  AddProcessMetrics(registry);
  const Page page = ParsePage(registry.Expose());
  EXPECT_EQ(page.types.at("process_cpu_seconds_total"), "counter");
  EXPECT_GT(page.samples.at("process_resident_memory_bytes"), 1 << 20);
  EXPECT_GE(page.samples.at("process_open_fds"), 3);
  EXPECT_GE(page.samples.at("process_max_fds"), page.samples.at("process_open_fds"));
  EXPECT_GE(page.samples.at("process_threads"), 1);
  const auto now =
      std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_NEAR(page.samples.at("process_start_time_seconds"), now, 3600);
}

}  // namespace
}  // namespace weir
