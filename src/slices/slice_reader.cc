#include "slices/slice_reader.h"

#include <arrow/api.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/exception_error.h"
#include "slices/arrow_error.h"
#include "slices/limited_pool.h"
#include "slices/null_slots.h"
#include "slices/random_access.h"
#include "slices/stored_types.h"

namespace weir::slices {
namespace {

constexpr const char* kAttempt = "read a slice";

// Columns and row groups a footer may list, and bytes of a name or of the embedded schema.
constexpr std::int32_t kMostFooterItems = 100'000;
constexpr std::int32_t kMostFooterText = 16 << 20;

parquet::ReaderProperties PropertiesWith(arrow::MemoryPool* pool) {
  parquet::ReaderProperties properties(pool);
  properties.set_thrift_container_size_limit(kMostFooterItems);
  properties.set_thrift_string_size_limit(kMostFooterText);
  properties.enable_buffered_stream();
  properties.set_buffer_size(1 << 20);
  return properties;
}

// The rows of a file; kCorrupt when its parts do not add up to the whole.
Result<std::uint64_t> RowsOf(const parquet::FileMetaData& metadata) {
  std::int64_t left = metadata.num_rows();
  for (int i = 0; i < metadata.num_row_groups(); ++i) {
    const std::int64_t rows = metadata.RowGroup(i)->num_rows();
    if (rows < 0 || rows > left) return Corrupt("{}: row group {} has {} rows", kAttempt, i, rows);
    left -= rows;
  }
  if (left != 0) return Corrupt("{}: its row groups lack {} rows", kAttempt, left);
  return static_cast<std::uint64_t>(metadata.num_rows());
}

}  // namespace

struct SliceReader::State {
  State(Context asked, std::shared_ptr<const ReadableFile> file, const SliceReadOptions& options)
      : context(std::move(asked)),
        pool(LimitedPool::Make(
            static_cast<std::int64_t>(std::min<std::uint64_t>(options.memory_bytes, 1ULL << 50)))),
        source(std::make_shared<RandomAccess>(std::move(file), pool.get())) {}

  // What the file answered says more than what Parquet makes of it.
  Error Failed(const arrow::Status& status) const {
    if (auto failure = source->failure()) return std::move(*failure);
    return ErrorOf(status, kAttempt);
  }
  Status Outcome(const arrow::Status& status) const {
    if (status.ok()) return Ok();
    return Failed(status);
  }

  template <typename Call>
  auto Guarded(Call&& call) const -> std::invoke_result_t<Call> {
    try {
      return call();
    } catch (const parquet::ParquetStatusException& exception) {
      return Failed(exception.status());
    } catch (const parquet::ParquetException& exception) {
      return Failed(arrow::Status::Invalid(exception.what()));
    } catch (...) {
      return ErrorOfCurrentException(kAttempt);
    }
  }

  Status Open() {
    parquet::ArrowReaderProperties properties(/*use_threads=*/false);
    properties.set_batch_size(kHashedRows);
    properties.set_pre_buffer(false);
    auto opened = parquet::ParquetFileReader::Open(source, PropertiesWith(pool.get()));
    auto made = parquet::arrow::FileReader::Make(pool.get(), std::move(opened), properties);
    if (!made.ok()) return Failed(made.status());
    reader = std::move(*made);
    const auto metadata = reader->parquet_reader()->metadata();
    ASSIGN_OR_RETURN(rows, RowsOf(*metadata));
    std::shared_ptr<arrow::Schema> read;
    RETURN_IF_ERROR(Outcome(reader->GetSchema(&read)));
    schema = ReferenceSchema(read, metadata->key_value_metadata().get());
    settles = HashesNullSlots(*schema);
    std::uint64_t start = 0;
    for (int i = 0; i < metadata->num_row_groups(); ++i) {
      group_starts.push_back(start);
      start += static_cast<std::uint64_t>(metadata->RowGroup(i)->num_rows());
    }
    return Ok();
  }

  // Skips whole row groups before `first_row`, and remembers how many rows are left to skip.
  Status StartAt(std::uint64_t first_row) {
    const auto metadata = reader->parquet_reader()->metadata();
    skip = std::min(first_row, rows);
    left = rows;
    int group = 0;
    for (; group < metadata->num_row_groups(); ++group) {
      const auto count = static_cast<std::uint64_t>(metadata->RowGroup(group)->num_rows());
      if (count > skip) break;
      skip -= count;
      left -= count;
    }
    std::vector<int> groups(static_cast<std::size_t>(metadata->num_row_groups() - group));
    std::iota(groups.begin(), groups.end(), group);
    auto made = reader->GetRecordBatchReader(groups);
    if (!made.ok()) return Failed(made.status());
    batches = std::move(*made);
    return Ok();
  }

