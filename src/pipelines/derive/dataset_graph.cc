#include "pipelines/derive/dataset_graph.h"

#include <algorithm>
#include <map>
#include <set>

#include "datasets/check_results.h"
#include "datasets/dataset_checks.h"

namespace weir::pipelines {
namespace {

using odf::DatasetId;
using Ids = std::set<DatasetId>;

class Graph {
 public:
  Status Read(const Context& context, datasets::ChainStore& chains) {
    ASSIGN_OR_RETURN(const auto snapshot, chains.store().Read(context));
    std::optional<DatasetId> after;
    for (;;) {
      ASSIGN_OR_RETURN(const auto entries, datasets::ListDatasets(*snapshot, after));
      for (const datasets::DatasetEntry& entry : entries) RETURN_IF_ERROR(Add(*snapshot, entry));
      if (entries.size() < 1000) return Ok();
      after = entries.back().id;
    }
  }

  Result<DatasetId> Find(const std::string& workspace, const std::string& name) const {
    for (const auto& [id, node] : nodes_) {
      const bool is_it = node.entry.workspace == workspace &&
                         datasets::FoldName(node.entry.name) == datasets::FoldName(name);
      if (is_it) return id;
    }
    return NotFound("workspace {} has no dataset {}", workspace, name);
  }

  // What moves by itself, when all is to be pulled.
  Ids Movable(const std::string& workspace) const {
    Ids ids;
    for (const auto& [id, node] : nodes_) {
      const bool moves = node.is_derivative || node.has_polling_source;
      if (node.entry.workspace == workspace && moves) ids.insert(id);
    }
    return ids;
  }

  void AddDownstream(Ids& ids) const {
    for (std::size_t before = 0; before != ids.size();) {
      before = ids.size();
      for (const auto& [id, node] : nodes_) {
        if (std::ranges::any_of(node.inputs,
                                [&](const auto& input) { return ids.contains(input); })) {
          ids.insert(id);
        }
      }
    }
  }

  // Derivatives only: a source is not asked because something reads it.
  void AddUpstream(Ids& ids) const {
    std::vector<DatasetId> open(ids.begin(), ids.end());
    while (!open.empty()) {
      const auto node = nodes_.find(open.back());
      open.pop_back();
      if (node == nodes_.end()) continue;
      for (const DatasetId& input : node->second.inputs) {
        const auto found = nodes_.find(input);
        if (found == nodes_.end() || !found->second.is_derivative) continue;
        if (ids.insert(input).second) open.push_back(input);
      }
    }
  }

  Result<std::vector<GraphNode>> InOrder(const Ids& ids) const {
    std::vector<const GraphNode*> waiting;
    for (const DatasetId& id : ids) waiting.push_back(&nodes_.at(id));
    std::ranges::sort(waiting, {}, [](const GraphNode* node) { return node->entry.name; });
    std::vector<GraphNode> ordered;
    Ids done;
    while (!waiting.empty()) {
      const auto are_done = [&](const std::vector<DatasetId>& others) {
        return std::ranges::none_of(others, [&](const DatasetId& other) {
          return ids.contains(other) && !done.contains(other);
        });
      };
      auto next = std::ranges::find_if(waiting, [&](const GraphNode* node) {
        return are_done(node->inputs) && are_done(node->checked_against);
      });
      if (next == waiting.end()) {  // datasets that check each other
        next = std::ranges::find_if(waiting,
                                    [&](const GraphNode* node) { return are_done(node->inputs); });
      }
      if (next == waiting.end()) {
        return Invalid("derivatives read each other: {} is one of them",
                       waiting.front()->entry.name);
      }
      done.insert((*next)->entry.id);
      ordered.push_back(**next);
      waiting.erase(next);
    }
    return ordered;
  }

 private:
  Status Add(control::Snapshot& snapshot, const datasets::DatasetEntry& entry) {
    const auto record = datasets::ReadChainRecord(snapshot, entry.id);
    if (!record && record.error().code == ErrorCode::kNotFound) return Ok();
    if (!record) return record.error();
    const odf::ChainState& chain = record->chain;
    GraphNode node{.entry = entry,
                   .is_derivative = chain.seed->dataset_kind == odf::DatasetKind::kDerivative,
                   .has_polling_source = chain.polling_source.has_value()};
    for (const odf::InputPosition& input : chain.inputs) node.inputs.push_back(input.dataset_id);
    ASSIGN_OR_RETURN(const auto contract, datasets::ReadContract(snapshot, entry.id));
    for (const auto& [name, place] : datasets::DatasetsInChecks(contract.checks)) {
      const auto other = datasets::FindDataset(snapshot, entry.workspace, name);
      if (other) node.checked_against.push_back(other->id);
    }
    nodes_.emplace(entry.id, std::move(node));
    return Ok();
  }

  std::map<DatasetId, GraphNode> nodes_;
};

}  // namespace

Result<std::vector<GraphNode>> GraphToPull(const Context& context, datasets::ChainStore& chains,
                                           const std::string& workspace,
                                           const std::vector<std::string>& names) {
  Graph graph;
  RETURN_IF_ERROR(graph.Read(context, chains));
  Ids ids;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const DatasetId id, graph.Find(workspace, name));
    ids.insert(id);
  }
  if (names.empty()) ids = graph.Movable(workspace);
  graph.AddDownstream(ids);
  graph.AddUpstream(ids);
  return graph.InOrder(ids);
}

}  // namespace weir::pipelines
