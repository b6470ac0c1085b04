#include "pipelines/tables/orc_rows.h"

#include <arrow/adapters/orc/adapter.h>
#include <arrow/compute/cast.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <exception>
#include <utility>
#include <vector>

#include "slices/limited_pool.h"
#include "slices/random_access.h"

namespace weir::pipelines {
namespace {

constexpr std::int64_t kBatchRows = 8'192;
constexpr std::int64_t kMostBytes = 512 << 20;

// `type` with microseconds in place of nanoseconds, also inside of it.
std::shared_ptr<arrow::DataType> Microseconds(const std::shared_ptr<arrow::DataType>& type) {
  if (type->id() == arrow::Type::TIMESTAMP) {
    const auto& timestamp = static_cast<const arrow::TimestampType&>(*type);
    return arrow::timestamp(arrow::TimeUnit::MICRO, timestamp.timezone());
  }
  const auto changed = [](const std::shared_ptr<arrow::Field>& field) {
    return field->WithType(Microseconds(field->type()));
  };
  if (type->id() == arrow::Type::STRUCT) {
    arrow::FieldVector fields;
    for (const auto& field : type->fields()) fields.push_back(changed(field));
    return arrow::struct_(std::move(fields));
  }
  if (type->id() == arrow::Type::LIST) return arrow::list(changed(type->field(0)));
  return type;
}

class OrcRows final : public engine::RowStream {
 public:
  OrcRows(const Context& context, std::shared_ptr<const ReadableFile> file, bool may_cut_times)
      : context_(context),
        may_cut_times_(may_cut_times),
        pool_(slices::LimitedPool::Make(kMostBytes)),
        file_(std::make_shared<slices::RandomAccess>(std::move(file), pool_.get())) {}

  Status Open() {
    return Guarded([&]() -> Status {
      auto reader = arrow::adapters::orc::ORCFileReader::Open(file_, pool_.get());
      if (!reader.ok()) return Failed(reader.status());
      reader_ = *std::move(reader);
      auto batches = reader_->GetRecordBatchReader(kBatchRows, {});
      if (!batches.ok()) return Failed(batches.status());
      batches_ = *std::move(batches);
      arrow::FieldVector fields;
      for (const auto& field : batches_->schema()->fields()) {
        fields.push_back(field->WithType(Microseconds(field->type())));
      }
      schema_ = arrow::schema(std::move(fields));
      return Ok();
    });
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Result<std::shared_ptr<arrow::RecordBatch>> Next() override {
    RETURN_IF_ERROR(context_.Check());
    std::shared_ptr<arrow::RecordBatch> batch;
    RETURN_IF_ERROR(Guarded([&]() -> Status {
      if (const arrow::Status read = batches_->ReadNext(&batch); !read.ok()) return Failed(read);
      return Ok();
    }));
    if (!batch) return std::shared_ptr<arrow::RecordBatch>();
    row_ += static_cast<std::uint64_t>(batch->num_rows());
    return WithMicroseconds(*batch);
  }

 private:
  // The library below Arrow's adapter throws, and Arrow does not catch everything.
  template <typename Work>
  Status Guarded(Work work) {
    try {
      return work();
    } catch (const std::exception& failure) {
      return Failed(arrow::Status::IOError(failure.what()));
    }
  }

  Error Failed(const arrow::Status& status) const {
    if (auto failure = file_->failure()) return *std::move(failure);
    if (status.IsOutOfMemory()) {
      return Exhausted("after row {}: reading takes more than {} MiB", row_, kMostBytes >> 20);
    }
    return Invalid("the ORC file is damaged or of an unknown kind, after row {}: {}", row_,
                   status.message());
  }

  Result<std::shared_ptr<arrow::RecordBatch>> WithMicroseconds(const arrow::RecordBatch& batch) {
    std::vector<std::shared_ptr<arrow::Array>> columns;
    for (int i = 0; i < batch.num_columns(); ++i) {
      const auto& wanted = schema_->field(i)->type();
      if (batch.column(i)->type()->Equals(*wanted)) {
        columns.push_back(batch.column(i));
        continue;
      }
      arrow::compute::CastOptions options = arrow::compute::CastOptions::Safe(wanted);
      options.allow_time_truncate = may_cut_times_;
      arrow::compute::ExecContext where(pool_.get());
      auto cast = arrow::compute::Cast(*batch.column(i), wanted, options, &where);
      if (!cast.ok()) {
        return Invalid("column {}: nanoseconds would be cut to microseconds, up to row {}",
                       schema_->field(i)->name(), row_)
            .WithHint("write the times with microseconds");
      }
      columns.push_back(*std::move(cast));
    }
    return arrow::RecordBatch::Make(schema_, batch.num_rows(), std::move(columns));
  }

  const Context context_;
  const bool may_cut_times_;
  const slices::LimitedPool::Owner pool_;
  const std::shared_ptr<slices::RandomAccess> file_;
  std::unique_ptr<arrow::adapters::orc::ORCFileReader> reader_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
  std::shared_ptr<arrow::Schema> schema_;
  std::uint64_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<engine::RowStream>> ReadOrc(const Context& context,
                                                   std::shared_ptr<const ReadableFile> file,
                                                   bool may_cut_times) {
  auto rows = std::make_unique<OrcRows>(context, std::move(file), may_cut_times);
  RETURN_IF_ERROR(rows->Open());
  return rows;
}

}  // namespace weir::pipelines