  Result<std::shared_ptr<arrow::RecordBatch>> Next() {
    for (;;) {
      RETURN_IF_ERROR(context.Check());
      std::shared_ptr<arrow::RecordBatch> batch;
      RETURN_IF_ERROR(Outcome(batches->ReadNext(&batch)));
      if (!batch) return AtEnd();
      const auto count = static_cast<std::uint64_t>(batch->num_rows());
      const std::uint64_t first = rows - left;
      if (count > left) return Corrupt("{}: it has more rows than its footer says", kAttempt);
      left -= count;
      ASSIGN_OR_RETURN(batch, WithStoredTypes(batch, schema));
      if (settles) {
        ASSIGN_OR_RETURN(batch, WithReferenceNullSlots(*batch, CutsIn(first, count)));
      }
      const std::uint64_t skipped = std::min(skip, count);
      skip -= skipped;
      if (skipped == count) continue;
      return skipped == 0 ? batch : batch->Slice(static_cast<std::int64_t>(skipped));
    }
  }

  // Where row groups begin in the `count` rows from `first` on.
  std::vector<std::int64_t> CutsIn(std::uint64_t first, std::uint64_t count) const {
    std::vector<std::int64_t> cuts;
    const auto from = std::upper_bound(group_starts.begin(), group_starts.end(), first);
    for (auto start = from; start != group_starts.end() && *start < first + count; ++start) {
      cuts.push_back(static_cast<std::int64_t>(*start - first));
    }
    return cuts;
  }

  // Columns may hold fewer values than the footer says rows.
  Result<std::shared_ptr<arrow::RecordBatch>> AtEnd() const {
    if (left > 0) return Corrupt("{}: it lacks {} of its rows", kAttempt, left);
    return std::shared_ptr<arrow::RecordBatch>();
  }

  Status TryColumn(int column) const {
    std::vector<int> groups(static_cast<std::size_t>(reader->num_row_groups()));
    std::iota(groups.begin(), groups.end(), 0);
    const auto& manifest = reader->manifest();
    std::vector<int> leaves;
    CollectLeaves(manifest.schema_fields[static_cast<std::size_t>(column)], leaves);
    auto made = reader->GetRecordBatchReader(groups, leaves);
    if (!made.ok()) return Failed(made.status());
    for (;;) {
      RETURN_IF_ERROR(context.Check());
      std::shared_ptr<arrow::RecordBatch> batch;
      RETURN_IF_ERROR(Outcome((*made)->ReadNext(&batch)));
      if (!batch) return Ok();
    }
  }

  // Parquet does not say which column does not decode: tries one after the other.
  Error Explained(Error error) const {
    if (error.code != ErrorCode::kCorrupt || !schema) return error;
    for (int column = 0; column < schema->num_fields(); ++column) {
      const Status status = Guarded([&]() -> Status { return TryColumn(column); });
      if (status) continue;
      return {status.error().code,
              fmt::format("column {}: {}", schema->field(column)->name(), status.error().message),
              status.error().hint};
    }
    return error;
  }

  static void CollectLeaves(const parquet::arrow::SchemaField& field, std::vector<int>& leaves) {
    if (field.is_leaf()) leaves.push_back(field.column_index);
    for (const auto& child : field.children) CollectLeaves(child, leaves);
  }

  const Context context;
  const LimitedPool::Owner pool;
  const std::shared_ptr<RandomAccess> source;
  std::unique_ptr<parquet::arrow::FileReader> reader;
  std::unique_ptr<arrow::RecordBatchReader> batches;
  std::shared_ptr<arrow::Schema> schema;
  std::uint64_t rows = 0;
  std::uint64_t left = 0;  // rows still to come, as the footer says
  std::uint64_t skip = 0;
  std::vector<std::uint64_t> group_starts;  // rows
  bool settles = false;
};

SliceReader::SliceReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
SliceReader::~SliceReader() = default;

Result<std::unique_ptr<SliceReader>> SliceReader::Open(const Context& context,
                                                       std::shared_ptr<const ReadableFile> file,
                                                       const SliceReadOptions& options) {
  auto state = std::make_unique<State>(context, std::move(file), options);
  const Status opened = state->Guarded([&]() -> Status {
    const Status status = state->Open();
    return status ? state->StartAt(options.first_row) : status;
  });
  if (!opened) return state->Explained(opened.error());
  return std::unique_ptr<SliceReader>(new SliceReader(std::move(state)));
}

std::shared_ptr<arrow::Schema> SliceReader::schema() const { return state_->schema; }

std::uint64_t SliceReader::rows() const { return state_->rows; }

Result<std::shared_ptr<arrow::RecordBatch>> SliceReader::Next() {
  auto rows = state_->Guarded([this] { return state_->Next(); });
  if (!rows) return state_->Explained(std::move(rows).error());
  return rows;
}

}  // namespace weir::slices
