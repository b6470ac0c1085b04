#include "resources/planned_order.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

#include "resources/dependency_order.h"
#include "resources/record.h"

namespace weir::resources {
namespace {

// A graph of what is declared (first, in their order) and what is stored and needed by it.
class Graph {
 public:
  Graph(control::Snapshot& snapshot, const std::vector<Declared>& declared, Problems& problems);

  Status Fill();
  DependencyOrder Order() const { return OrderByNeeds(needs_); }
  const ResourceId& id(std::size_t node) const { return ids_[node]; }
  std::vector<Plan::Read> TakeReads() { return std::move(reads_); }

 private:
  std::size_t NodeOf(const ResourceId& id);
  Status Need(std::size_t node, const Dependency& need);
  Result<bool> LoadStored(std::size_t node);
  void ReportMissing(const Declared& declared, const Dependency& need);

  control::Snapshot& snapshot_;
  const std::vector<Declared>& declared_;
  Problems& problems_;
  std::unordered_map<ResourceId, std::size_t, ResourceIdHash> nodes_;
  std::vector<ResourceId> ids_;
  std::vector<std::vector<std::size_t>> needs_;
  std::unordered_map<std::size_t, bool> loaded_;  // stored nodes: whether they are there
  std::vector<Plan::Read> reads_;
};

Graph::Graph(control::Snapshot& snapshot, const std::vector<Declared>& declared, Problems& problems)
    : snapshot_(snapshot), declared_(declared), problems_(problems) {
  for (const Declared& one : declared) NodeOf(one.manifest.id);
}

std::size_t Graph::NodeOf(const ResourceId& id) {
  const auto [found, added] = nodes_.emplace(id, ids_.size());
  if (added) {
    ids_.push_back(id);
    needs_.emplace_back();
  }
  return found->second;
}

// Also puts in what stored resources need, on and on, since it may lead back to what is declared.
Result<bool> Graph::LoadStored(std::size_t first) {
  std::vector<std::size_t> waiting{first};
  while (!waiting.empty()) {
    const std::size_t node = waiting.back();
    waiting.pop_back();
    if (node < declared_.size() || loaded_.contains(node)) continue;
    const ResourceId id = ids_[node];
    const control::Key key = HeadKey(id);
    ASSIGN_OR_RETURN(const auto entry, snapshot_.Get(key));
    loaded_[node] = entry.has_value();
    if (!entry) continue;
    reads_.push_back({.key = key, .revision = entry->revision});
    ASSIGN_OR_RETURN(const Resource resource, DecodeRecord(id, entry->value, entry->revision));
    for (const ResourceId& need : resource.needs) {
      const std::size_t target = NodeOf(need);
      needs_[node].push_back(target);
      waiting.push_back(target);
    }
  }
  return first < declared_.size() || loaded_[first];
}

Status Graph::Need(std::size_t node, const Dependency& need) {
  const std::size_t target = NodeOf(need.id);
  needs_[node].push_back(target);
  ASSIGN_OR_RETURN(const bool there, LoadStored(target));
  if (!there) ReportMissing(declared_[node], need);
  return Ok();
}

void Graph::ReportMissing(const Declared& declared, const Dependency& need) {
  const Manifest& manifest = declared.manifest;
  if (need.path.empty() && need.id.type == kWorkspaceType) {
    problems_.Add(manifest.place(),
                  fmt::format("{}: there is no such workspace", manifest.id.ToString()),
                  "apply a manifest of type workspace first, or in the same run");
    return;
  }
  problems_.Add(
      manifest.PlaceOf(need.path),
      fmt::format("{} needs {}, which is not there", manifest.id.ToString(), need.id.ToString()),
      "apply it first, or in the same run");
}

Status Graph::Fill() {
  for (std::size_t node = 0; node < declared_.size(); ++node) {
    const Declared& one = declared_[node];
    const std::string& workspace = one.manifest.id.workspace;
    if (!workspace.empty()) {
      RETURN_IF_ERROR(Need(node, {.id = {std::string(kWorkspaceType), "", workspace}}));
    }
    for (const Dependency& need : one.needs) RETURN_IF_ERROR(Need(node, need));
    for (const ResourceId& before : one.after) needs_[node].push_back(NodeOf(before));
  }
  return Ok();
}

void ReportCycle(const Graph& graph, const std::vector<std::size_t>& cycle,
                 const std::vector<Declared>& declared, Problems& problems) {
  std::string way;
  std::size_t shown = cycle.front();
  for (const std::size_t node : cycle) {
    way += fmt::format("{} needs ", graph.id(node).ToString());
    if (node < declared.size()) shown = node;
  }
  problems.Add(shown < declared.size() ? declared[shown].manifest.place() : Place{},
               fmt::format("a cycle: {}{}", way, graph.id(cycle.front()).ToString()),
               "leave one of these dependencies out");
}

}  // namespace

Result<PlannedOrder> OrderDeclared(control::Snapshot& snapshot,
                                   const std::vector<Declared>& declared, Problems& problems) {
  Graph graph(snapshot, declared, problems);
  RETURN_IF_ERROR(graph.Fill());
  DependencyOrder ordered = graph.Order();
  PlannedOrder planned{.reads = graph.TakeReads()};
  if (!ordered.cycle.empty()) {
    ReportCycle(graph, ordered.cycle, declared, problems);
    return planned;
  }
  for (const std::size_t node : ordered.order) {
    if (node < declared.size()) planned.order.push_back(node);
  }
  return planned;
}

}  // namespace weir::resources
