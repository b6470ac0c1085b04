#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "resources/kind.h"
#include "resources/schema.h"

namespace weir::resources {

/// The kinds this program has, with their schemas compiled. Filled in server/wiring.cc before
/// anybody asks, then read by any thread.
class KindRegistry {
 public:
  /// Compiles the kind's schema; a wrong schema or a type registered twice is a bug and stops the
  /// process.
  void Add(std::unique_ptr<Kind> kind);

  /// Null for a type that is not here.
  const Kind* Find(std::string_view type) const;

  /// kInvalid with the nearest type as hint, or that this DataOS type is not here yet.
  Result<const Kind*> Get(std::string_view type) const;

  /// Of the whole manifest, header and all; `document()` is for tools outside.
  const Schema& SchemaOf(const Kind& kind) const;
  /// Of the spec alone.
  const SchemaNode& SpecSchemaOf(const Kind& kind) const;

  std::vector<const Kind*> List() const;  ///< by type

 private:
  struct Entry {
    std::unique_ptr<Kind> kind;
    Schema schema;
  };
  const Entry* FindEntry(std::string_view type) const;

  std::vector<Entry> entries_;  // sorted by type
};

}  // namespace weir::resources
