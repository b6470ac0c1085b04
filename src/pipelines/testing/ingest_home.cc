#include "pipelines/testing/ingest_home.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>

#include <boost/json.hpp>

#include "base/memory_file.h"
#include "datasets/history.h"
#include "odf/json.h"

namespace weir::pipelines {
namespace {

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

IngestHome::IngestHome(std::string_view source, IngestOptions options)
    : options_(std::move(options)) {
  options_.scratch = scratch_.path();
  datasets::AppendRequest beginning{.id = id(), .system_time = clock_.Now()};
  const odf::Seed seed{.dataset_id = id(), .dataset_kind = odf::DatasetKind::kRoot};
  beginning.blocks.push_back({.event = {seed}});
  beginning.blocks.push_back({.event = SourceOf(source)});
  chains().Append(context(), beginning).value();
  Reopen();
}

void IngestHome::Reopen() {
  ingestor_.reset();
  states_.reset();
  home_.Reopen();
  states_ = std::make_unique<datasets::StateStore>(chains(), files(), "/states");
  ingestor_ = std::make_unique<Ingestor>(chains(), *states_, files(), clock_, options_);
}

datasets::ChainRecord IngestHome::record() { return chains().Read(context(), id()).value(); }

Result<IngestReport> IngestHome::Push(std::string content, const std::string& name) {
  return ingestor_->Push(
      context(), {.dataset = id(), .input = FileOf(std::move(content)), .input_name = name});
}

std::string IngestHome::Rows() {
  const auto history = datasets::HistoryOf(context(), chains(), id(), record()).value();
  if (!history) return "";
  const auto bench = engine::OpenDuckDbWorkbench({}).value();
  bench->AddRelation("history", history).value();
  const auto rows =
      bench->Query(context(), "SELECT * EXCLUDE (\"offset\", system_time) FROM history").value();
  std::string text;
  while (const auto batch = rows->Next().value()) text += TextOf(*batch);
  return text;
}

}  // namespace weir::pipelines
