#pragma once

#include <arrow/api.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/files.h"
#include "base/memory_file.h"
#include "base/stream.h"
#include "engine/engine.h"

// What the tests of this room share.

namespace weir::slices {

inline const std::filesystem::path kGolden = std::filesystem::path(WEIR_TEST_DATA) / "odf";

inline std::shared_ptr<const ReadableFile> OpenFile(const std::filesystem::path& path) {
  return PosixFiles().Open(path).value();
}

inline std::string GoldenBytes(const std::filesystem::path& path) {
  return PosixFiles().ReadAll(kGolden / path).value();
}

/// A sink that keeps what it takes.
class TestSink final : public ByteSink {
 public:
  Status Write(ByteView bytes) override {
    content += AsText(bytes);
    return Ok();
  }
  std::string content;
};

/// Batches one after the other.
class TestRows final : public engine::RowStream {
 public:
  TestRows(std::shared_ptr<arrow::Schema> schema,
           std::deque<std::shared_ptr<arrow::RecordBatch>> batches)
      : schema_(std::move(schema)), batches_(std::move(batches)) {}
  /// `rows` in batches of `batch_rows`.
  TestRows(const arrow::Table& rows, std::int64_t batch_rows) : schema_(rows.schema()) {
    arrow::TableBatchReader reader(rows);
    reader.set_chunksize(batch_rows);
    for (auto& batch : reader.ToRecordBatches().ValueOrDie()) batches_.push_back(batch);
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Result<std::shared_ptr<arrow::RecordBatch>> Next() override {
    if (batches_.empty()) return std::shared_ptr<arrow::RecordBatch>();
    auto batch = batches_.front();
    batches_.pop_front();
    return batch;
  }

 private:
  std::shared_ptr<arrow::Schema> schema_;
  std::deque<std::shared_ptr<arrow::RecordBatch>> batches_;
};

/// All rows of a stream.
inline Result<std::shared_ptr<arrow::Table>> Drain(engine::RowStream& rows) {
  arrow::RecordBatchVector batches;
  for (;;) {
    ASSIGN_OR_RETURN(auto batch, rows.Next());
    if (!batch) break;
    batches.push_back(std::move(batch));
  }
  return arrow::Table::FromRecordBatches(rows.schema(), batches).ValueOrDie();
}

}  // namespace weir::slices
