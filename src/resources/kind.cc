#include "resources/kind.h"

namespace weir::resources {

Result<ResourceStatus> Kind::StatusOf(control::Snapshot& /*snapshot*/, const Resource& resource,
                                      const ResourceStatus* written) const {
  if (written != nullptr) return *written;
  return ResourceStatus{
      .observed_generation = resource.generation,
      .conditions = {{.type = "Ready", .reason = "Applied", .since = resource.applied_at}}};
}

}  // namespace weir::resources
