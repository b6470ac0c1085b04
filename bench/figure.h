#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

// What the benches share: a line of results, and how times are told.

namespace weir {

/// A line of a bench's results (README.md). `ratio` is ours beside the peer's, above 1 better for
/// us.
struct Figure {
  std::string what;
  std::string unit;
  double weir = 0;
  double peer = 0;
  std::string peer_name = {};  ///< empty: the bar is absolute
  double ratio = 0;
  std::string bar = {};
  bool met = false;
  std::string note = {};
};

inline void Report(std::FILE* out, const Figure& figure) {
  fmt::print("{}: {:.4g} {}", figure.what, figure.weir, figure.unit);
  std::string peer;
  if (!figure.peer_name.empty()) {
    fmt::print(", {} {:.4g}: {:.2f} x", figure.peer_name, figure.peer, figure.ratio);
    peer = fmt::format(R"("peer": {:.6g}, "peer_name": "{}", "ratio": {:.3f}, )", figure.peer,
                       figure.peer_name, figure.ratio);
  }
  fmt::print(" (bar {}: {})\n", figure.bar, figure.met ? "met" : "missed");
  fmt::print(out,
             R"({{"what": "{}", "unit": "{}", "weir": {:.6g}, {}"bar": "{}", "met": {}, )"
             R"("note": "{}"}})"
             "\n",
             figure.what, figure.unit, figure.weir, peer, figure.bar, figure.met, figure.note);
}

/// The value below which `part` of the values lie.
inline double Quantile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  const auto index = static_cast<std::size_t>(part * static_cast<double>(values.size()));
  return values[std::min(index, values.size() - 1)];
}

inline double Median(std::vector<double> values) { return Quantile(std::move(values), 0.5); }

/// Seconds that `work` takes.
template <typename Work>
double SecondsOf(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The main of a bench: `--out FILE` names where its lines go.
template <typename Bench>
int RunBench(int count, char** arguments) {
  if (count != 3 || std::strcmp(arguments[1], "--out") != 0) return 2;
  std::FILE* out = std::fopen(arguments[2], "w");
  if (out == nullptr) return 1;
  Bench(out).Run();
  return std::fclose(out);
}

}  // namespace weir
