#include "resources/kind.h"

namespace weir::resources {

Result<ResourceStatus> Kind::StatusOf(control::Snapshot& /*snapshot*/, const Resource& resource,
                                      const ResourceStatus* written) const {
  if (written != nullptr) return *written;
  return ResourceStatus{
      .observed_generation = resource.generation,
      .conditions = {{.type = "Ready", .reason = "Applied", .since = resource.applied_at}}};
}

Status Kind::OnRename(control::Transaction& /*transaction*/, const Resource& before,
                      const Resource& /*now*/) const {
  return Unimplemented("a {} cannot be renamed", before.id.type)
      .WithHint("apply it under its new name, and delete the old one");
}

}  // namespace weir::resources
