#include "resources/removal.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

#include "resources/declared.h"
#include "resources/dependency_order.h"
#include "resources/record.h"

namespace weir::resources {
namespace {

constexpr std::size_t kMaxRemoved = 20'000;  // what one transaction can carry
constexpr std::size_t kPage = 1000;

class Remover {
 public:
  Remover(control::Transaction& transaction, const KindRegistry& registry, const Removal& removal)
      : transaction_(transaction), registry_(registry), removal_(removal) {}

  Status Collect();
  Status Check() const;
  Result<std::vector<Change>> Delete();

 private:
  Status Load(const ResourceId& id);
  Status AddDependents(const ResourceId& id);
  Result<std::vector<ResourceId>> NeededBy(const ResourceId& id);
  Status AddContents(const std::string& workspace, std::vector<ResourceId>& contents);
  void Want(const ResourceId& id);
  Result<Change> DeleteOne(const Resource& resource);
  Result<std::vector<std::size_t>> Order() const;

  control::Transaction& transaction_;
  const KindRegistry& registry_;
  const Removal& removal_;
  std::deque<ResourceId> waiting_;
  std::unordered_map<ResourceId, std::size_t, ResourceIdHash> wanted_;  // position in resources_
  std::vector<Resource> resources_;
  std::vector<std::pair<ResourceId, ResourceId>> needs_;  // who needs whom, both ways unchecked
};

void Remover::Want(const ResourceId& id) {
  if (wanted_.emplace(id, wanted_.size()).second) waiting_.push_back(id);
}

Status Remover::Collect() {
  for (const ResourceId& id : removal_.ids) Want(id);
  while (!waiting_.empty()) {
    const ResourceId id = std::move(waiting_.front());
    waiting_.pop_front();
    if (wanted_.size() > kMaxRemoved) {
      return Exhausted("more than {} resources would go at once", kMaxRemoved)
          .WithHint("delete them in several steps");
    }
    RETURN_IF_ERROR(Load(id));
    RETURN_IF_ERROR(AddDependents(id));
  }
  return Ok();
}

Status Remover::Load(const ResourceId& id) {
  ASSIGN_OR_RETURN(const auto entry, transaction_.Get(HeadKey(id)));
  if (!entry) return NotFound("{} is not there", id.ToString());
  ASSIGN_OR_RETURN(Resource resource, DecodeRecord(id, entry->value, entry->revision));
  if (removal_.expected_version && *removal_.expected_version != resource.version) {
    return Conflict("{} is at version {}, not {}", id.ToString(), resource.version,
                    *removal_.expected_version)
        .WithHint("read it again");
  }
  for (const ResourceId& owned : resource.owns) Want(owned);
  resources_.push_back(std::move(resource));
  return Ok();
}

Status Remover::AddDependents(const ResourceId& id) {
  ASSIGN_OR_RETURN(const auto dependents, NeededBy(id));
  for (const ResourceId& dependent : dependents) {
    needs_.emplace_back(dependent, id);
    if (removal_.dependents == DeleteRequest::Dependents::kDeleteToo) Want(dependent);
  }
  return Ok();
}

Result<std::vector<ResourceId>> Remover::NeededBy(const ResourceId& id) {
  std::vector<ResourceId> dependents;
  const control::Key prefix = NeededByKey(id);
  control::ScanOptions options{.limit = kPage};
  for (;;) {
    ASSIGN_OR_RETURN(const auto entries, transaction_.Scan(prefix, options));
    for (const control::Entry& entry : entries) {
      ASSIGN_OR_RETURN(ResourceId dependent, ParseNeededByKey(entry.key));
      dependents.push_back(std::move(dependent));
    }
    if (entries.size() < kPage || dependents.size() > kMaxRemoved) break;
    options.after = entries.back().key;
  }
  if (id.type == kWorkspaceType) RETURN_IF_ERROR(AddContents(id.name, dependents));
  return dependents;
}

// What is in a workspace needs it; no index says so, since the heads themselves do.
Status Remover::AddContents(const std::string& workspace, std::vector<ResourceId>& contents) {
  for (const Kind* kind : registry_.List()) {
    if (kind->info().scope != Scope::kWorkspace) continue;
    const control::Key prefix = HeadsKey(kind->info().type).With(workspace);
    control::ScanOptions options{.limit = kPage};
    for (;;) {
      ASSIGN_OR_RETURN(const auto entries, transaction_.Scan(prefix, options));
      for (const control::Entry& entry : entries) {
        ASSIGN_OR_RETURN(HeadKeyParts parts, ParseHeadKey(entry.key));
        if (!parts.is_status) contents.push_back(std::move(parts.id));
      }
      if (entries.size() < kPage || contents.size() > kMaxRemoved) break;
      options.after = entries.back().key;
    }
  }
  return Ok();
}

Status Remover::Check() const {
  std::vector<const ResourceId*> staying;
  const ResourceId* needed = nullptr;
  for (const auto& [dependent, id] : needs_) {
    if (wanted_.contains(dependent)) continue;
    if (needed == nullptr) needed = &id;
    if (id == *needed) staying.push_back(&dependent);
  }
  if (needed != nullptr) {
    const std::size_t more = staying.size() - 1;
    return Conflict("{} is needed by {}{}", needed->ToString(), staying.front()->ToString(),
                    more == 0 ? "" : fmt::format(" and {} more", more))
        .WithHint("delete what needs it first, or all of it with --cascade");
  }
  if (removal_.of_owner) return Ok();
  for (const Resource& resource : resources_) {
    if (!resource.managed_by || wanted_.contains(*resource.managed_by)) continue;
    return Conflict("{} belongs to {}", resource.id.ToString(), resource.managed_by->ToString())
        .WithHint("take it out there, or delete that");
  }
  return Ok();
}

// Dependents first.
Result<std::vector<std::size_t>> Remover::Order() const {
  std::vector<std::vector<std::size_t>> after(resources_.size());
  std::unordered_map<ResourceId, std::size_t, ResourceIdHash> positions;
  for (std::size_t at = 0; at < resources_.size(); ++at) positions.emplace(resources_[at].id, at);
  for (const auto& [dependent, id] : needs_) {
    const auto first = positions.find(dependent);
    const auto second = positions.find(id);
    if (first != positions.end() && second != positions.end()) {
      after[second->second].push_back(first->second);
    }
  }
  DependencyOrder ordered = OrderByNeeds(after);
  if (!ordered.cycle.empty()) return Corrupt("stored resources need each other in a circle");
  return std::move(ordered.order);
}

Result<std::vector<Change>> Remover::Delete() {
  std::vector<Change> changes;
  ASSIGN_OR_RETURN(const auto order, Order());
  for (const std::size_t at : order) {
    ASSIGN_OR_RETURN(Change change, DeleteOne(resources_[at]));
    changes.push_back(std::move(change));
  }
  return changes;
}

Result<Change> Remover::DeleteOne(const Resource& resource) {
  const ResourceId& id = resource.id;
  if (const Kind* kind = registry_.Find(id.type)) {
    RETURN_IF_ERROR(kind->OnDelete(transaction_, resource));
  }
  for (const ResourceId& need : resource.needs) {
    RETURN_IF_ERROR(transaction_.Delete(NeededByKey(need, id)));
  }
  ASSIGN_OR_RETURN(const std::int64_t deletion,
                   PutDeletion(transaction_, resource, removal_.principal, removal_.now));
  return Change{.id = id,
                .api_version = resource.header.api_version,
                .outcome = Outcome::kDeleted,
                .version = deletion};
}

}  // namespace

Result<std::vector<Change>> Remove(control::Transaction& transaction, const KindRegistry& registry,
                                   const Removal& removal) {
  Remover remover(transaction, registry, removal);
  RETURN_IF_ERROR(remover.Collect());
  RETURN_IF_ERROR(remover.Check());
  return remover.Delete();
}

}  // namespace weir::resources
