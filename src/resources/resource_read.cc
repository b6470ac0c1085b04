#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "resources/presented.h"
#include "resources/record.h"
#include "resources/resource_service.h"

namespace weir::resources {
namespace {

constexpr std::size_t kPage = 1000;

// The newest stored version for which `wanted` holds, the current one included.
template <typename Wanted>
Result<std::optional<Resource>> FindVersion(control::Snapshot& snapshot, const ResourceId& id,
                                            const Wanted& wanted) {
  ASSIGN_OR_RETURN(const auto head, snapshot.Get(HeadKey(id)));
  if (head) {
    ASSIGN_OR_RETURN(Resource resource, DecodeRecord(id, head->value, head->revision));
    if (wanted(resource)) return std::optional<Resource>(std::move(resource));
  }
  control::ScanOptions options{.limit = kPage, .reverse = true};
  for (;;) {
    ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(PastKey(id), options));
    for (const control::Entry& entry : entries) {
      ASSIGN_OR_RETURN(Resource resource, DecodeRecord(id, entry.value, entry.revision));
      if (wanted(resource)) return std::optional<Resource>(std::move(resource));
    }
    if (entries.size() < kPage) return std::optional<Resource>();
    options.after = entries.back().key;
  }
}

Result<Resource> FindSelected(control::Snapshot& snapshot, const ResourceId& id,
                              const VersionSelector& selector) {
  if (!selector.version && !selector.at) return ReadHead(snapshot, id);
  ASSIGN_OR_RETURN(auto found, FindVersion(snapshot, id, [&selector](const Resource& resource) {
                     if (selector.version) return resource.version == *selector.version;
                     return resource.applied_at <= *selector.at;
                   }));
  if (selector.version) {
    if (!found) return NotFound("{} has no version {}", id.ToString(), *selector.version);
    return std::move(*found);
  }
  const std::string at = FormatTimestamp(*selector.at);
  if (!found) return NotFound("{} was not there at {}", id.ToString(), at);
  if (found->deleted) return NotFound("{} was deleted at {}", id.ToString(), at);
  return std::move(*found);
}

}  // namespace

Result<Resource> ResourceService::Get(const Context& context, const ResourceId& id,
                                      const VersionSelector& selector) {
  RETURN_IF_ERROR(registry_.Get(id.type));
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  ASSIGN_OR_RETURN(Resource stored, FindSelected(*snapshot, id, selector));
  ASSIGN_OR_RETURN(const auto head, snapshot->Get(HeadKey(id)));
  if (head && head->revision == stored.revision) {
    return Present(*snapshot, registry_, secrets_, std::move(stored));
  }
  RETURN_IF_ERROR(MakeFitToShow(*snapshot, registry_, secrets_, stored));
  if (stored.deleted) stored.status.aggregate = Aggregate::kDeleted;
  return stored;
}

Result<boost::json::object> ResourceService::ClearSpec(const Context& context,
                                                       const ResourceId& id) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  ASSIGN_OR_RETURN(Resource stored, ReadHead(*snapshot, id));
  RETURN_IF_ERROR(RenderStored(*snapshot, registry_, stored));
  RETURN_IF_ERROR(secrets_.Open(id, stored.spec));
  return std::move(stored.spec);
}

Result<HistoryAnswer> ResourceService::History(const Context& context,
                                               const HistoryRequest& request) {
  const ResourceId& id = request.id;
  RETURN_IF_ERROR(registry_.Get(id.type));
  const std::size_t limit = std::clamp<std::size_t>(request.limit, 1, kPage);
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  HistoryAnswer answer;
  ASSIGN_OR_RETURN(const auto head, snapshot->Get(HeadKey(id)));
  if (head) {
    ASSIGN_OR_RETURN(Resource resource, DecodeRecord(id, head->value, head->revision));
    if (request.before == 0 || resource.version < request.before) {
      answer.versions.push_back(std::move(resource));
    }
  }
  control::ScanOptions options{.limit = limit + 1, .reverse = true};
  if (request.before != 0) options.after = PastKey(id, request.before);
  ASSIGN_OR_RETURN(const auto entries, snapshot->Scan(PastKey(id), options));
  for (const control::Entry& entry : entries) {
    ASSIGN_OR_RETURN(Resource resource, DecodeRecord(id, entry.value, entry.revision));
    answer.versions.push_back(std::move(resource));
  }
  if (answer.versions.empty() && !head && request.before == 0) {
    return NotFound("there never was a {}", id.ToString());
  }
  if (answer.versions.size() > limit) {
    answer.versions.resize(limit);
    answer.next_before = answer.versions.back().version;
  }
  for (Resource& resource : answer.versions) {
    RETURN_IF_ERROR(MakeFitToShow(*snapshot, registry_, secrets_, resource));
  }
  return answer;
}

}  // namespace weir::resources
