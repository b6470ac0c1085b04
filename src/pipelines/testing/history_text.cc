#include "pipelines/testing/history_text.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>

#include <boost/json.hpp>

#include "engine/workbench.h"
#include "odf/chain.h"
#include "odf/json.h"

namespace weir::pipelines {
namespace {

std::string TextOf(const arrow::RecordBatch& batch) {
  std::string text;
  for (std::int64_t row = 0; row < batch.num_rows(); ++row) {
    for (const auto& column : batch.columns()) {
      text += column->IsNull(row) ? "null" : column->GetScalar(row).ValueOrDie()->ToString();
      text += ' ';
    }
    text.back() = '\n';
  }
  return text;
}

}  // namespace

odf::MetadataEvent SourceOf(std::string_view source) {
  boost::json::object json = boost::json::parse(source).as_object();
  if (json.contains("fetch")) {
    json["kind"] = "SetPollingSource";
  } else {
    json["kind"] = "AddPushSource";
    json["sourceName"] = "default";
  }
  return odf::NormalizeEvent(odf::MetadataEventFromJson(json).value()).value();
}

std::string TextOf(engine::RowStream& rows) {
  std::string text;
  while (const auto batch = rows.Next().value()) text += TextOf(*batch);
  return text;
}

std::string HistoryText(std::shared_ptr<const engine::ScanSource> history) {
  if (!history || history->files.empty()) return "";
  const auto bench = engine::OpenDuckDbWorkbench({}).value();
  bench->AddRelation("history", std::move(history)).value();
  const auto rows =
      bench->Query(Context::Background(), "SELECT * EXCLUDE (\"offset\", system_time) FROM history")
          .value();
  return TextOf(*rows);
}

}  // namespace weir::pipelines
