#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "resources/resource.h"

namespace weir::resources {

struct ResourceEvent {
  enum class Kind {
    kApplied,  ///< made or changed: manifest or status
    kDeleted,
    kBookmark,  ///< nothing matching happened up to `revision`
  };
  Kind kind = Kind::kBookmark;
  control::Revision revision = 0;
  ResourceId id = {};                     ///< empty for a bookmark
  std::optional<Resource> resource = {};  ///< of kApplied: as it now is
};

/// Changes to resources in the order of commits, as control::Watcher gives them. An event may show
/// a resource already newer than the change it tells of; the newer one is told again. Thread-safe;
/// closing is destruction.
class ResourceWatch {
 public:
  virtual ~ResourceWatch() = default;

  /// What happened since the last call, without waiting. kExhausted with the hint "list again" when
  /// the reader fell too far behind: the watch is then over.
  virtual Result<std::vector<ResourceEvent>> Poll(std::size_t max_events = 1000) = 0;
  /// As Poll, but waits until the context's deadline; empty at the deadline.
  virtual Result<std::vector<ResourceEvent>> Next(const Context& context,
                                                  std::size_t max_events = 1000) = 0;
  /// As control::Watcher::OnReady.
  virtual void OnReady(std::function<void()> ready) = 0;
};

}  // namespace weir::resources
