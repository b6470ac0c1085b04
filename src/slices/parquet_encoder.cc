#include "slices/parquet_encoder.h"

#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/byte_size.h>
#include <parquet/arrow/schema.h>
#include <parquet/arrow/writer.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/exception_error.h"
#include "slices/arrow_error.h"
#include "slices/null_slots.h"
#include "slices/stored_types.h"

namespace weir::slices {
namespace {

constexpr const char* kAttempt = "write Parquet";
constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::int64_t kRowGroupRows = 20 * kHashedRows;
constexpr std::int64_t kRowGroupBytes = 32 << 20;  // of the rows in memory

// Hands what is written on in pieces, and keeps the error that ended it.
class PieceStream final : public arrow::io::OutputStream {
 public:
  explicit PieceStream(ParquetEncoder::Take take) : take_(std::move(take)) {
    piece_.reserve(kPieceBytes);
  }

  arrow::Status Write(const void* data, std::int64_t bytes) override {
    position_ += bytes;
    ByteView rest{static_cast<const std::byte*>(data), static_cast<std::size_t>(bytes)};
    while (!rest.empty()) {
      const auto count = std::min(rest.size(), kPieceBytes - piece_.size());
      piece_.insert(piece_.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count));
      rest = rest.subspan(count);
      if (piece_.size() == kPieceBytes) ARROW_RETURN_NOT_OK(HandOn());
    }
    return arrow::Status::OK();
  }

  arrow::Status HandOn() {
    if (piece_.empty() || !result_) return Outcome();
    result_ = take_(piece_);
    piece_.clear();
    return Outcome();
  }

  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  const Status& result() const { return result_; }

  /// Nothing is handed on any more.
  void Abandon() {
    if (result_) result_ = Cancelled("the file was given up");
  }

 private:
  arrow::Status Outcome() const {
    return result_ ? arrow::Status::OK() : arrow::Status::IOError(result_.error().message);
  }

  ParquetEncoder::Take take_;
  Bytes piece_;
  Status result_;
  std::int64_t position_ = 0;
  bool closed_ = false;
};

// Only op and system time repeat a few values in every dataset; for other columns a dictionary is
// work that random values do not give back.
std::shared_ptr<parquet::WriterProperties> PropertiesFor(const arrow::Schema& schema) {
  parquet::WriterProperties::Builder builder;
  builder.version(parquet::ParquetVersion::PARQUET_2_6)
      ->data_page_version(parquet::ParquetDataPageVersion::V1)
      ->compression(parquet::Compression::SNAPPY)
      ->encoding(parquet::Encoding::PLAIN)
      ->disable_dictionary()
      ->max_row_group_length(2 * kRowGroupRows);  // never reached: we begin groups ourselves
  for (const int column : {1, 2}) {
    if (column < schema.num_fields()) builder.enable_dictionary(schema.field(column)->name());
  }
  return builder.build();
}

std::shared_ptr<parquet::ArrowWriterProperties> ArrowProperties() {
  return parquet::ArrowWriterProperties::Builder().store_schema()->set_use_threads(false)->build();
}

}  // namespace

struct ParquetEncoder::State {
  std::shared_ptr<PieceStream> stream;
  std::unique_ptr<parquet::arrow::FileWriter> writer;
  std::int64_t group_rows = 0;
  std::int64_t group_bytes = 0;
  std::vector<std::shared_ptr<arrow::RecordBatch>> waiting;  // fewer rows than a step has
  std::int64_t waiting_rows = 0;

  Status NewGroup() {
    group_rows = 0;
    group_bytes = 0;
    return Outcome(writer->NewBufferedRowGroup());
  }

  // Rows go on in steps of as many, so that the file does not depend on how they came: pages end
  // where a step does.
  Status Gather(const arrow::RecordBatch& rows) {
    for (std::int64_t row = 0; row < rows.num_rows();) {
      const std::int64_t count = std::min(kHashedRows - waiting_rows, rows.num_rows() - row);
      waiting.push_back(rows.Slice(row, count));
      waiting_rows += count;
      row += count;
      if (waiting_rows == kHashedRows) RETURN_IF_ERROR(PutWaiting());
    }
    return Ok();
  }

  Status PutWaiting() {
    if (waiting.empty()) return Ok();
    std::shared_ptr<arrow::RecordBatch> step = waiting.front();
    if (waiting.size() > 1) {
      auto joined = arrow::ConcatenateRecordBatches(waiting);
      if (!joined.ok()) return ErrorOf(joined.status(), kAttempt);
      step = *std::move(joined);
    }
    waiting.clear();
    waiting_rows = 0;
    if (group_bytes >= kRowGroupBytes || group_rows >= kRowGroupRows) RETURN_IF_ERROR(NewGroup());
    return Put(*step);
  }

  Status Put(const arrow::RecordBatch& rows) {
    RETURN_IF_ERROR(Outcome(writer->WriteRecordBatch(rows)));
    const auto bytes = arrow::util::ReferencedBufferSize(rows);
    group_bytes += bytes.ok() ? *bytes : arrow::util::TotalBufferSize(rows);
    group_rows += rows.num_rows();
    return Ok();
  }

  // What went wrong behind the stream says more than what Parquet makes of it.
  Status Outcome(const arrow::Status& status) const {
    if (!stream->result()) return stream->result();
    return StatusOf(status, kAttempt);
  }
};

ParquetEncoder::ParquetEncoder(std::unique_ptr<State> state) : state_(std::move(state)) {}

// A writer that was not finished writes its footer when it goes; nobody takes it any more.
ParquetEncoder::~ParquetEncoder() {
  state_->stream->Abandon();
  (void)NoExceptions(kAttempt, [this]() -> Status {
    state_->writer.reset();
    return Ok();
  });
}

Result<std::unique_ptr<ParquetEncoder>> ParquetEncoder::Make(std::shared_ptr<arrow::Schema> schema,
                                                             Take take) {
  return NoExceptions(kAttempt, [&]() -> Result<std::unique_ptr<ParquetEncoder>> {
    const auto properties = PropertiesFor(*schema);
    RETURN_IF_ERROR(CheckKept(*schema, *properties, *ArrowProperties()));
    auto state = std::make_unique<State>();
    state->stream = std::make_shared<PieceStream>(std::move(take));
    auto writer = parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(),
                                                   state->stream, properties, ArrowProperties());
    if (!writer.ok()) return ErrorOf(writer.status(), kAttempt);
    state->writer = std::move(*writer);
    return std::unique_ptr<ParquetEncoder>(new ParquetEncoder(std::move(state)));
  });
}

Status ParquetEncoder::Write(const arrow::RecordBatch& rows) {
  return NoExceptions(kAttempt, [&] { return state_->Gather(rows); });
}

Status ParquetEncoder::Finish() {
  return NoExceptions(kAttempt, [&]() -> Status {
    RETURN_IF_ERROR(state_->PutWaiting());
    RETURN_IF_ERROR(state_->Outcome(state_->writer->Close()));
    return state_->Outcome(state_->stream->HandOn());
  });
}

}  // namespace weir::slices
