#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/testing/temp_dir.h"
#include "engine/workbench.h"
#include "pipelines/merge_input.h"

namespace arrow {
class RecordBatch;
}

namespace weir::pipelines {

/// A dataset without a chain: inputs are merged into it and its slices are Parquet files in a
/// directory of the test's own.
class TestDataset {
 public:
  /// `source` is an AddPushSource as JSON, without kind and name:
  /// {"read": {"kind": "NdJson", ...}, "merge": {"kind": "Append"}}.
  explicit TestDataset(std::string_view source);

  /// What the next Ingest asks for, beside the input and the history; tests change it.
  IngestRequest request;

  /// Merges `content` as one input file and keeps the rows as a slice. Returns them as text, a line
  /// for each: `op event_time values...`, nulls as `null`.
  Result<std::string> Ingest(std::string_view content);

  /// The columns of the last rows that came: `name type`, with ` not null`.
  const std::vector<std::string>& columns() const { return columns_; }

  std::uint64_t rows() const { return rows_; }
  const TempDir& directory() const { return directory_; }
  engine::Workbench& bench() { return *bench_; }

  /// Works on a bench with these options from now on, which spills into directory().
  void UseBench(engine::EngineOptions options);

 private:
  Result<std::vector<std::shared_ptr<arrow::RecordBatch>>> Merge();
  void Keep(const std::vector<std::shared_ptr<arrow::RecordBatch>>& batches);

  TempDir directory_;
  std::unique_ptr<engine::Workbench> bench_;
  std::shared_ptr<engine::ScanSource> history_ = std::make_shared<engine::ScanSource>();
  std::vector<std::string> columns_;
  std::uint64_t rows_ = 0;
};

}  // namespace weir::pipelines
