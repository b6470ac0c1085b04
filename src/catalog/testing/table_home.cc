#include "catalog/testing/table_home.h"

#include <arrow/api.h>

#include "datasets/directory.h"
#include "odf/arrow_schema.h"
#include "slices/slice_writer.h"

namespace weir::catalog {
namespace {

class TextSink final : public ByteSink {
 public:
  Status Write(ByteView bytes) override {
    content += AsText(bytes);
    return Ok();
  }
  std::string content;
};

}  // namespace

odf::MergeStrategy UpsertById() {
  return {.value = odf::MergeStrategyUpsertStream{.primary_key = {"id"}}};
}
odf::MergeStrategy Ledgered() { return {.value = odf::MergeStrategyLedger{.primary_key = {"id"}}}; }
odf::MergeStrategy Appending() { return {.value = odf::MergeStrategyAppend{}}; }

TableHome::TableHome() : engine_(engine::OpenDuckDbEngine({}).value()) { OpenStates(); }

void TableHome::Reopen() {
  states_.reset();
  home_.Reopen();
  OpenStates();
}

void TableHome::OpenStates() {
  states_ =
      std::make_unique<datasets::StateStore>(home_.chains(), home_.files(), "/home/cache/states",
                                             datasets::StateStoreOptions{.least_rows = 3});
}

odf::DatasetId TableHome::Create(const std::string& name, odf::MergeStrategy merge,
                                 const std::string& workspace) {
  const odf::DatasetId id = datasets::DatasetHome::IdOf(++created_);
  datasets::AppendRequest request{.id = id, .system_time = datasets::DatasetHome::Second(0)};
  const odf::Seed seed{.dataset_id = id, .dataset_kind = odf::DatasetKind::kRoot};
  const odf::AddPushSource source{.source_name = "default",
                                  .read = {.value = odf::ReadStepNdJson{}},
                                  .merge = std::move(merge)};
  request.blocks = {{.event = {seed}}, {.event = {source}}};
  chains().Append(home_.context(), request).value();
  Enter(id, name, workspace);
  return id;
}

void TableHome::Enter(const odf::DatasetId& id, const std::string& name,
                      const std::string& workspace) {
  const auto entered =
      home_.store().Transact(home_.context(), [&](control::Transaction& transaction) {
        return datasets::PutDataset(transaction, {.id = id, .workspace = workspace, .name = name});
      });
  entered.value();
}

void TableHome::Add(const odf::DatasetId& id, const std::string& sql, int second) {
  const Context context = home_.context();
  const datasets::ChainRecord record = chains().Read(context, id).value();
  const odf::ChainState& chain = record.chain;
  const Timestamp time = datasets::DatasetHome::Second(second);
  const auto rows = engine_->Run(context, {.sql = sql}).value();
  TextSink sink;
  const auto written =
      slices::WriteSlice(context, *rows,
                         {.start_offset = chain.last_offset ? *chain.last_offset + 1 : 0,
                          .system_time = time,
                          .vocab = chain.vocab},
                         sink)
          .value();
  datasets::AppendRequest request{
      .id = id, .expected_head = chain.head, .system_time = time, .blocks = {}};
  const odf::DataSchema schema = odf::DataSchemaOf(*written->schema).value();
  if (chain.schema != schema) {
    request.blocks.push_back({.event = {odf::SetDataSchema{.schema = schema}}});
  }
  odf::AddData data{.prev_checkpoint = chain.checkpoint,
                    .prev_offset = chain.last_offset,
                    .new_data = written->slice,
                    .new_watermark = time};
  request.blocks.push_back(
      {.event = {std::move(data)},
       .slice = datasets::NewSlice{.facts = written->facts, .content = std::move(sink.content)}});
  chains().Append(context, request).value();
}

Result<std::string> TableHome::Query(const std::string& sql, std::vector<PinnedDataset> pinned) {
  DatasetTables tables(home_.context(), chains(), *states_, std::move(pinned));
  ASSIGN_OR_RETURN(const auto rows,
                   engine_->Run(home_.context(), {.sql = sql, .resolver = &tables}));
  std::string text;
  for (;;) {
    ASSIGN_OR_RETURN(const auto batch, rows->Next());
    if (!batch) break;
    for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
      for (const auto& column : batch->columns()) {
        text += column->GetScalar(row).ValueOrDie()->ToString() + " ";
      }
      text.back() = '\n';
    }
  }
  used_ = tables.used();
  return text;
}

}  // namespace weir::catalog
