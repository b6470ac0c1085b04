#include "pipelines/revert/counted_events.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>

#include <utility>

namespace weir::pipelines {
namespace {

class Counted final : public engine::RowStream {
 public:
  Counted(std::unique_ptr<engine::RowStream> rows, EventCounts& counts)
      : rows_(std::move(rows)), counts_(counts) {}

  std::shared_ptr<arrow::Schema> schema() const override { return rows_->schema(); }

  Result<std::shared_ptr<arrow::RecordBatch>> Next() override {
    ASSIGN_OR_RETURN(auto batch, rows_->Next());
    if (!batch) return batch;
    const auto& operations = static_cast<const arrow::Int32Array&>(*batch->column(0));
    for (std::int64_t row = 0; row < operations.length(); ++row) {
      switch (operations.Value(row)) {
        case 0:
          counts_.appended += 1;
          break;
        case 1:
          counts_.retracted += 1;
          break;
        case 2:
          counts_.corrected += 1;
          break;
        default:  // the other half of a correction
          break;
      }
    }
    return batch;
  }

 private:
  const std::unique_ptr<engine::RowStream> rows_;
  EventCounts& counts_;
};

}  // namespace

std::unique_ptr<engine::RowStream> CountedEvents(std::unique_ptr<engine::RowStream> rows,
                                                 EventCounts& counts) {
  return std::make_unique<Counted>(std::move(rows), counts);
}

}  // namespace weir::pipelines
