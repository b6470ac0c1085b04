#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "engine/engine.h"

namespace weir::catalog {

/// The schema of tables that tell of the home itself.
inline constexpr const char* kSystemSchema = "system";

/// The tables `system.NAME`, each as of when a statement names it first:
///   checks   what came of the checks of every dataset, in its last commits and in the newest batch
///            that was refused
///
/// Made for one statement; `store` outlives it.
class SystemTables {
 public:
  SystemTables(Context context, control::Store& store)
      : context_(std::move(context)), store_(store) {}

  /// nullopt: there is no such table. `name` in any case.
  Result<std::optional<engine::ResolvedTable>> Resolve(const std::string& name);

  /// The same for one who only asks for columns: without rows.
  static std::optional<engine::ResolvedTable> Outline(const std::string& name);

  static std::vector<std::string> Names();

 private:
  const Context context_;
  control::Store& store_;
};

}  // namespace weir::catalog
