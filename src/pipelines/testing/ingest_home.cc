#include "pipelines/testing/ingest_home.h"

#include <boost/json/array.hpp>

#include "base/json_reader.h"
#include "base/memory_file.h"
#include "contracts/check_json.h"
#include "datasets/check_results.h"
#include "datasets/directory.h"
#include "datasets/history.h"
#include "datasets/quarantine.h"
#include "pipelines/contracts/ask_checks.h"
#include "pipelines/testing/history_text.h"
#include "pipelines/testing/one_table.h"

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

void IngestHome::Promise(std::string_view checks, std::vector<std::string> key) {
  const auto contract = contracts::ContractFromJson(ParseJson(checks).value().as_array()).value();
  key_ = std::move(key);
  const datasets::DatasetEntry entry{.id = id(), .workspace = "public", .name = "cities"};
  home_.store()
      .Transact(context(),
                [&](control::Transaction& transaction) -> Status {
                  RETURN_IF_ERROR(datasets::PutDataset(transaction, entry));
                  RETURN_IF_ERROR(datasets::PutContract(transaction, id(), contract));
                  ASSIGN_OR_RETURN(const auto there, datasets::FindQuarantine(transaction, id()));
                  if (there) return Ok();
                  return datasets::BeginQuarantine(transaction, entry, quarantine_id(),
                                                   clock_.Now());
                })
      .value();
  options_.tables = [this](const Context& asked) {
    return std::make_unique<OneTable>(asked, chains(), id(), key_);
  };
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

Result<IngestReport> IngestHome::Evolve(std::string content, const std::string& name) {
  return ingestor_->Push(
      context(),
      {.dataset = id(), .input = FileOf(std::move(content)), .input_name = name, .evolves = true});
}

std::string IngestHome::Query(const std::string& sql) {
  if (!bench_) bench_ = engine::OpenDuckDbWorkbench({}).value();
  bench_->Clear().value();
  const auto add = [&](const std::string& name, const odf::DatasetId& dataset,
                       const std::vector<std::string>& key) {
    if (!chains().Read(context(), dataset).value().chain.has_data) return;
    const auto table = OneTable(context(), chains(), dataset, key).Resolve({}, {}).value();
    AddTable(context(), *bench_, name, *table).value();
  };
  add("cities", id(), key_);
  add("quarantine", quarantine_id(), {});
  return TextOf(*bench_->Query(context(), sql).value());
}

std::string IngestHome::Rows() {
  return HistoryText(datasets::HistoryOf(context(), chains(), id(), record()).value());
}

}  // namespace weir::pipelines
