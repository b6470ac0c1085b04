#include "catalog/check_table.h"

#include <arrow/api.h>

#include "catalog/memory_table.h"
#include "datasets/check_results.h"
#include "datasets/directory.h"

namespace weir::catalog {
namespace {

constexpr std::size_t kPage = 1000;

std::shared_ptr<arrow::Schema> TableSchema() {
  return arrow::schema(
      {arrow::field("workspace", arrow::utf8(), false),
       arrow::field("dataset", arrow::utf8(), false),
       arrow::field("check_name", arrow::utf8(), false), arrow::field("kind", arrow::utf8(), false),
       arrow::field("block", arrow::utf8()),
       arrow::field("time", arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"), false),
       arrow::field("status", arrow::utf8(), false), arrow::field("failing_rows", arrow::int64()),
       arrow::field("message", arrow::utf8())});
}

class Rows {
 public:
  arrow::Status Begin() {
    ARROW_ASSIGN_OR_RAISE(builder_, arrow::RecordBatchBuilder::Make(
                                        TableSchema(), arrow::default_memory_pool(), kPage));
    return arrow::Status::OK();
  }

  arrow::Status Add(const datasets::DatasetEntry& dataset, const datasets::CheckedCommit& commit) {
    const auto micros =
        std::chrono::floor<std::chrono::microseconds>(commit.time).time_since_epoch().count();
    for (const datasets::CheckResult& result : commit.results) {
      ARROW_RETURN_NOT_OK(Text(0, dataset.workspace));
      ARROW_RETURN_NOT_OK(Text(1, dataset.name));
      ARROW_RETURN_NOT_OK(Text(2, result.check));
      ARROW_RETURN_NOT_OK(Text(3, result.kind));
      ARROW_RETURN_NOT_OK(Text(4, commit.block ? commit.block->ToText() : std::string()));
      ARROW_RETURN_NOT_OK(builder_->GetFieldAs<arrow::TimestampBuilder>(5)->Append(micros));
      ARROW_RETURN_NOT_OK(Text(6, NameOf(result.status)));
      auto* failing = builder_->GetFieldAs<arrow::Int64Builder>(7);
      ARROW_RETURN_NOT_OK(result.failing
                              ? failing->Append(static_cast<std::int64_t>(*result.failing))
                              : failing->AppendNull());
      ARROW_RETURN_NOT_OK(Text(8, result.message));
    }
    return arrow::Status::OK();
  }

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> End() { return builder_->Flush(); }

 private:
  // An empty text is one that is not there.
  arrow::Status Text(int column, const std::string& text) {
    auto* texts = builder_->GetFieldAs<arrow::StringBuilder>(column);
    return text.empty() ? texts->AppendNull() : texts->Append(text);
  }

  std::unique_ptr<arrow::RecordBatchBuilder> builder_;
};

Error OfArrow(const arrow::Status& status) {
  return Exhausted("the table of checks: {}", status.message());
}

}  // namespace

Result<std::shared_ptr<const engine::ScanSource>> CheckTable(const Context& context,
                                                             control::Store& store) {
  ASSIGN_OR_RETURN(const auto snapshot, store.Read(context));
  Rows rows;
  if (const auto begun = rows.Begin(); !begun.ok()) return OfArrow(begun);
  std::optional<odf::DatasetId> after;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto entries, datasets::ListDatasets(*snapshot, after, kPage));
    more = entries.size() == kPage;
    for (const datasets::DatasetEntry& entry : entries) {
      after = entry.id;
      ASSIGN_OR_RETURN(const auto commits, datasets::ReadCheckedCommits(*snapshot, entry.id));
      for (const datasets::CheckedCommit& commit : commits) {
        if (const auto added = rows.Add(entry, commit); !added.ok()) return OfArrow(added);
      }
    }
  }
  auto batch = rows.End();
  if (!batch.ok()) return OfArrow(batch.status());
  auto source = std::make_shared<engine::ScanSource>();
  source->columns = CheckColumns();
  const std::int64_t count = (*batch)->num_rows();
  if (count == 0) return std::shared_ptr<const engine::ScanSource>(std::move(source));
  ASSIGN_OR_RETURN(const auto file, FileOfRows(**batch));
  source->files.push_back(
      {.open = [file]() -> Result<std::shared_ptr<const ReadableFile>> { return file; },
       .size = file->size(),
       .rows = static_cast<std::uint64_t>(count)});
  return std::shared_ptr<const engine::ScanSource>(std::move(source));
}

std::vector<engine::Column> CheckColumns() { return ColumnsOf(*TableSchema()); }

}  // namespace weir::catalog
