// 100,000 slices of 100 rows, packed as they come: a scan and a point lookup beside the same rows
// in one Parquet file, read by the same engine; how many slices a core packs in a second; and what
// the first history of a process costs with packed slices and without. Method: SQLite and files in
// a temporary directory; a step of packing after every hundred appends, which is what a second of
// 100 appends/s brings; ids are scattered, so that no file leaves itself out by luck.
#include <arrow/api.h>

#include "base/check.h"
#include "base/testing/temp_dir.h"
#include "bench/figure.h"
#include "control/sqlite_store.h"
#include "datasets/cached_files.h"
#include "datasets/chain_store.h"
#include "datasets/history.h"
#include "datasets/one_table.h"
#include "datasets/packer.h"
#include "objects/local_object_store.h"
#include "odf/arrow_schema.h"
#include "slices/slice_writer.h"

namespace weir::datasets {
namespace {

constexpr std::uint64_t kSlices = 100'000;
constexpr std::uint64_t kRowsOfSlice = 100;
constexpr std::uint64_t kSlicesOfStep = 100;
constexpr int kRuns = 3;
constexpr int kLookups = 10;

std::uint64_t IdOf(std::uint64_t row) { return row * 2'654'435'761ULL % 4'294'967'296ULL; }

class Sink final : public ByteSink {
 public:
  Status Write(ByteView bytes) override {
    content += AsText(bytes);
    return Ok();
  }
  std::string content;
};

class OneBatch final : public engine::RowStream {
 public:
  explicit OneBatch(std::shared_ptr<arrow::RecordBatch> batch)
      : schema_(batch->schema()), batch_(std::move(batch)) {}
  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Result<std::shared_ptr<arrow::RecordBatch>> Next() override { return std::move(batch_); }

 private:
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::RecordBatch> batch_;
};

// op, event_time, and three columns of data.
std::shared_ptr<arrow::RecordBatch> RowsFrom(std::uint64_t first) {
  arrow::Int32Builder op;
  arrow::TimestampBuilder time(arrow::timestamp(arrow::TimeUnit::MILLI, "UTC"),
                               arrow::default_memory_pool());
  arrow::Int64Builder id;
  arrow::DoubleBuilder value;
  arrow::StringBuilder city;
  for (std::uint64_t row = first; row < first + kRowsOfSlice; ++row) {
    const auto at = static_cast<std::int64_t>(1'700'000'000'000 + row);
    WEIR_CHECK(op.Append(0).ok() && time.Append(at).ok() &&
               id.Append(static_cast<std::int64_t>(IdOf(row))).ok() &&
               value.Append(static_cast<double>(row % 1000) / 8).ok() &&
               city.Append("city " + std::to_string(row % 97)).ok());
  }
  const auto schema =
      arrow::schema({arrow::field("op", arrow::int32(), false),
                     arrow::field("event_time", time.type()), arrow::field("id", arrow::int64()),
                     arrow::field("value", arrow::float64()), arrow::field("city", arrow::utf8())});
  return arrow::RecordBatch::Make(
      schema, kRowsOfSlice,
      {op.Finish().ValueOrDie(), time.Finish().ValueOrDie(), id.Finish().ValueOrDie(),
       value.Finish().ValueOrDie(), city.Finish().ValueOrDie()});
}

class Bench {
 public:
  explicit Bench(std::FILE* out) : out_(out) {}

