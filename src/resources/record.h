#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "control/key.h"
#include "control/store.h"
#include "resources/resource.h"
#include "resources/resource_id.h"

namespace weir::resources {

/// Where facts about resources stand in the control store, and how they are written: the format is
/// docs/formats/resource-records.md.

control::Key HeadsKey();                       ///< all current versions and statuses
control::Key HeadsKey(std::string_view type);  ///< those of a kind
control::Key HeadKey(const ResourceId& id);    ///< the current version
control::Key StatusKey(const ResourceId& id);  ///< what SetStatus wrote; continues HeadKey
control::Key PastKey(const ResourceId& id);    ///< the older versions
control::Key PastKey(const ResourceId& id, std::int64_t version);
control::Key GoneKey(const ResourceId& id);      ///< the number of the deletion
control::Key NeededByKey(const ResourceId& id);  ///< one entry for each that needs it
control::Key NeededByKey(const ResourceId& id, const ResourceId& by);

/// The id in a key under HeadsKey(), and whether it is that of a status.
struct HeadKeyParts {
  ResourceId id;
  bool is_status = false;
};
Result<HeadKeyParts> ParseHeadKey(const control::Key& key);
/// The resource that needs, in a key under NeededByKey().
Result<ResourceId> ParseNeededByKey(const control::Key& key);

/// One version, without its status. The spec is stored as given here: sealed.
std::string EncodeRecord(const Resource& resource);
/// kCorrupt for bytes that EncodeRecord did not write.
Result<Resource> DecodeRecord(const ResourceId& id, std::string_view value,
                              control::Revision revision);

/// The number of the deletion in what stands under GoneKey(); 0 when the resource never was.
std::int64_t DeletionIn(const std::optional<control::Entry>& gone);
/// Moves `resource`, the current version, to the history and puts its deletion there as the next
/// one. Returns the number of the deletion. Hooks and what others know of it are the caller's.
Result<std::int64_t> PutDeletion(control::Transaction& transaction, const Resource& resource,
                                 const std::string& principal, Timestamp now);

std::string EncodeStatus(const ResourceStatus& status);
Result<ResourceStatus> DecodeStatus(std::string_view value);

}  // namespace weir::resources
