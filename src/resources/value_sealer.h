#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "resources/resource_id.h"

namespace weir::resources {

/// Seals values that must not be readable in the control store. `secrets/` implements it.
/// Thread-safe.
class ValueSealer {
 public:
  virtual ~ValueSealer() = default;

  /// `clear`, encrypted and bound to this value of this resource (`path` is a JSON pointer into the
  /// spec): opened under another id or path it is kCorrupt. Text of any form, safe in JSON.
  virtual Result<std::string> Seal(const ResourceId& id, std::string_view path,
                                   std::string_view clear) const = 0;
  virtual Result<std::string> Open(const ResourceId& id, std::string_view path,
                                   std::string_view sealed) const = 0;
};

}  // namespace weir::resources
