// SHA3-256 of several streams side by side, on one core, beside OpenSSL hashing one stream.
// Method: 8 MiB in each stream, pieces of 64 KiB, the median of nine runs of each contestant, taken
// in turns so that a change of the clock's pace meets all alike.
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "base/sha3.h"
#include "base/sha3_group.h"

namespace weir {
namespace {

constexpr std::size_t kStreamBytes = 8 << 20;
constexpr std::size_t kPieceBytes = 64 << 10;
constexpr int kRuns = 9;

struct Contestant {
  std::string what;
  std::size_t bytes;
  std::function<Digest()> hash;
  std::optional<double> bar;  // times OpenSSL
  std::vector<double> rates = {};

  // Megabytes in a second.
  double Median() {
    std::sort(rates.begin(), rates.end());
    return rates[rates.size() / 2];
  }
};

// Time this thread has spent on a core; what else the machine does does not count.
double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

Digest ByOpenSsl(ByteView bytes) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA3-256", nullptr);
  static EVP_MD_CTX* const context = EVP_MD_CTX_new();
  Digest digest;
  WEIR_CHECK(EVP_DigestInit_ex2(context, algorithm, nullptr) == 1);
  for (std::size_t at = 0; at < bytes.size(); at += kPieceBytes) {
    WEIR_CHECK(EVP_DigestUpdate(context, bytes.data() + at, kPieceBytes) == 1);
  }
  WEIR_CHECK(
      EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1);
  return digest;
}

Digest ByGroup(const std::vector<Bytes>& streams, KeccakPath path, bool in_place) {
  const std::size_t lanes = LanesOf(path);
  Sha3Group group({.path = path});
  for (std::size_t lane = 0; lane < lanes; ++lane) group.AddStream();
  std::vector<ByteView> pieces(lanes);
  for (std::size_t at = 0; at < kStreamBytes; at += kPieceBytes) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      pieces[lane] = ByteView(streams[lane]).subspan(at, kPieceBytes);
      if (!in_place) group.Append(lane, pieces[lane]);
    }
    if (in_place) group.AppendEach(pieces);
  }
  return group.Finish().front();
}

std::vector<Contestant> Contestants(const std::vector<Bytes>& streams) {
  const ByteView one = streams.front();
  std::vector<Contestant> all;
  all.push_back(
      {"SHA3-256 by OpenSSL, 1 stream", kStreamBytes, [one] { return ByOpenSsl(one); }, {}});
  all.push_back({"SHA3-256, 1 stream", kStreamBytes, [one] { return Sha3::Of(one); }, {}});
  const auto add = [&](KeccakPath path, const char* name, double bar) {
    if (!IsUsable(path)) return;
    const std::size_t lanes = LanesOf(path);
    all.push_back({fmt::format("SHA3-256, {} streams with {}", lanes, name), lanes * kStreamBytes,
                   [&streams, path] { return ByGroup(streams, path, true); }, bar});
    all.push_back({fmt::format("SHA3-256, {} streams with {}, copied piece by piece", lanes, name),
                   lanes * kStreamBytes, [&streams, path] { return ByGroup(streams, path, false); },
                   bar});
  };
  add(KeccakPath::kAvx2, "AVX2", 1.7);
  add(KeccakPath::kAvx512, "AVX-512", 4.0);
  return all;
}

void Measure(std::vector<Contestant>& all) {
  const Digest expected = all.front().hash();
  for (int run = -1; run < kRuns; ++run) {  // the first warms up
    for (Contestant& one : all) {
      const double start = CpuSeconds();
      const Digest digest = one.hash();
      const double seconds = CpuSeconds() - start;
      WEIR_CHECK(digest == expected);
      if (run >= 0) one.rates.push_back(static_cast<double>(one.bytes) / seconds / 1e6);
    }
  }
}

void Report(std::vector<Contestant>& all, std::FILE* out) {
  const double peer = all.front().Median();
  for (auto one = all.begin() + 1; one != all.end(); ++one) {
    const double rate = one->Median();
    const double ratio = rate / peer;
    const std::string bar = one->bar ? fmt::format(">= {} x", *one->bar) : "none";
    const bool met = !one->bar || ratio >= *one->bar;
    fmt::print("{:<60} {:>6.0f} MB/s  {:>5.2f} x  (bar {})\n", one->what, rate, ratio, bar);
    fmt::print(out,
               R"({{"what": "{}", "unit": "MB/s", "weir": {:.0f}, "peer": {:.0f}, )"
               R"("peer_name": "OpenSSL, one stream", "ratio": {:.2f}, "bar": "{}", )"
               R"("met": {}, "note": "one core"}})"
               "\n",
               one->what, rate, peer, ratio, bar, met);
  }
}

int Main(int argc, char** argv) {
  if (argc != 3 || std::strcmp(argv[1], "--out") != 0) {
    fmt::print(stderr, "usage: {} --out FILE\n", argv[0]);
    return 2;
  }
  const auto rng = SeededRng(1);
  std::vector<Bytes> streams(kMostKeccakLanes, Bytes(kStreamBytes));
  for (Bytes& stream : streams) rng->Fill(stream);
  std::FILE* out = std::fopen(argv[2], "w");
  if (out == nullptr) {
    std::perror(argv[2]);
    return 1;
  }
  std::vector<Contestant> all = Contestants(streams);
  Measure(all);
  Report(all, out);
  return std::fclose(out) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) { return weir::Main(argc, argv); }
