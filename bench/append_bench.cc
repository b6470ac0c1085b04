// Small durable appends: 100 rows written as a slice, hashed and committed, beside one 4 KiB write
// and fdatasync on the same disk; 64 appenders, each to a dataset of its own, beside one; and what
// a chain of 100,000 blocks costs beside one of 100. Method: SQLite and a local object store in a
// temporary directory; slices of four columns stay pending, as small ones do.
#include <arrow/api.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "base/check.h"
#include "base/testing/temp_dir.h"
#include "bench/figure.h"
#include "control/sqlite_store.h"
#include "datasets/chain_store.h"
#include "objects/local_object_store.h"
#include "odf/arrow_schema.h"
#include "slices/slice_writer.h"

namespace weir::datasets {
namespace {

constexpr int kAppends = 1000;
constexpr int kClients = 64;
constexpr std::chrono::seconds kRoundTime{3};
constexpr std::uint64_t kLongChain = 100'000;

double FlushSeconds(int file, const std::string& page) {
  return SecondsOf([&] {
    WEIR_CHECK(::write(file, page.data(), page.size()) == static_cast<ssize_t>(page.size()));
    WEIR_CHECK(::fdatasync(file) == 0);
  });
}

std::vector<double> Flushes(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  WEIR_CHECK(file >= 0);
  const std::string page(4096, 'p');
  std::vector<double> costs;
  for (int i = 0; i < kAppends; ++i) costs.push_back(FlushSeconds(file, page));
  ::close(file);
  return costs;
}

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
  explicit OneBatch(std::shared_ptr<arrow::RecordBatch> batch) : batch_(std::move(batch)) {
    schema_ = batch_->schema();
  }
  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Result<std::shared_ptr<arrow::RecordBatch>> Next() override { return std::move(batch_); }

