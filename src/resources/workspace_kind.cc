#include "resources/core_kinds.h"

namespace weir::resources {

std::unique_ptr<Kind> MakeWorkspaceKind() {
  return std::make_unique<Kind>(KindInfo{
      .type = "workspace",
      .description = "A namespace for resources and datasets",
      .versions = {"v1"},
      .scope = Scope::kInstance,
      .schema = R"({
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "labels": {
            "type": "object",
            "description": "Words under keys, for people and tools",
            "maxProperties": 100,
            "additionalProperties": {"type": "string", "maxLength": 256}
          }
        }
      })",
  });
}

}  // namespace weir::resources