  void Run() {
    Begin();
    Fill();
    MakePeer();
    Compare(
        "scan of 10,000,000 rows in 100,000 slices", "ms",
        [](int) { return "SELECT count(*), sum(value), min(city) FROM rows"; }, 1);
    Compare(
        "point lookup among them", "ms",
        [](int i) {
          return fmt::format("SELECT * FROM rows WHERE id = {}",
                             IdOf(static_cast<std::uint64_t>(i) * 499'979 + 17));
        },
        kLookups);
    FirstLook();
  }

 private:
  Context context() const { return Context::Background(); }

  void Begin() {
    odf::DatasetId::PublicKey key{};
    key[0] = 1;
    id_ = odf::DatasetId(key);
    const auto first = Write(0);
    const odf::AddPushSource source{
        .source_name = "default",
        .read = {.value = odf::ReadStepNdJson{}},
        .merge = {.value = odf::MergeStrategyLedger{.primary_key = {"id"}}}};
    const odf::Seed seed{.dataset_id = id_, .dataset_kind = odf::DatasetKind::kRoot};
    AppendRequest request{.id = id_, .system_time = Time()};
    request.blocks.push_back({.event = {seed}});
    request.blocks.push_back({.event = {source}});
    request.blocks.push_back(
        {.event = {odf::SetDataSchema{.schema = odf::DataSchemaOf(*first.schema).value()}}});
    record_ = chains_.Append(context(), request).value();
  }

  // Appends, and packs as a server would; only the packing is timed.
  void Fill() {
    Packer packer(chains_, packs_, {.threads = 1});
    double seconds = 0;
    double longest = 0;
    std::uint64_t written = 0;
    for (std::uint64_t done = 0; done < kSlices; done += kSlicesOfStep) {
      AppendStep();
      const double step = SecondsOf([&] {
        while (const auto packed = packer.Step(context(), id_).value()) written += packed->rows;
      });
      seconds += step;
      longest = std::max(longest, step);
    }
    const double rate = kSlices / seconds;
    Report(out_,
           {.what = "slices of 100 rows packed as they come, on one core",
            .unit = "slices/s",
            .weir = rate,
            .bar = ">= 100 slices/s",
            .met = rate >= 100,
            .note = fmt::format("each row was written {:.1f} times; the longest step took "
                                "{:.1f} s",
                                static_cast<double>(written) / (kSlices * kRowsOfSlice), longest)});
  }

  void AppendStep() {
    AppendRequest request{
        .id = id_, .expected_head = record_.chain.head, .system_time = Time(), .blocks = {}};
    std::uint64_t offset = record_.chain.last_offset ? *record_.chain.last_offset + 1 : 0;
    for (std::uint64_t i = 0; i < kSlicesOfStep; ++i, offset += kRowsOfSlice) {
      const auto written = Write(offset);
      odf::AddData event{.new_data = written.slice};
      if (offset > 0) event.prev_offset = offset - 1;
      request.blocks.push_back(
          {.event = {event},
           .slice = NewSlice{.facts = written.facts, .content = std::move(sink_.content)}});
    }
    record_ = chains_.Append(context(), request).value();
  }

  slices::WrittenSlice Write(std::uint64_t offset) {
    sink_.content.clear();
    OneBatch rows(RowsFrom(offset));
    return slices::WriteSlice(context(), rows, {.start_offset = offset, .system_time = Time()},
                              sink_)
        .value()
        .value();
  }

  static Timestamp Time() { return Timestamp(std::chrono::seconds(1'767'225'600)); }

  std::shared_ptr<const History> ReadNow(ChainStore& chains) {
    return ReadHistory(
               context(), chains, id_,
               {.head = *record_.chain.head, .sequence_number = record_.chain.sequence_number})
        .value();
  }

  // The same rows in one file, in the order they came.
  void MakePeer() {
    OneTable table(ReadNow(chains_)->source);
    const auto rows =
        engine_
            ->Run(context(), {.sql = "SELECT * FROM rows ORDER BY \"offset\"", .resolver = &table})
            .value();
    const auto files = WriteCachedFiles(context(), PosixFiles(), directory_ / "peer", "one", *rows,
                                        kSlices * kRowsOfSlice)
                           .value();
    WEIR_CHECK(files.size() == 1);
    auto source = std::make_shared<engine::ScanSource>();
    source->columns = ReadNow(chains_)->source->columns;
    source->files.push_back({.open = [path = directory_ / "peer" / files[0].name]()
                                 -> Result<std::shared_ptr<const ReadableFile>> {
                               ASSIGN_OR_RETURN(auto file, PosixFiles().Open(path));
                               return std::shared_ptr<const ReadableFile>(std::move(file));
                             },
                             .size = files[0].row.slice.size,
                             .rows = kSlices * kRowsOfSlice});
    peer_ = std::move(source);
  }

  void Ask(std::shared_ptr<const engine::ScanSource> source, const std::string& sql) {
    OneTable table(std::move(source));
    const auto rows = engine_->Run(context(), {.sql = sql, .resolver = &table}).value();
    std::int64_t count = 0;
    while (const auto batch = rows->Next().value()) count += batch->num_rows();
    WEIR_CHECK(count == 1);
  }

  template <typename Sql>
  void Compare(std::string_view what, std::string_view unit, const Sql& sql, int times) {
    std::vector<double> ours;
    std::vector<double> theirs;
    for (int run = 0; run <= kRuns; ++run) {
      const double our = SecondsOf([&] {
        for (int i = 0; i < times; ++i) Ask(ReadNow(chains_)->source, sql(i));
      });
      const double their = SecondsOf([&] {
        for (int i = 0; i < times; ++i) Ask(peer_, sql(i));
      });
      if (run == 0) continue;  // warms up
      ours.push_back(1e3 * our / times);
      theirs.push_back(1e3 * their / times);
    }
    const double our = Median(ours);
    const double their = Median(theirs);
    Report(out_, {.what = std::string(what),
                  .unit = std::string(unit),
                  .weir = our,
                  .peer = their,
                  .peer_name = "one Parquet file",
                  .ratio = their / our,
                  .bar = "<= 1.5 x the time",
                  .met = our <= 1.5 * their,
                  .note = fmt::format("{} files", ReadNow(chains_)->source->files.size())});
  }

  void FirstLook() {
    const double packed = SecondsOf([&] {
      PackStore packs(PosixFiles(), directory_ / "packed");
      ChainStore chains(*store_, objects_, &packs);
      ReadNow(chains);
    });
    const double alone = SecondsOf([&] {
      ChainStore chains(*store_, objects_);
      ReadNow(chains);
    });
    Report(out_, {.what = "first history of a process over 100,000 slices",
                  .unit = "ms",
                  .weir = 1e3 * packed,
                  .peer = 1e3 * alone,
                  .peer_name = "without packed slices",
                  .ratio = alone / packed,
                  .bar = "not slower",
                  .met = packed <= alone,
                  .note = "hashing every packed file is in it"});
  }

  std::FILE* out_;
  const TempDir directory_;
  const std::unique_ptr<control::Store> store_ =
      control::OpenSqliteStore(directory_ / "control.db").value();
  objects::LocalObjectStore objects_{directory_ / "datasets", PosixFiles()};
  PackStore packs_{PosixFiles(), directory_ / "packed"};
  ChainStore chains_{*store_, objects_, &packs_};
  const std::unique_ptr<engine::Engine> engine_ = engine::OpenDuckDbEngine({}).value();
  odf::DatasetId id_;
  ChainRecord record_;
  Sink sink_;
  std::shared_ptr<const engine::ScanSource> peer_;
};

}  // namespace
}  // namespace weir::datasets

int main(int count, char** arguments) {
  return weir::RunBench<weir::datasets::Bench>(count, arguments);
}