 private:
  std::shared_ptr<arrow::Schema> schema_;
  std::shared_ptr<arrow::RecordBatch> batch_;
};

// op, event_time, and two columns of data.
std::shared_ptr<arrow::RecordBatch> HundredRows() {
  arrow::Int32Builder op;
  arrow::TimestampBuilder time(arrow::timestamp(arrow::TimeUnit::MILLI, "UTC"),
                               arrow::default_memory_pool());
  arrow::Int64Builder id;
  arrow::StringBuilder city;
  for (int i = 0; i < 100; ++i) {
    WEIR_CHECK(op.Append(0).ok() && time.Append(1'700'000'000'000 + i).ok() && id.Append(i).ok() &&
               city.Append("city " + std::to_string(i % 7)).ok());
  }
  const auto schema = arrow::schema(
      {arrow::field("op", arrow::int32(), false), arrow::field("event_time", time.type()),
       arrow::field("id", arrow::int64()), arrow::field("city", arrow::utf8())});
  return arrow::RecordBatch::Make(schema, 100,
                                  {op.Finish().ValueOrDie(), time.Finish().ValueOrDie(),
                                   id.Finish().ValueOrDie(), city.Finish().ValueOrDie()});
}

Timestamp TimeOf(std::uint64_t block) {
  return Timestamp(std::chrono::seconds(1'767'225'600)) + std::chrono::milliseconds(block);
}

// One dataset that rows are appended to.
class Appender {
 public:
  Appender(ChainStore& chains, std::uint8_t number) : chains_(chains) {
    odf::DatasetId::PublicKey key{};
    key[0] = number;
    key[1] = static_cast<std::uint8_t>(number + 1);
    id_ = odf::DatasetId(key);
    const slices::WrittenSlice first = Write(0);
    AppendRequest request{.id = id_, .system_time = TimeOf(0)};
    request.blocks.push_back({.event = {odf::Seed{.dataset_id = id_}}});
    request.blocks.push_back(
        {.event = {odf::SetDataSchema{.schema = odf::DataSchemaOf(*first.schema).value()}}});
    record_ = chains_.Append(Context::Background(), request).value();
  }

  const odf::DatasetId& id() const { return id_; }

  // Writes 100 rows and commits them.
  void Append() {
    const std::uint64_t offset = record_.chain.last_offset ? *record_.chain.last_offset + 1 : 0;
    const slices::WrittenSlice written = Write(offset);
    record_ = chains_.Append(Context::Background(), Request({Block(written, offset)})).value();
  }

  // Blocks of 100 rows each, of which only the index matters.
  void AppendBlocks(std::uint64_t count) {
    const slices::WrittenSlice written = Write(0);
    for (std::uint64_t done = 0; done < count;) {
      std::vector<NewBlock> blocks;
      std::uint64_t offset = record_.chain.last_offset ? *record_.chain.last_offset + 1 : 0;
      for (; blocks.size() < 500 && done < count; ++done, offset += 100) {
        blocks.push_back(Block(written, offset));
        blocks.back().slice->content.reset();
      }
      record_ = chains_.Append(Context::Background(), Request(std::move(blocks))).value();
    }
  }

 private:
  slices::WrittenSlice Write(std::uint64_t offset) {
    sink_.content.clear();
    OneBatch rows(rows_);
    return slices::WriteSlice(Context::Background(), rows,
                              {.start_offset = offset, .system_time = TimeOf(0)}, sink_)
        .value()
        .value();
  }

  NewBlock Block(const slices::WrittenSlice& written, std::uint64_t offset) const {
    odf::DataSlice slice = written.slice;
    slice.offset_interval = {.start = offset, .end = offset + 99};
    odf::AddData event{.new_data = slice};
    if (offset > 0) event.prev_offset = offset - 1;
    return {.event = {event}, .slice = NewSlice{.facts = written.facts, .content = sink_.content}};
  }

  AppendRequest Request(std::vector<NewBlock> blocks) const {
    return {.id = id_,
            .expected_head = record_.chain.head,
            .system_time = TimeOf(record_.chain.sequence_number),
            .blocks = std::move(blocks)};
  }

  ChainStore& chains_;
  odf::DatasetId id_;
  ChainRecord record_;
  Sink sink_;
  const std::shared_ptr<arrow::RecordBatch> rows_ = HundredRows();
};

class Bench {
 public:
  explicit Bench(std::FILE* out) : out_(out) {}

  void Run() {
    Appends();
    ManyAppenders();
    LongChain();
  }

 private:
  void Appends() {
    Appender one(chains_, 1);
    for (int i = 0; i < 50; ++i) one.Append();
    const std::vector<double> flushes = Flushes(directory_ / "flush");
    std::vector<double> appends;
    for (int i = 0; i < kAppends; ++i) appends.push_back(SecondsOf([&] { one.Append(); }));
    Tell("p50", Quantile(appends, 0.5), Quantile(flushes, 0.5), 2);
    Tell("p99", Quantile(appends, 0.99), Quantile(flushes, 0.99), 5);
  }

  void Tell(std::string_view which, double append, double flush, double bar) {
    Report(out_, {.what = fmt::format("append of 100 rows, durable, {}", which),
                  .unit = "ms",
                  .weir = 1e3 * append,
                  .peer = 1e3 * flush,
                  .peer_name = "4 KiB write + fdatasync",
                  .ratio = flush / append,
                  .bar = fmt::format("<= {} flushes", bar),
                  .met = append <= bar * flush,
                  .note = fmt::format("{:.2f} flushes", append / flush)});
  }

  double RateOf(int clients) {
    std::vector<std::unique_ptr<Appender>> appenders;
    for (int i = 0; i < clients; ++i) {
      appenders.push_back(std::make_unique<Appender>(chains_, next_++));
    }
    std::atomic<int> appends = 0;
    const double seconds = SecondsOf([&] {
      const auto end = std::chrono::steady_clock::now() + kRoundTime;
      std::vector<std::jthread> threads;
      for (auto& appender : appenders) {
        threads.emplace_back([&appends, &appender, end] {
          for (; std::chrono::steady_clock::now() < end; ++appends) appender->Append();
        });
      }
    });
    return appends / seconds;
  }

  void ManyAppenders() {
    const double one = RateOf(1);
    const double many = RateOf(kClients);
    Report(out_,
           {.what = fmt::format("{} appenders of 100 rows", kClients),
            .unit = "appends/s",
            .weir = many,
            .peer = one,
            .peer_name = "one appender",
            .ratio = many / one,
            .bar = ">= 15 x",
            .met = many >= 15 * one,
            .note = "on a disk whose flush costs next to nothing both are bound by two cores"});
  }

  void LongChain() {
    Appender short_chain(chains_, 200);
    short_chain.AppendBlocks(100);
    Appender long_chain(chains_, 201);
    long_chain.AppendBlocks(kLongChain);
    const auto open = [&](Appender& chain) {
      WEIR_CHECK(chains_.Read(Context::Background(), chain.id()).has_value());
    };
    const auto append = [&](Appender& chain) { chain.Append(); };
    const auto tail = [&](Appender& chain) {
      const auto record = chains_.Read(Context::Background(), chain.id()).value();
      WEIR_CHECK(
          chains_.FindSlice(Context::Background(), chain.id(), record.chain.last_offset.value())
              .has_value());
    };
    Compare("open", open, short_chain, long_chain);
    Compare("append", append, short_chain, long_chain);
    Compare("find the last slice", tail, short_chain, long_chain);
  }

  template <typename Work>
  void Compare(std::string_view what, const Work& work, Appender& few, Appender& many) {
    std::vector<double> few_costs;
    std::vector<double> many_costs;
    for (int i = 0; i < 500; ++i) {
      few_costs.push_back(SecondsOf([&] { work(few); }));
      many_costs.push_back(SecondsOf([&] { work(many); }));
    }
    const double with_few = Median(few_costs);
    const double with_many = Median(many_costs);
    Report(out_, {.what = fmt::format("{} on a chain of 100,000 blocks", what),
                  .unit = "ms",
                  .weir = 1e3 * with_many,
                  .peer = 1e3 * with_few,
                  .peer_name = "a chain of 100",
                  .ratio = with_few / with_many,
                  .bar = "<= 1.3 x the time",
                  .met = with_many <= 1.3 * with_few});
  }

  std::FILE* out_;
  const TempDir directory_;
  const std::unique_ptr<control::Store> store_ =
      control::OpenSqliteStore(directory_ / "control.db").value();
  objects::LocalObjectStore objects_{directory_ / "datasets", PosixFiles()};
  ChainStore chains_{*store_, objects_};
  std::uint8_t next_ = 2;
};

}  // namespace
}  // namespace weir::datasets

int main(int count, char** arguments) {
  return weir::RunBench<weir::datasets::Bench>(count, arguments);
}
