#pragma once

#include <memory>

#include "resources/kind.h"

namespace weir::secrets {

/// `secret`, of a workspace, and `instance-secret`, of the whole instance: values by key, as DataOS
/// has them. The values are sealed before they are stored and never shown; what they are for, their
/// names and who applied them are not secret.
std::unique_ptr<resources::Kind> MakeSecretKind();
std::unique_ptr<resources::Kind> MakeInstanceSecretKind();

}  // namespace weir::secrets
