#pragma once

#include "resources/value_sealer.h"
#include "secrets/sealer.h"

namespace weir::secrets {

/// Seals the secret values of resources: what resources/ asks for, done by the home's sealer. The
/// text is the envelope in base64url. Made in server/wiring.cc; the sealer outlives it.
class ResourceSealer final : public resources::ValueSealer {
 public:
  explicit ResourceSealer(const Sealer& sealer) : sealer_(sealer) {}

  Result<std::string> Seal(const resources::ResourceId& id, std::string_view path,
                           std::string_view clear) const override;
  Result<std::string> Open(const resources::ResourceId& id, std::string_view path,
                           std::string_view sealed) const override;

 private:
  const Sealer& sealer_;
};

}  // namespace weir::secrets
