#include "slices/slice_writer.h"

#include <arrow/api.h>
#include <arrow/util/byte_size.h>

#include <algorithm>
#include <utility>

#include "base/exception_error.h"
#include "base/sha3.h"
#include "odf/logical_hash.h"
#include "odf/system_names.h"
#include "slices/fact_finder.h"
#include "slices/file_rows.h"
#include "slices/null_slots.h"
#include "slices/parquet_encoder.h"
#include "slices/stage.h"

namespace weir::slices {
namespace {

using Rows = std::shared_ptr<arrow::RecordBatch>;

// How much may wait before each step.
constexpr std::size_t kWaitingRowBytes = 8 << 20;
constexpr std::size_t kWaitingFileBytes = 4 << 20;

// A slice being written. Steps, each on a thread of its own: encode rows, hash rows, and hash and
// write the bytes; the caller's thread reads and converts.
class SliceWriting {
 public:
  SliceWriting(FileRows rows, std::unique_ptr<odf::LogicalHasher> hasher, std::string event_time,
               ByteSink& sink)
      : rows_(std::move(rows)),
        hasher_(std::move(hasher)),
        facts_(*rows_.schema(), event_time),
        gathers_(HashesNullSlots(*rows_.schema())),
        sink_(sink),
        output_(kWaitingFileBytes, [this](Bytes piece) { return WriteOut(piece); }),
        encode_(kWaitingRowBytes, [this](const Rows& next) { return encoder_->Write(*next); }),
        hash_(kWaitingRowBytes, [this](const Rows& next) { return Hash(*next); }) {}

  Status Start() {
    ASSIGN_OR_RETURN(encoder_, ParquetEncoder::Make(rows_.schema(), [this](ByteView piece) {
                       return HandOut(piece);
                     }));
    return Ok();
  }

  // Rows of any number; in pieces, so that none of them waits for a large one.
  Status Add(const arrow::RecordBatch& given) {
    for (std::int64_t row = 0; row < given.num_rows();) {
      const std::int64_t room = FileRows::kMostRows - (gathers_ ? gathered_rows_ : 0);
      const std::int64_t count = std::min(room, given.num_rows() - row);
      ASSIGN_OR_RETURN(Rows rows, rows_.Convert(*given.Slice(row, count)));
      RETURN_IF_ERROR(gathers_ ? Gather(std::move(rows)) : Push(rows));
      row += count;
    }
    return Ok();
  }

  Result<WrittenSlice> Finish(std::uint64_t start_offset) {
    Status status = PushGathered();
    // The first step that failed made those before it fail.
    const Status hashed = hash_.Finish();
    Status encoded = encode_.Finish();
    if (status && encoded) encoded = encoder_->Finish();
    RETURN_IF_ERROR(output_.Finish());
    RETURN_IF_ERROR(encoded);
    RETURN_IF_ERROR(hashed);
    RETURN_IF_ERROR(status);
    WrittenSlice written{.slice = {}, .schema = rows_.schema(), .facts = facts_.Finish()};
    written.slice.logical_hash = hasher_->Finish();
    written.slice.physical_hash = Multihash(Multihash::kSha3_256, bytes_hash_.Finish());
    written.slice.offset_interval = {.start = start_offset,
                                     .end = start_offset + written.facts.rows - 1};
    written.slice.size = size_;
    return written;
  }

 private:
  Status Push(const Rows& rows) {
    const auto referenced = arrow::util::ReferencedBufferSize(*rows);
    const auto bytes = static_cast<std::size_t>(
        referenced.ok() ? *referenced : arrow::util::TotalBufferSize(*rows));
    if (hash_.Push(rows, bytes) && encode_.Push(rows, bytes)) return Ok();
    return Failure();
  }

  // Why a step takes nothing more. The last step may have failed those before it, and each must be
  // finished before the one it hands to.
  Error Failure() {
    const Status hashed = hash_.Finish();
    const Status encoded = encode_.Finish();
    const Status put_out = output_.Finish();
    for (const Status* status : {&put_out, &encoded, &hashed}) {
      if (!*status) return status->error();
    }
    return Internal("a step of writing a slice stopped and does not say why");
  }

  // Where the logical hash depends on how many rows are read at once.
  Status Gather(Rows rows) {
    gathered_rows_ += rows->num_rows();
    gathered_.push_back(std::move(rows));
    return gathered_rows_ == kHashedRows ? PushGathered() : Ok();
  }

  Status PushGathered() {
    if (gathered_.empty()) return Ok();
    const auto rows = arrow::ConcatenateRecordBatches(std::exchange(gathered_, {}));
    gathered_rows_ = 0;
    if (!rows.ok()) return Exhausted("rows of a slice: {}", rows.status().message());
    ASSIGN_OR_RETURN(const Rows settled, WithReferenceNullSlots(**rows));
    return Push(settled);
  }

  Status Hash(const arrow::RecordBatch& rows) {
    facts_.Add(rows);
    return hasher_->Update(rows);
  }

  Status HandOut(ByteView piece) {
    if (output_.Push(Bytes(piece.begin(), piece.end()), piece.size())) return Ok();
    return output_.result();
  }

  Status WriteOut(const Bytes& piece) {
    bytes_hash_.Update(piece);
    size_ += piece.size();
    return sink_.Write(piece);
  }

  FileRows rows_;
  std::unique_ptr<odf::LogicalHasher> hasher_;
  FactFinder facts_;
  const bool gathers_;
  std::vector<Rows> gathered_;
  std::int64_t gathered_rows_ = 0;
  ByteSink& sink_;
  Sha3 bytes_hash_;
  std::uint64_t size_ = 0;
  std::unique_ptr<ParquetEncoder> encoder_;
  // Destroyed before what they use: no step outlives the one it hands to.
  Stage<Bytes> output_;
  Stage<Rows> encode_;
  Stage<Rows> hash_;
};

}  // namespace

Result<std::optional<WrittenSlice>> WriteSlice(const Context& context, engine::RowStream& rows,
                                               const SliceRequest& request, ByteSink& sink) {
  return NoExceptions("write a slice", [&]() -> Result<std::optional<WrittenSlice>> {
    ASSIGN_OR_RETURN(FileRows file_rows, FileRows::Make(*rows.schema(), request));
    ASSIGN_OR_RETURN(auto hasher, odf::LogicalHasher::Make(*file_rows.schema()));
    std::unique_ptr<SliceWriting> writing;
    for (;;) {
      RETURN_IF_ERROR(context.Check());
      ASSIGN_OR_RETURN(const auto batch, rows.Next());
      if (!batch) break;
      if (batch->num_rows() == 0) continue;
      if (!writing) {
        writing = std::make_unique<SliceWriting>(std::move(file_rows), std::move(hasher),
                                                 odf::SystemNames(request.vocab).event_time, sink);
        RETURN_IF_ERROR(writing->Start());
      }
      RETURN_IF_ERROR(writing->Add(*batch));
    }
    if (!writing) return std::optional<WrittenSlice>();
    ASSIGN_OR_RETURN(WrittenSlice written, writing->Finish(request.start_offset));
    return std::optional<WrittenSlice>(std::move(written));
  });
}

Result<std::shared_ptr<arrow::Schema>> SchemaOfSlice(const arrow::Schema& rows,
                                                     const SliceRequest& request) {
  ASSIGN_OR_RETURN(const FileRows file_rows, FileRows::Make(rows, request));
  RETURN_IF_ERROR(odf::LogicalHasher::Make(*file_rows.schema()));
  return file_rows.schema();
}

}  // namespace weir::slices
