#include "pipelines/lineage/dataset_lineage.h"

#include <algorithm>
#include <map>
#include <set>

#include "pipelines/lineage/derived_columns.h"

namespace weir::pipelines {
namespace {

using odf::DatasetId;

// A dataset as the walk needs it; `chain` is there where it can be read.
struct Known {
  LineageNode node = {};
  std::optional<odf::ChainState> chain = {};
};

Known ReadKnown(control::Snapshot& snapshot, const datasets::DatasetEntry& entry) {
  Known known{.node = {.entry = entry}};
  auto record = datasets::ReadChainRecord(snapshot, entry.id);
  if (!record) {
    known.node.problem = "its chain cannot be read: " + record.error().message;
    return known;
  }
  odf::ChainState& chain = record->chain;
  known.node.is_known = true;
  known.node.is_derivative =
      chain.seed && chain.seed->dataset_kind == odf::DatasetKind::kDerivative;
  for (std::size_t i = 0; i < chain.inputs.size(); ++i) {
    NamedInput input{.alias = chain.inputs[i].dataset_id.ToString(),
                     .id = chain.inputs[i].dataset_id};
    const bool is_named = chain.transform && i < chain.transform->inputs.size();
    if (is_named) input.alias = chain.transform->inputs[i].alias.value_or(input.alias);
    known.node.inputs.push_back(std::move(input));
  }
  known.chain = std::move(chain);
  return known;
}

class Walk {
 public:
  Walk(const Context& context, control::Snapshot& snapshot, const LineageRequest& request)
      : context_(context), snapshot_(snapshot), request_(request) {}

  Status Run() {
    ASSIGN_OR_RETURN(const auto entry, datasets::FindDataset(snapshot_, request_.dataset));
    found_.push_back(ReadKnown(snapshot_, entry));
    if (request_.way != LineageWay::kDownstream) RETURN_IF_ERROR(Upstream());
    if (request_.way != LineageWay::kUpstream) RETURN_IF_ERROR(Downstream());
    return Ok();
  }

  // Where the columns of each derivative come from that has its inputs in the answer.
  Status AddColumns(datasets::ChainStore& chains, engine::Workbench& bench) {
    std::size_t sources = 0;
    for (Known& known : found_) {
      LineageNode& node = known.node;
      if (!node.is_derivative || !known.chain) continue;
      if (sources > kMostLineageSources) {
        is_cut_ = true;
        return Ok();
      }
      RETURN_IF_ERROR(context_.Check());
      auto columns = ColumnsOfDerivative(context_, chains, snapshot_, bench, *known.chain);
      if (!columns) {
        node.problem = "its columns are not known: " + columns.error().message;
        continue;
      }
      sources += columns->rows.size();
      for (const auto& column : columns->columns) sources += column.sources.size();
      node.columns = *std::move(columns);
    }
    return Ok();
  }

  DatasetLineage Take() && {
    DatasetLineage lineage{.nodes = {}, .is_cut = is_cut_};
    for (Known& known : found_) lineage.nodes.push_back(std::move(known.node));
    return lineage;
  }

 private:
  Status Upstream() {
    std::set<DatasetId> seen = {request_.dataset};
    for (std::size_t at = 0; at < found_.size(); ++at) {
      RETURN_IF_ERROR(context_.Check());
      const int distance = found_[at].node.distance;
      const std::vector<NamedInput> inputs = found_[at].node.inputs;
      for (const NamedInput& input : inputs) {
        if (seen.contains(input.id)) continue;
        if (!MayAdd(distance)) return Ok();
        seen.insert(input.id);
        Add(ReadInput(input), distance - 1);
      }
    }
    return Ok();
  }

  // There is no list of what reads a dataset, so all chains are asked.
  Status Downstream() {
    std::map<DatasetId, std::vector<Known>> readers;
    RETURN_IF_ERROR(ReadReaders(readers));
    std::set<DatasetId> seen = {request_.dataset};
    std::vector<std::pair<DatasetId, int>> open = {{request_.dataset, 0}};
    for (std::size_t at = 0; at < open.size(); ++at) {
      const auto [id, distance] = open[at];
      const auto found = readers.find(id);
      if (found == readers.end()) continue;
      for (Known& reader : found->second) {
        const DatasetId reader_id = reader.node.entry.id;
        if (seen.contains(reader_id)) continue;
        if (!MayAdd(distance)) return Ok();
        seen.insert(reader_id);
        open.emplace_back(reader_id, distance + 1);
        Add(std::move(reader), distance + 1);
      }
    }
    return Ok();
  }

  Status ReadReaders(std::map<DatasetId, std::vector<Known>>& readers) {
    constexpr std::size_t kPage = 1000;
    std::optional<DatasetId> after;
    for (;;) {
      RETURN_IF_ERROR(context_.Check());
      ASSIGN_OR_RETURN(const auto entries, datasets::ListDatasets(snapshot_, after, kPage));
      for (const datasets::DatasetEntry& entry : entries) {
        const Known known = ReadKnown(snapshot_, entry);
        for (const NamedInput& input : known.node.inputs) readers[input.id].push_back(known);
      }
      if (entries.size() < kPage) break;
      after = entries.back().id;
    }
    for (auto& [id, list] : readers) {
      std::ranges::sort(list, {}, [](const Known& known) {
        return std::pair(known.node.entry.workspace, known.node.entry.name);
      });
    }
    return Ok();
  }

  Known ReadInput(const NamedInput& input) {
    const auto entry = datasets::FindDataset(snapshot_, input.id);
    if (entry) return ReadKnown(snapshot_, *entry);
    Known lost{.node = {.entry = {.id = input.id}}};
    lost.node.problem = entry.error().code == ErrorCode::kNotFound
                            ? "it is not in this home"
                            : "it cannot be read: " + entry.error().message;
    return lost;
  }

  // Whether there is room for one more, a step on from `distance`.
  bool MayAdd(int distance) {
    const bool is_near = static_cast<std::size_t>(std::abs(distance)) < request_.depth;
    if (is_near && found_.size() < kMostLineageNodes) return true;
    is_cut_ = true;
    return false;
  }

  void Add(Known known, int distance) {
    known.node.distance = distance;
    found_.push_back(std::move(known));
  }

  const Context& context_;
  control::Snapshot& snapshot_;
  const LineageRequest& request_;
  std::vector<Known> found_;
  bool is_cut_ = false;
};

}  // namespace

Result<DatasetLineage> LineageReader::Read(const Context& context, const LineageRequest& request) {
  ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context));
  Walk walk(context, *snapshot, request);
  RETURN_IF_ERROR(walk.Run());
  if (request.with_columns) {
    ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
    RETURN_IF_ERROR(walk.AddColumns(chains_, *bench));
  }
  return std::move(walk).Take();
}

}  // namespace weir::pipelines
