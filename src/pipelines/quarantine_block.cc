#include "pipelines/quarantine_block.h"

#include <arrow/api.h>

#include <algorithm>

#include "odf/arrow_schema.h"
#include "odf/events.h"
#include "pipelines/staged_slice.h"
#include "slices/slice_writer.h"

namespace weir::pipelines {
namespace {

constexpr std::size_t kBatchRows = 65'536;

std::shared_ptr<arrow::Schema> RowSchema() {
  const auto time = arrow::timestamp(arrow::TimeUnit::MILLI, "UTC");
  return arrow::schema(
      {arrow::field("op", arrow::int32(), false), arrow::field("event_time", time),
       arrow::field("check_name", arrow::utf8(), false),
       arrow::field("reason", arrow::utf8(), false), arrow::field("source", arrow::utf8(), false),
       arrow::field("position", arrow::utf8()), arrow::field("record", arrow::utf8(), false)});
}

// The rows a batch at a time.
class QuarantineRows final : public engine::RowStream {
 public:
  explicit QuarantineRows(const QuarantineInput& input) : input_(input), schema_(RowSchema()) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Result<std::shared_ptr<arrow::RecordBatch>> Next() override {
    if (next_ == input_.rows.size()) return std::shared_ptr<arrow::RecordBatch>();
    auto batch = Make(std::min(kBatchRows, input_.rows.size() - next_));
    if (!batch.ok()) return Exhausted("rows for quarantine: {}", batch.status().message());
    return *std::move(batch);
  }

 private:
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Make(std::size_t count) {
    ARROW_ASSIGN_OR_RAISE(const auto builder,
                          arrow::RecordBatchBuilder::Make(schema_, arrow::default_memory_pool(),
                                                          static_cast<std::int64_t>(count)));
    for (std::size_t i = 0; i < count; ++i) {
      ARROW_RETURN_NOT_OK(Add(*builder, input_.rows[next_++]));
    }
    return builder->Flush();
  }

  arrow::Status Add(arrow::RecordBatchBuilder& builder, const SetAsideRow& row) const {
    const auto millis =
        std::chrono::floor<std::chrono::milliseconds>(input_.now).time_since_epoch().count();
    ARROW_RETURN_NOT_OK(builder.GetFieldAs<arrow::Int32Builder>(0)->Append(0));
    ARROW_RETURN_NOT_OK(builder.GetFieldAs<arrow::TimestampBuilder>(1)->Append(millis));
    const auto text = [&](int column) { return builder.GetFieldAs<arrow::StringBuilder>(column); };
    ARROW_RETURN_NOT_OK(text(2)->Append(input_.contract[row.check].name));
    ARROW_RETURN_NOT_OK(text(3)->Append(row.reason));
    ARROW_RETURN_NOT_OK(text(4)->Append(input_.source));
    ARROW_RETURN_NOT_OK(row.number ? text(5)->Append(input_.place(*row.number))
                                   : text(5)->AppendNull());
    return text(6)->Append(row.record);
  }

  const QuarantineInput& input_;
  const std::shared_ptr<arrow::Schema> schema_;
  std::size_t next_ = 0;
};

}  // namespace

Result<QuarantineBlock> MakeQuarantineBlock(const Context& context, const QuarantinePlace& place,
                                            const odf::DatasetId& quarantine,
                                            const datasets::ChainRecord& record,
                                            const QuarantineInput& input) {
  const odf::ChainState& chain = record.chain;
  const Timestamp system_time = std::max(input.now, chain.system_time);
  QuarantineRows rows(input);
  StagedSlice staged(place.files, place.scratch);
  ASSIGN_OR_RETURN(
      auto written,
      slices::WriteSlice(context, rows,
                         {.start_offset = chain.last_offset ? *chain.last_offset + 1 : 0,
                          .system_time = system_time,
                          .vocab = chain.vocab},
                         staged));
  if (!written) return Internal("a block of quarantine without rows");
  ASSIGN_OR_RETURN(const odf::DataSchema schema, odf::DataSchemaOf(*written->schema));
  if (chain.schema != schema) return Internal("a quarantine has another schema than its rows");
  QuarantineBlock block{
      .request = {.id = quarantine, .expected_head = chain.head, .system_time = system_time}};
  if (staged.is_large()) {
    ASSIGN_OR_RETURN(block.pin, datasets::Pin::Take(context, place.chains.store(), quarantine,
                                                    place.clock.Now()));
  }
  datasets::NewBlock data{
      .event = {odf::AddData{
          .prev_checkpoint = chain.checkpoint,
          .prev_offset = chain.last_offset,
          .new_data = written->slice,
          .new_watermark = std::max(chain.watermark, written->facts.max_event_time)}},
      .slice = datasets::NewSlice{.facts = std::move(written->facts)}};
  ASSIGN_OR_RETURN(data.slice->content,
                   staged.Settle(context, place.chains, quarantine, written->slice.physical_hash));
  block.request.blocks.push_back(std::move(data));
  return block;
}

}  // namespace weir::pipelines
