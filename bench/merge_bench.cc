// Merges into a dataset of 10,000,000 rows with a kept state: a Snapshot of all of them of which
// one in a hundred changed, an UpsertStream of 1,000,000 rows and one of 100; where the rows came
// in one block, and where they came in 1,000. Method: Parquet inputs made by DuckDB with a fixed
// seed, two threads, 4 GiB; the state is made once and stays as it is; medians of three (of twenty
// for 100 rows).
#include <cstring>
#include <duckdb.hpp>

#include "base/check.h"
#include "base/testing/temp_dir.h"
#include "bench/figure.h"
#include "control/sqlite_store.h"
#include "datasets/chain_store.h"
#include "datasets/state_store.h"
#include "objects/local_object_store.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {
namespace {

constexpr std::uint64_t kRows = 10'000'000;
const std::vector<std::string> kKey = {"id"};
constexpr const char* kLoad = "load";  // the source that rows are first brought in by

void Query(duckdb::Connection& connection, const std::string& sql) {
  const auto result = connection.Query(sql);
  if (result->HasError()) fmt::print(stderr, "{}\n", result->GetError());
  WEIR_CHECK(!result->HasError());
}

class Bench {
 public:
  explicit Bench(std::FILE* out) : out_(out), database_(nullptr), duckdb_(database_) {
    Query(duckdb_, "SET threads = 2");
  }

