#include "resources/presented.h"

#include "resources/key_order.h"
#include "resources/record.h"

namespace weir::resources {

Status RenderStored(control::Snapshot& snapshot, const KindRegistry& registry, Resource& stored) {
  const Kind* kind = registry.Find(stored.id.type);
  return kind == nullptr ? Ok() : kind->Render(snapshot, stored);
}

Status MakeFitToShow(control::Snapshot& snapshot, const KindRegistry& registry,
                     const SpecSecrets& secrets, Resource& stored) {
  RETURN_IF_ERROR(RenderStored(snapshot, registry, stored));
  secrets.Hide(stored.id, stored.spec);
  OrderKeys(registry, stored.id.type, stored.spec);
  return Ok();
}

Result<Resource> Present(control::Snapshot& snapshot, const KindRegistry& registry,
                         const SpecSecrets& secrets, Resource stored) {
  RETURN_IF_ERROR(MakeFitToShow(snapshot, registry, secrets, stored));
  if (stored.deleted) {
    stored.status = {.aggregate = Aggregate::kDeleted, .observed_generation = stored.generation};
    return stored;
  }
  const Kind* kind = registry.Find(stored.id.type);
  if (kind == nullptr) return stored;
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(StatusKey(stored.id)));
  if (!entry) {
    ASSIGN_OR_RETURN(stored.status, kind->StatusOf(snapshot, stored, nullptr));
    return stored;
  }
  ASSIGN_OR_RETURN(const ResourceStatus written, DecodeStatus(entry->value));
  ASSIGN_OR_RETURN(stored.status, kind->StatusOf(snapshot, stored, &written));
  return stored;
}

Result<Resource> ReadHead(control::Snapshot& snapshot, const ResourceId& id) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(HeadKey(id)));
  if (entry) return DecodeRecord(id, entry->value, entry->revision);
  ASSIGN_OR_RETURN(const auto gone, snapshot.Get(GoneKey(id)));
  Error missing = NotFound("there is no {}", id.ToString());
  if (gone) missing.hint = "it was deleted; weir undelete brings it back";
  return missing;
}

}  // namespace weir::resources
