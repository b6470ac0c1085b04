#include "server/kinds.h"

#include "resources/core_kinds.h"
#include "secrets/secret_kind.h"

namespace weir::server {

void AddKinds(resources::KindRegistry& registry, const datasets::DatasetKindParts& datasets) {
  registry.Add(resources::MakeWorkspaceKind());
  registry.Add(resources::MakeBundleKind(registry));
  registry.Add(secrets::MakeSecretKind());
  registry.Add(secrets::MakeInstanceSecretKind());
  registry.Add(datasets::MakeDatasetKind(datasets));
}

}  // namespace weir::server
