// What five checks add to the ingest of a CSV file of 5,000,000 rows and five columns: not null,
// unique, two ranges and accepted values, refused when they fail (they do not). Beside the same
// ingest without checks. Method: the file is made by DuckDB with a fixed seed; two threads; medians
// of five, in turns.
#include <boost/json/array.hpp>
#include <duckdb.hpp>

#include "base/check.h"
#include "base/json_reader.h"
#include "base/testing/temp_dir.h"
#include "bench/figure.h"
#include "contracts/check_json.h"
#include "control/sqlite_store.h"
#include "datasets/chain_store.h"
#include "datasets/check_results.h"
#include "datasets/directory.h"
#include "objects/local_object_store.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {
namespace {

constexpr int kRounds = 5;
constexpr double kRows = 5'000'000;

constexpr std::string_view kChecks = R"([
  {"notNull": ["id", "city"]},
  {"unique": ["id"]},
  {"range": {"column": "amount", "min": 0, "max": 1000}},
  {"range": {"column": "event_time", "min": "2026-01-01"}},
  {"acceptedValues": {"column": "kind", "values": ["a", "b", "c", "d"]}}])";

odf::ReadStep CsvStep() {
  return {odf::ReadStepCsv{
      .ddl_schema = std::vector<std::string>{"event_time TIMESTAMP not null", "id BIGINT not null",
                                             "city STRING", "amount DOUBLE", "kind STRING"},
      .header = true}};
}

class Bench {
 public:
  explicit Bench(std::FILE* out) : out_(out) { MakeFile(); }

  void Run() {
    for (const bool shuffled : {false, true}) {
      std::vector<double> without;
      std::vector<double> with;
      for (int round = 0; round < kRounds; ++round) {
        without.push_back(Ingest("[]", shuffled));
        with.push_back(Ingest(kChecks, shuffled));
      }
      Tell(Median(with), Median(without), shuffled);
    }
  }

 private:
  void MakeFile() {
    duckdb::DuckDB database(nullptr);
    duckdb::Connection connection(database);
    const auto run = [&](const std::string& sql) {
      WEIR_CHECK(!connection.Query(sql)->HasError());
    };
    run("SET threads = 2");
    run("SELECT setseed(0.5)");
    for (const bool shuffled : {false, true}) {
      const char* id = shuffled ? "(range * 7368787) % 5000011" : "range";
      run(
          fmt::format("COPY (SELECT TIMESTAMP '2026-01-01' + INTERVAL (range * 7) MILLISECOND AS "
                      "event_time, {} AS id, 'city ' || (range * 7919 % 1000) AS city, "
                      "random() * 1000 AS amount, chr((97 + range % 4)::INTEGER) AS kind "
                      "FROM range(5000000)) TO '{}' (HEADER)",
                      id, File(shuffled).string()));
    }
  }

  std::filesystem::path File(bool shuffled) const {
    return directory_ / (shuffled ? "shuffled.csv" : "ordered.csv");
  }

  double Ingest(std::string_view checks, bool shuffled) {
    const odf::DatasetId id = Begin(checks);
    return SecondsOf([&] {
      const auto report =
          ingestor_.Push(Context::Background(), {.dataset = id,
                                                 .input = PosixFiles().Open(File(shuffled)).value(),
                                                 .input_name = "bench.csv"});
      if (!report) fmt::print(stderr, "{}\n", report.error().message);
      WEIR_CHECK(report && report->rows == static_cast<std::uint64_t>(kRows));
    });
  }

  odf::DatasetId Begin(std::string_view checks) {
    odf::DatasetId::PublicKey key{};
    key[0] = ++datasets_;
    const odf::DatasetId id(key);
    datasets::AppendRequest request{.id = id, .system_time = SystemClock().Now()};
    request.blocks.push_back({.event = {odf::Seed{.dataset_id = id}}});
    request.blocks.push_back(
        {.event = {odf::AddPushSource{
             .source_name = "default", .read = CsvStep(), .merge = {odf::MergeStrategyAppend{}}}}});
    WEIR_CHECK(chains_.Append(Context::Background(), request).has_value());
    const auto contract = contracts::ContractFromJson(ParseJson(checks).value().as_array()).value();
    const auto kept =
        store_->Transact(Context::Background(), [&](control::Transaction& transaction) -> Status {
          RETURN_IF_ERROR(datasets::PutDataset(
              transaction,
              {.id = id, .workspace = "public", .name = fmt::format("bench{}", datasets_)}));
          return datasets::PutContract(transaction, id, contract);
        });
    WEIR_CHECK(kept.has_value());
    return id;
  }

  void Tell(double with, double without, bool shuffled) {
    const double added = 100 * (with / without - 1);
    Report(out_, {.what = fmt::format("five checks on an ingest of 5 M rows of CSV, keys {}, time "
                                      "added",
                                      shuffled ? "in no order" : "ascending"),
                  .unit = "%",
                  .weir = added,
                  .peer = 0,
                  .peer_name = {},
                  .bar = "<= 15 %",
                  .met = added <= 15,
                  .note = fmt::format("{:.2f} s with, {:.2f} s without", with, without)});
  }

  std::FILE* out_;
  const TempDir directory_;
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
