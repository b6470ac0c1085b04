// Ingest of a CSV file of 5,000,000 rows and five columns to a committed block, Append and Ledger,
// in event-time order and shuffled, beside DuckDB's COPY of the same file to Parquet, which neither
// hashes nor merges. Method: files made by DuckDB with a fixed seed; two threads for both; medians
// of three, in turns.
#include <cstring>
#include <duckdb.hpp>

#include "base/check.h"
#include "base/testing/temp_dir.h"
#include "bench/figure.h"
#include "control/sqlite_store.h"
#include "datasets/chain_store.h"
#include "objects/local_object_store.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {
namespace {

constexpr int kRounds = 3;
constexpr double kRows = 5'000'000;

void Query(duckdb::Connection& connection, const std::string& sql) {
  const auto result = connection.Query(sql);
  if (result->HasError()) fmt::print(stderr, "{}\n", result->GetError());
  WEIR_CHECK(!result->HasError());
}

odf::ReadStep CsvStep() {
  return {odf::ReadStepCsv{
      .ddl_schema = std::vector<std::string>{"event_time TIMESTAMP not null", "id BIGINT not null",
                                             "city STRING", "amount DOUBLE", "quantity INT"},
      .header = true}};
}

class Bench {
 public:
  explicit Bench(std::FILE* out) : out_(out), database_(nullptr), duckdb_(database_) {
    Query(duckdb_, "SET threads = 2");
    Query(duckdb_, "SELECT setseed(0.5)");
    MakeFiles();
  }

  void Run() {
    for (const bool ordered : {true, false}) {
      const std::filesystem::path& file = ordered ? ordered_ : shuffled_;
      std::vector<double> peer;
      std::vector<double> append;
      std::vector<double> ledger;
      for (int round = 0; round < kRounds; ++round) {
        peer.push_back(Copy(file));
        append.push_back(Ingest(file, {odf::MergeStrategyAppend{}}));
        ledger.push_back(Ingest(file, {odf::MergeStrategyLedger{.primary_key = {"id"}}}));
      }
      Tell("Append", ordered, Median(append), Median(peer));
      Tell("Ledger", ordered, Median(ledger), Median(peer));
    }
  }

 private:
  void MakeFiles() {
    Query(duckdb_,
          "CREATE TABLE t AS SELECT TIMESTAMP '2026-01-01' + INTERVAL (range * 7) MILLISECOND AS "
          "event_time, range AS id, 'city ' || (range * 7919 % 1000) AS city, "
          "random() * 1000 AS amount, (range % 97)::INTEGER AS quantity FROM range(5000000)");
    Query(duckdb_, fmt::format("COPY t TO '{}' (HEADER)", ordered_.string()));
    Query(duckdb_, fmt::format("COPY (SELECT * FROM t ORDER BY hash(id)) TO '{}' (HEADER)",
                               shuffled_.string()));
    Query(duckdb_, "DROP TABLE t");
  }

  double Copy(const std::filesystem::path& file) {
    const std::string sql = fmt::format(
        "COPY (SELECT * FROM read_csv('{}', header = true, columns = {{event_time: 'TIMESTAMP', "
        "id: 'BIGINT', city: 'VARCHAR', amount: 'DOUBLE', quantity: 'INTEGER'}})) TO '{}' "
        "(FORMAT parquet)",
        file.string(), (directory_ / "peer.parquet").string());
    return SecondsOf([&] { Query(duckdb_, sql); });
  }

  double Ingest(const std::filesystem::path& file, odf::MergeStrategy merge) {
    const odf::DatasetId id = Begin(std::move(merge));
    return SecondsOf([&] {
      const auto report = ingestor_.Push(
          Context::Background(),
          {.dataset = id, .input = PosixFiles().Open(file).value(), .input_name = "bench.csv"});
      if (!report) fmt::print(stderr, "{}\n", report.error().message);
      WEIR_CHECK(report && report->rows == static_cast<std::uint64_t>(kRows));
    });
  }

  odf::DatasetId Begin(odf::MergeStrategy merge) {
    odf::DatasetId::PublicKey key{};
    key[0] = ++datasets_;
    const odf::DatasetId id(key);
    datasets::AppendRequest request{.id = id, .system_time = SystemClock().Now()};
    request.blocks.push_back({.event = {odf::Seed{.dataset_id = id}}});
    request.blocks.push_back({.event = {odf::AddPushSource{
                                  .source_name = "default", .read = CsvStep(), .merge = merge}}});
    WEIR_CHECK(chains_.Append(Context::Background(), request).has_value());
    return id;
  }

  void Tell(std::string_view merge, bool ordered, double ours, double peer) {
    const double bar = ordered ? 0.7 : 0.5;
    const double ratio = peer / ours;
    Report(out_, {.what = fmt::format("ingest of 5 M rows of CSV, {}, {}", merge,
                                      ordered ? "in event-time order" : "shuffled"),
                  .unit = "rows/s",
                  .weir = kRows / ours,
                  .peer = kRows / peer,
                  .peer_name = "DuckDB COPY to Parquet",
                  .ratio = ratio,
                  .bar = fmt::format(">= {:.0f} %", 100 * bar),
                  .met = ratio >= bar});
  }

  std::FILE* out_;
  const TempDir directory_;
  const std::filesystem::path ordered_ = directory_ / "ordered.csv";
  const std::filesystem::path shuffled_ = directory_ / "shuffled.csv";
  duckdb::DuckDB database_;
  duckdb::Connection duckdb_;
  const std::unique_ptr<control::Store> store_ =
      control::OpenSqliteStore(directory_ / "control.db").value();
  objects::LocalObjectStore objects_{directory_ / "datasets", PosixFiles()};
  datasets::ChainStore chains_{*store_, objects_};
  datasets::StateStore states_{chains_, PosixFiles(), directory_ / "states"};
  Ingestor ingestor_{chains_, states_, PosixFiles(), SystemClock(),
                     IngestOptions{.engine = {.threads = 2,
                                              .memory_bytes = 4ULL << 30,
                                              .spill_directory = directory_ / "spill"},
                                   .scratch = directory_ / "scratch"}};
  std::uint8_t datasets_ = 0;
};

}  // namespace
}  // namespace weir::pipelines

int main(int count, char** arguments) {
  return weir::RunBench<weir::pipelines::Bench>(count, arguments);
}