  void Run() {
    const Times one = MergeAfter(1);
    const Times many = MergeAfter(1000);
    Tell("Snapshot of 10 M rows, 1 % changed", kRows, one.snapshot, 1'200'000);
    const double milliseconds = 1e3 * one.few;
    Report(out_, {.what = "UpsertStream of 100 rows into 10 M, durable",
                  .unit = "ms",
                  .weir = milliseconds,
                  .bar = "<= 20 ms",
                  .met = milliseconds <= 20});
    Tell("UpsertStream of 1 M rows into 10 M", 1e6, one.upsert, 500'000);
    Compare("Snapshot of 10 M rows", many.snapshot, one.snapshot);
    Compare("UpsertStream of 100 rows", many.few, one.few);
    Compare("UpsertStream of 1 M rows", many.upsert, one.upsert);
  }

 private:
  struct Times {
    double snapshot = 0;
    double few = 0;
    double upsert = 0;
  };

  Times MergeAfter(int blocks) {
    Times times;
    times.snapshot = Snapshots(blocks);
    const odf::DatasetId id = Load({odf::MergeStrategyUpsertStream{.primary_key = kKey}}, blocks);
    times.few = FewUpserts(id);
    times.upsert = ManyUpserts(id);
    return times;
  }

  // Rows of the numbers in `from`; `change` is added to an amount.
  std::filesystem::path Make(const std::string& name, const std::string& from,
                             const std::string& change) {
    std::filesystem::path path = directory_ / (name + ".parquet");
    Query(
        duckdb_,
        fmt::format("COPY (SELECT TIMESTAMPTZ '2026-01-01 00:00:00Z' AS event_time, range::BIGINT "
                    "AS id, 'city ' || (range * 7919 % 1000) AS city, (range % 9973) / 7.0 + {} "
                    "AS amount, (range % 97)::INTEGER AS quantity FROM {}) TO '{}' (FORMAT "
                    "parquet)",
                    change, from, path.string()));
    return path;
  }

  odf::DatasetId Begin(odf::MergeStrategy merge) {
    odf::DatasetId::PublicKey key{};
    key[0] = ++datasets_;
    const odf::DatasetId id(key);
    datasets::AppendRequest request{.id = id, .system_time = SystemClock().Now()};
    request.blocks.push_back({.event = {odf::Seed{.dataset_id = id}}});
    const auto add = [&](const char* name, odf::MergeStrategy strategy) {
      request.blocks.push_back({.event = {odf::AddPushSource{.source_name = name,
                                                             .read = {odf::ReadStepParquet{}},
                                                             .merge = std::move(strategy)}}});
    };
    add("default", std::move(merge));
    add(kLoad, {odf::MergeStrategyAppend{}});
    WEIR_CHECK(chains_.Append(Context::Background(), request).has_value());
    return id;
  }

  // A dataset of all rows, which came in so many blocks, with its state.
  odf::DatasetId Load(odf::MergeStrategy merge, int blocks) {
    const odf::DatasetId id = Begin(std::move(merge));
    const std::uint64_t rows = kRows / static_cast<std::uint64_t>(blocks);
    for (std::uint64_t first = 0; first < kRows; first += rows) {
      Push(id, Make("part", fmt::format("range({}, {})", first, first + rows), "0"), kLoad);
    }
    KeepState(id);
    return id;
  }

  std::uint64_t Push(const odf::DatasetId& id, const std::filesystem::path& file,
                     const char* source = "default") {
    const auto report =
        ingestor_.Push(Context::Background(), {.dataset = id,
                                               .input = PosixFiles().Open(file).value(),
                                               .input_name = "bench.parquet",
                                               .source_name = source});
    if (!report) fmt::print(stderr, "{}\n", report.error().message);
    WEIR_CHECK(report.has_value());
    return report->rows;
  }

  void KeepState(const odf::DatasetId& id) {
    const auto record = chains_.Read(Context::Background(), id).value();
    const datasets::ReadPoint point{.head = record.chain.head.value(),
                                    .sequence_number = record.chain.sequence_number,
                                    .vocab = record.chain.vocab};
    WEIR_CHECK(states_.Refresh(Context::Background(), *engine_, id, point, kKey).value());
  }

  double Snapshots(int blocks) {
    const odf::DatasetId id = Load({odf::MergeStrategySnapshot{.primary_key = kKey}}, blocks);
    std::vector<double> times;
    for (int round = 1; round <= 3; ++round) {
      const auto changed = Make("changed", "range(10000000)",
                                fmt::format("CASE WHEN range % 100 = 0 THEN {} ELSE 0 END", round));
      times.push_back(SecondsOf([&] { WEIR_CHECK(Push(id, changed) == kRows / 100 * 2); }));
    }
    return Median(times);
  }

  double FewUpserts(const odf::DatasetId& id) {
    std::vector<double> times;
    for (int round = 1; round <= 20; ++round) {
      const auto rows = Make("few", fmt::format("range({}, {})", round * 1000, round * 1000 + 100),
                             std::to_string(round));
      times.push_back(SecondsOf([&] { WEIR_CHECK(Push(id, rows) == 200); }));
    }
    return Median(times);
  }

  double ManyUpserts(const odf::DatasetId& id) {
    std::vector<double> times;
    for (int round = 1; round <= 3; ++round) {
      const auto rows = Make("many", "(SELECT range * 7 AS range FROM range(1000000))",
                             std::to_string(100 * round));
      times.push_back(SecondsOf([&] { WEIR_CHECK(Push(id, rows) == 2'000'000); }));
    }
    return Median(times);
  }

  void Compare(const std::string& what, double many, double one) {
    Report(out_, {.what = what + ", after 1,000 blocks",
                  .unit = "ms",
                  .weir = 1e3 * many,
                  .peer = 1e3 * one,
                  .peer_name = "after one",
                  .ratio = many / one,
                  .bar = "<= 1.3 x the time",
                  .met = many <= 1.3 * one});
  }

  void Tell(const std::string& what, double rows, double seconds, double bar) {
    Report(out_, {.what = what,
                  .unit = "rows/s",
                  .weir = rows / seconds,
                  .bar = fmt::format(">= {:.0f} rows/s", bar),
                  .met = rows / seconds >= bar});
  }

  std::FILE* out_;
  const TempDir directory_;
  duckdb::DuckDB database_;
  duckdb::Connection duckdb_;
  const engine::EngineOptions options_{
      .threads = 2, .memory_bytes = 4ULL << 30, .spill_directory = directory_ / "spill"};
  const std::unique_ptr<control::Store> store_ =
      control::OpenSqliteStore(directory_ / "control.db").value();
  objects::LocalObjectStore objects_{directory_ / "datasets", PosixFiles()};
  datasets::ChainStore chains_{*store_, objects_};
  datasets::StateStore states_{chains_, PosixFiles(), directory_ / "states"};
  const std::unique_ptr<engine::Engine> engine_ = engine::OpenDuckDbEngine(options_).value();
  Ingestor ingestor_{chains_, states_, PosixFiles(), SystemClock(),
                     IngestOptions{.engine = options_, .scratch = directory_ / "scratch"}};
  std::uint8_t datasets_ = 0;
};

}  // namespace
}  // namespace weir::pipelines

int main(int count, char** arguments) {
  return weir::RunBench<weir::pipelines::Bench>(count, arguments);
}
