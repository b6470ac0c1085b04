// A derivative over 50,000,000 rows (BENCH_ROWS: other many), a grouped aggregate of count, sum and
// avg with 10,000 and with 1,000,000 groups: its first build, beside DuckDB alone writing the same
// result as Parquet from the same slices, and from the files that came; and its update after 1,000
// new rows, beside DuckDB alone computing all of it again. And exact sums of doubles beside
// DuckDB's own. Method: rows made by DuckDB with a fixed seed, brought in as 50 blocks, two
// threads, 4 GiB; medians of five updates.
#include <fmt/ranges.h>
#include <cstdlib>
#include <duckdb.hpp>

#include "base/check.h"
#include "base/testing/temp_dir.h"
#include "bench/figure.h"
#include "control/sqlite_store.h"
#include "datasets/chain_store.h"
#include "datasets/state_store.h"
#include "engine/workbench.h"
#include "objects/local_object_store.h"
#include "pipelines/derive/derive.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {
namespace {

constexpr int kBlocks = 50;
constexpr int kUpdates = 5;

std::uint64_t Rows() {
  const char* asked = std::getenv("BENCH_ROWS");
  return asked == nullptr ? 50'000'000 : std::strtoull(asked, nullptr, 10);
}

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
    Load();
    Follow("10,000 groups", "few", 50);
    Follow("1 M groups", "many", 100);
    Sums();
  }

 private:
  std::filesystem::path Make(std::uint64_t first, std::uint64_t count) {
    std::filesystem::path path = directory_ / fmt::format("{}.parquet", first);
    Query(duckdb_,
          fmt::format("COPY (SELECT range::BIGINT AS id, (range * 7919 % 10000)::INTEGER AS few, "
                      "(range * 104729 % 1000000)::INTEGER AS many, (range % 9973) / 7.0 AS amount "
                      "FROM range({}, {})) TO '{}' (FORMAT parquet)",
                      first, first + count, path.string()));
    return path;
  }

  void Load() {
    datasets::AppendRequest request{.id = IdOf(1), .system_time = SystemClock().Now()};
    request.blocks.push_back({.event = {odf::Seed{.dataset_id = IdOf(1)}}});
    request.blocks.push_back(
        {.event = {odf::AddPushSource{.source_name = "default",
                                      .read = {odf::ReadStepParquet{}},
                                      .merge = {odf::MergeStrategyAppend{}}}}});
    WEIR_CHECK(chains_.Append(Context::Background(), request).has_value());
    const std::uint64_t rows = Rows() / kBlocks;
    for (int block = 0; block < kBlocks; ++block) Push(rows);
  }

  void Push(std::uint64_t rows) {
    const auto path = Make(next_, rows);
    next_ += rows;
    const auto report =
        ingestor_.Push(Context::Background(), {.dataset = IdOf(1),
                                               .input = PosixFiles().Open(path).value(),
                                               .input_name = "bench.parquet"});
    if (!report) fmt::print(stderr, "{}\n", report.error().message);
    WEIR_CHECK(report.has_value());
    files_.push_back(path.string());
  }

  static odf::DatasetId IdOf(std::uint8_t number) {
    odf::DatasetId::PublicKey key{};
    key[0] = number;
    return odf::DatasetId(key);
  }

  odf::DatasetId Begin(const std::string& sql) {
    const odf::DatasetId id = IdOf(++datasets_);
    datasets::AppendRequest request{.id = id, .system_time = SystemClock().Now()};
    request.blocks.push_back(
        {.event = {odf::Seed{.dataset_id = id, .dataset_kind = odf::DatasetKind::kDerivative}}});
    odf::SetTransform transform{.inputs = {{.dataset_ref = IdOf(1).ToString(), .alias = "r"}},
                                .transform = {odf::TransformSql{.engine = "duckdb", .query = sql}}};
    request.blocks.push_back({.event = odf::NormalizeEvent({std::move(transform)}).value()});
    WEIR_CHECK(chains_.Append(Context::Background(), request).has_value());
    return id;
  }

  void Update(const odf::DatasetId& id) {
    const auto report = deriver_.Update(Context::Background(), id);
    if (!report) fmt::print(stderr, "{}\n", report.error().message);
    WEIR_CHECK(report.has_value() && report->is_committed);
  }

  // DuckDB alone: the median of three.
  double Alone(const std::string& group, const std::vector<std::string>& files) {
    std::vector<double> times;
    for (int round = 0; round < 3; ++round) {
      times.push_back(SecondsOf([&] {
        Query(duckdb_,
              fmt::format("COPY (SELECT {0}, count(*) AS n, sum(amount) AS total, "
                          "avg(amount) AS average FROM read_parquet(['{1}']) GROUP BY {0} "
                          "ORDER BY {0}) TO '{2}' (FORMAT parquet)",
                          group, fmt::join(files, "', '"), (directory_ / "alone.out").string()));
      }));
    }
    return Median(times);
  }

  // Of the dataset that everything is derived from.
  std::vector<std::string> Slices() {
    WEIR_CHECK(chains_.PublishAll(Context::Background()).has_value());
    std::vector<std::string> slices;
    const auto data = directory_ / "datasets" / IdOf(1).ToMultibase() / "data";
    for (const auto& entry : std::filesystem::directory_iterator(data)) {
      slices.push_back(entry.path().string());
    }
    WEIR_CHECK(slices.size() == files_.size());
    return slices;
  }

  void Follow(const std::string& what, const std::string& group, double bar) {
    const odf::DatasetId id = Begin(fmt::format(
        "SELECT {0}, count(*) AS n, sum(amount) AS total, avg(amount) AS average FROM r GROUP BY "
        "{0}",
        group));
    const double first = SecondsOf([&] { Update(id); });
    const double peer = Alone(group, Slices());
    const double of_files = Alone(group, files_);
    Report(out_,
           {.what = fmt::format("first build, {}", what),
            .unit = "s",
            .weir = first,
            .peer = peer,
            .peer_name = "DuckDB alone",
            .ratio = peer / first,
            .bar = ">= 0.6 x",
            .met = peer / first >= 0.6,
            .note = fmt::format("from the files as they came, with the writer's own encodings, "
                                "DuckDB alone takes {:.3g} s: {:.2f} x",
                                of_files, of_files / first)});
    std::vector<double> times;
    for (int round = 0; round < kUpdates; ++round) {
      Push(1000);
      times.push_back(SecondsOf([&] { Update(id); }));
    }
    const double update = 1e3 * Median(times);
    Report(out_, {.what = fmt::format("update after 1,000 rows, {}", what),
                  .unit = "ms",
                  .weir = update,
                  .bar = fmt::format("<= {:.0f} ms", bar),
                  .met = update <= bar});
    Report(out_, {.what = fmt::format("the same beside all again, {}", what),
                  .unit = "ms",
                  .weir = update,
                  .peer = 1e3 * peer,
                  .peer_name = "DuckDB alone",
                  .ratio = 1e3 * peer / update,
                  .bar = ">= 100 x",
                  .met = 1e3 * peer / update >= 100,
                  .note = fmt::format("beside DuckDB alone from the files as they came: {:.1f} x",
                                      1e3 * of_files / update)});
  }

  double Sum(engine::Workbench& bench, const char* function) {
    std::vector<double> times;
    for (int round = 0; round < 5; ++round) {
      times.push_back(SecondsOf([&] {
        const auto rows =
            bench.Query(Context::Background(), fmt::format("SELECT {}(v) FROM numbers", function))
                .value();
        while (rows->Next().value()) {
        }
      }));
    }
    return Median(times);
  }

  void Sums() {
    const auto bench = engine::OpenDuckDbWorkbench(options_).value();
    const Status made = bench->Execute(
        Context::Background(),
        "CREATE TABLE numbers AS SELECT (range * 7919 % 100003) / 7.0 AS v FROM range(20000000)");
    WEIR_CHECK(made.has_value());
    const double ours = Sum(*bench, "exact_sum");
    const double peer = Sum(*bench, "sum");
    Report(out_, {.what = "exact sum of 20 M doubles",
                  .unit = "ms",
                  .weir = 1e3 * ours,
                  .peer = 1e3 * peer,
                  .peer_name = "DuckDB's sum",
                  .ratio = peer / ours,
                  .bar = "<= 2.5 x the time",
                  .met = ours <= 2.5 * peer});
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
  Ingestor ingestor_{chains_, states_, PosixFiles(), SystemClock(),
                     IngestOptions{.engine = options_, .scratch = directory_ / "scratch"}};
  Deriver deriver_{chains_, states_, PosixFiles(), SystemClock(),
                   DeriveOptions{.engine = options_, .scratch = directory_ / "scratch"}};
  std::vector<std::string> files_;
  std::uint64_t next_ = 0;
  std::uint8_t datasets_ = 1;
};

}  // namespace
}  // namespace weir::pipelines

int main(int count, char** arguments) {
  return weir::RunBench<weir::pipelines::Bench>(count, arguments);
}
