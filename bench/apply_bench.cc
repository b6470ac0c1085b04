// Ten thousand manifests applied to an empty home, and applied again unchanged: from the text to
// the durable commit, reading, checking and sealing included. Method: secrets with two sealed
// values, a hundred in each file; a home of its own for each of five runs, the medians of all.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/files.h"
#include "base/rng.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"
#include "resources/core_kinds.h"
#include "resources/resource_service.h"
#include "secrets/key_file.h"
#include "secrets/resource_sealer.h"
#include "secrets/sealer.h"
#include "secrets/secret_kind.h"

namespace weir {
namespace {

constexpr int kManifests = 10'000;
constexpr int kPerFile = 100;
constexpr int kRuns = 5;

resources::ApplyRequest Manifests() {
  resources::ApplyRequest request;
  std::string text;
  for (int number = 0; number < kManifests; ++number) {
    text += fmt::format(
        "name: secret-{0}\nversion: v1\ntype: secret\ntags:\n  - bench\n  - 'team:{1}'\n"
        "description: Number {0} of many\nsecret:\n  type: key-value\n  acl: rw\n  data:\n"
        "    username: user-{0}\n    password: pass-{0}-word\n---\n",
        number, number % 7);
    if ((number + 1) % kPerFile == 0) {
      request.documents.push_back(
          {.source = fmt::format("{}.yaml", number / kPerFile), .text = std::move(text)});
      text.clear();
    }
  }
  return request;
}

// Everything an apply goes through, in a directory that goes with it.
class Home {
 public:
  Home() {
    registry_.Add(resources::MakeWorkspaceKind());
    registry_.Add(resources::MakeBundleKind(registry_));
    registry_.Add(secrets::MakeSecretKind());
    store_ = control::OpenSqliteStore(dir_ / "control.db").value();
    sealer_ = secrets::Sealer::Open(secrets::KeyFile(PosixFiles(), dir_ / "sealing"), SystemRng())
                  .value();
    resource_sealer_ = std::make_unique<secrets::ResourceSealer>(*sealer_);
    service_ = resources::ResourceService::Open(context_, *store_, registry_,
                                                resource_sealer_.get(), SystemClock())
                   .value();
  }

  // Seconds of one apply, of which every change must be `outcome`.
  double Apply(const resources::ApplyRequest& request, resources::Outcome outcome) {
    resources::Problems problems;
    const auto start = std::chrono::steady_clock::now();
    const auto answer = service_->Apply(context_, request, problems);
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    WEIR_CHECK_MSG(answer.has_value(), answer.error().message);
    WEIR_CHECK(answer->changes.size() == kManifests);
    for (const auto& change : answer->changes) WEIR_CHECK(change.outcome == outcome);
    return passed.count();
  }

 private:
  const Context context_ = Context::Background().WithPrincipal({.name = "owner"});
  TempDir dir_;
  resources::KindRegistry registry_;
  std::unique_ptr<control::Store> store_;
  std::unique_ptr<secrets::Sealer> sealer_;
  std::unique_ptr<secrets::ResourceSealer> resource_sealer_;
  std::unique_ptr<resources::ResourceService> service_;
};

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void Report(std::FILE* out, std::string_view what, double seconds, double bar) {
  fmt::print("{:<40} {:>6.2f} s  (bar <= {} s)\n", what, seconds, bar);
  fmt::print(out,
             R"({{"what": "{}", "unit": "s", "weir": {:.3f}, "bar": "<= {} s", "met": {}, )"
             R"("note": "secrets with two sealed values, from YAML to the durable commit"}})"
             "\n",
             what, seconds, bar, seconds <= bar);
}

int Main(int argc, char** argv) {
  if (argc != 3 || std::strcmp(argv[1], "--out") != 0) {
    fmt::print(stderr, "usage: {} --out FILE\n", argv[0]);
    return 2;
  }
  std::FILE* out = std::fopen(argv[2], "w");
  if (out == nullptr) {
    std::perror(argv[2]);
    return 1;
  }
  const resources::ApplyRequest request = Manifests();
  std::vector<double> created;
  std::vector<double> unchanged;
  for (int run = -1; run < kRuns; ++run) {  // the first warms up
    Home home;
    const double first = home.Apply(request, resources::Outcome::kCreated);
    const double second = home.Apply(request, resources::Outcome::kUnchanged);
    if (run < 0) continue;
    created.push_back(first);
    unchanged.push_back(second);
  }
  Report(out, "apply 10,000 manifests", Median(created), 5);
  Report(out, "apply them again unchanged", Median(unchanged), 1);
  return std::fclose(out) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) { return weir::Main(argc, argv); }
