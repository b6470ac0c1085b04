#include "pipelines/derive/testing/derive_home.h"

#include <boost/json/array.hpp>
#include <span>

#include "base/json_reader.h"
#include "base/memory_file.h"
#include "contracts/check_json.h"
#include "datasets/check_results.h"
#include "datasets/directory.h"
#include "datasets/history.h"
#include "datasets/state_rule.h"
#include "pipelines/derive/dataset_graph.h"
#include "pipelines/testing/history_text.h"
#include "pipelines/testing/one_table.h"

namespace weir::pipelines {

using datasets::DatasetHome;

DeriveHome::DeriveHome(DeriveOptions options, control::FaultyDisk* disk)
    : home_(disk), options_(std::move(options)) {
  options_.scratch = scratch_.path();
  Reopen();
}

void DeriveHome::End() {
  deriver_.reset();
  recomputing_.reset();
  ingestor_.reset();
  states_.reset();
}

void DeriveHome::Reopen() {
  End();
  home_.Reopen();
  states_ = std::make_unique<datasets::StateStore>(chains(), files(), kStates,
                                                   datasets::StateStoreOptions{.least_rows = 1});
  ingestor_ = std::make_unique<Ingestor>(chains(), *states_, files(), clock_,
                                         IngestOptions{.benches = 1, .scratch = scratch_.path()});
  deriver_ = std::make_unique<Deriver>(chains(), *states_, files(), clock_, options_);
  DeriveOptions again = options_;
  again.recomputes = true;
  recomputing_ = std::make_unique<Deriver>(chains(), *states_, files(), clock_, again);
}

void DeriveHome::AddRoot(std::uint8_t number, std::string_view source) {
  const odf::DatasetId id = DatasetHome::IdOf(number);
  datasets::AppendRequest beginning{.id = id, .system_time = clock_.Now()};
  const odf::Seed seed{.dataset_id = id, .dataset_kind = odf::DatasetKind::kRoot};
  beginning.blocks.push_back({.event = {seed}});
  beginning.blocks.push_back({.event = SourceOf(source)});
  chains().Append(home_.context(), beginning).value();
}

void DeriveHome::AddDerivative(std::uint8_t number, const std::vector<Input>& inputs,
                               const std::string& sql, const std::string& engine) {
  const odf::DatasetId id = DatasetHome::IdOf(number);
  datasets::AppendRequest request{.id = id, .system_time = clock_.Now()};
  const auto known = chains().Read(home_.context(), id);
  if (known) {
    request.expected_head = known->chain.head;
  } else {
    const odf::Seed seed{.dataset_id = id, .dataset_kind = odf::DatasetKind::kDerivative};
    request.blocks.push_back({.event = {seed}});
  }
  odf::SetTransform transform;
  for (const Input& input : inputs) {
    transform.inputs.push_back(
        {.dataset_ref = DatasetHome::IdOf(input.number).ToString(), .alias = input.alias});
  }
  transform.transform.value = odf::TransformSql{.engine = engine, .query = sql};
  request.blocks.push_back({.event = odf::NormalizeEvent({std::move(transform)}).value()});
  chains().Append(home_.context(), request).value();
}

void DeriveHome::Promise(std::uint8_t number, std::string_view checks) {
  const auto contract = contracts::ContractFromJson(ParseJson(checks).value().as_array()).value();
  const odf::DatasetId id = DatasetHome::IdOf(number);
  home_.store()
      .Transact(home_.context(),
                [&](control::Transaction& transaction) -> Status {
                  RETURN_IF_ERROR(datasets::PutDataset(
                      transaction, {.id = id, .workspace = "public", .name = "made"}));
                  return datasets::PutContract(transaction, id, contract);
                })
      .value();
  options_.tables = [this, id](const Context& asked) {
    return std::make_unique<OneTable>(asked, chains(), id, std::vector<std::string>());
  };
  Reopen();
}

Result<IngestReport> DeriveHome::Push(std::uint8_t number, std::string content) {
  return ingestor_->Push(home_.context(), {.dataset = DatasetHome::IdOf(number),
                                           .input = FileOf(std::move(content)),
                                           .input_name = "input.ndjson"});
}

Result<IngestReport> DeriveHome::Evolve(std::uint8_t number, std::string content) {
  return ingestor_->Push(home_.context(), {.dataset = DatasetHome::IdOf(number),
                                           .input = FileOf(std::move(content)),
                                           .input_name = "input.ndjson",
                                           .evolves = true});
}

Result<IngestReport> DeriveHome::Update(std::uint8_t number, Deriver& deriver) {
  return deriver.Update(home_.context(), DatasetHome::IdOf(number));
}

Result<Replayed> DeriveHome::Replay(std::uint8_t number) {
  return deriver_->Replay(home_.context(), DatasetHome::IdOf(number));
}

void DeriveHome::AddForged(std::uint8_t number, std::uint8_t other,
                           const std::vector<Input>& inputs, const std::string& sql,
                           const Rewrite& write, const Retell& tell) {
  AddDerivative(number, inputs, sql);
  const auto of_other = Record(other).chain;
  const auto other_id = DatasetHome::IdOf(other);
  auto slice = chains().Slices(home_.context(), other_id).value().front();
  const auto file = chains().OpenSlice(home_.context(), other_id, slice.slice).value();
  std::string content(file->size(), '\0');
  file->Read(0, std::as_writable_bytes(std::span(content))).value();
  if (write) content = write(std::move(content));
  slice.slice.physical_hash = Multihash::Sha3Of(AsBytes(content));
  slice.slice.size = content.size();
  odf::ExecuteTransform event{.new_data = slice.slice, .new_watermark = of_other.watermark};
  event.query_inputs.push_back({.dataset_id = of_other.inputs.front().dataset_id,
                                .new_block_hash = of_other.inputs.front().block_hash,
                                .new_offset = of_other.inputs.front().offset});
  if (tell) tell(event);
  const odf::DatasetId id = DatasetHome::IdOf(number);
  datasets::AppendRequest request{
      .id = id, .expected_head = Record(number).chain.head, .system_time = of_other.system_time};
  request.blocks.push_back({.event = {odf::SetDataSchema{.schema = *of_other.schema}}});
  request.blocks.push_back(
      {.event = {std::move(event)},
       .slice = datasets::NewSlice{.facts = slice.facts, .content = std::move(content)}});
  chains().Append(home_.context(), request).value();
}

Result<std::optional<DerivePlan>> DeriveHome::Explain(std::uint8_t number) {
  return deriver_->Explain(home_.context(), DatasetHome::IdOf(number));
}

Result<RebuiltGraph> DeriveHome::Rebuild(const std::vector<std::uint8_t>& numbers) {
  std::vector<odf::DatasetId> ids;
  for (const std::uint8_t number : numbers) ids.push_back(DatasetHome::IdOf(number));
  return RebuildGraph(home_.context(), chains(), *deriver_, ids, [](const RebuiltGraph&) {});
}

Result<VerifiedGraph> DeriveHome::Verify(std::uint8_t number) {
  return VerifyRecursively(home_.context(), chains(), *deriver_, DatasetHome::IdOf(number), {},
                           [](const VerifiedGraph&) {});
}

std::vector<PullOutcome> DeriveHome::PullAll() {
  const auto graph = GraphToPull(home_.context(), chains(), "public", {}).value();
  const auto poll = [](const GraphNode&) { return Result<PollReport>(PollReport{}); };
  return PullGraph(home_.context(), chains(), *deriver_, clock_, graph, poll, 2);
}

Status DeriveHome::RefreshStates(const std::vector<std::uint8_t>& numbers) {
  ASSIGN_OR_RETURN(const auto engine, engine::OpenDuckDbEngine({}));
  for (const std::uint8_t number : numbers) {
    const datasets::ChainRecord record = Record(number);
    const datasets::ReadPoint point{.head = record.chain.head.value(),
                                    .sequence_number = record.chain.sequence_number,
                                    .vocab = record.chain.vocab};
    RETURN_IF_ERROR(states_->Refresh(home_.context(), *engine, DatasetHome::IdOf(number), point,
                                     datasets::StateRuleOf(record.chain).key));
  }
  return Ok();
}

void DeriveHome::Name(std::uint8_t number, const std::string& name) {
  const auto named = home_.store().Transact(home_.context(), [&](control::Transaction& all) {
    return datasets::PutDataset(
        all, {.id = DatasetHome::IdOf(number), .workspace = "public", .name = name});
  });
  named.value();
}

std::map<std::string, std::string> DeriveHome::Objects(std::uint8_t number) {
  const odf::DatasetId id = DatasetHome::IdOf(number);
  std::map<std::string, std::string> objects;
  const Status listed =
      chains().RepositoryOf(id).List(home_.context(), [&](const objects::ObjectInfo& object) {
        objects[object.key] =
            home_.objects()
                .GetAll(home_.context(), id.ToMultibase() + "/" + object.key, 64 << 20)
                .value();
        return Ok();
      });
  listed.value();
  return objects;
}

void DeriveHome::Remove(std::uint8_t number, const std::string& name) {
  chains().RepositoryOf(DatasetHome::IdOf(number)).Delete(home_.context(), name).value();
}

void DeriveHome::Publish() { chains().PublishAll(home_.context()).value(); }

datasets::ChainRecord DeriveHome::Record(std::uint8_t number) {
  return chains().Read(home_.context(), DatasetHome::IdOf(number)).value();
}

std::string DeriveHome::Rows(std::uint8_t number) {
  return HistoryText(
      datasets::HistoryOf(home_.context(), chains(), DatasetHome::IdOf(number), Record(number))
          .value());
}

std::vector<std::string> DeriveHome::Hashes(std::uint8_t number) {
  std::vector<std::string> hashes;
  const auto rows =
      chains().Slices(home_.context(), DatasetHome::IdOf(number), {.limit = 10'000}).value();
  for (const datasets::SliceRow& row : rows) hashes.push_back(row.slice.logical_hash.ToText());
  return hashes;
}

}  // namespace weir::pipelines
