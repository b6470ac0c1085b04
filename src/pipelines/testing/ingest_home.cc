#include "pipelines/testing/ingest_home.h"

#include "base/memory_file.h"
#include "datasets/history.h"
#include "pipelines/testing/history_text.h"

namespace weir::pipelines {

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
  return HistoryText(datasets::HistoryOf(context(), chains(), id(), record()).value());
}

}  // namespace weir::pipelines
