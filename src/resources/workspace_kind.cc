#include <algorithm>
#include <array>

#include "resources/core_kinds.h"
#include "resources/manifest.h"

namespace weir::resources {
namespace {

constexpr auto kReserved = std::to_array<std::string_view>(
    {"apply", "backups", "config", "datasets", "delete", "diff", "doctor", "gc", "kinds", "lint",
     "log-level", "openapi.json", "query", "reference.md", "resources", "status", "stop"});

class WorkspaceKind final : public Kind {
 public:
  using Kind::Kind;

  void Validate(const Manifest& manifest, Problems& problems) const override {
    if (!std::binary_search(kReserved.begin(), kReserved.end(), manifest.id.name)) return;
    problems.Add(manifest.place(), "name: no workspace can be called " + manifest.id.name,
                 "the API has other things at /api/" + manifest.id.name);
  }
};

}  // namespace

std::span<const std::string_view> ReservedWorkspaceNames() { return kReserved; }

std::unique_ptr<Kind> MakeWorkspaceKind() {
  return std::make_unique<WorkspaceKind>(KindInfo{
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
