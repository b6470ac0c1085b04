#include <algorithm>
#include <utility>

#include "resources/presented.h"
#include "resources/record.h"
#include "resources/resource_service.h"

namespace weir::resources {
namespace {

// A condition is as old as its present status: saying it again does not make it younger.
void KeepTimes(const ResourceStatus& before, ResourceStatus& status) {
  for (Condition& condition : status.conditions) {
    const auto same = std::find_if(
        before.conditions.begin(), before.conditions.end(), [&condition](const Condition& other) {
          return other.type == condition.type && other.status == condition.status;
        });
    if (same != before.conditions.end()) condition.since = same->since;
  }
}

}  // namespace

Status ResourceService::SetStatus(const Context& context, const ResourceId& id,
                                  ResourceStatus status) {
  const Timestamp now = clock_.Now();
  for (Condition& condition : status.conditions) condition.since = now;
  const auto body = [&](control::Transaction& transaction) -> Status {
    ASSIGN_OR_RETURN(const Resource resource, ReadHead(transaction, id));
    if (status.observed_generation > resource.generation) {
      return Invalid("a status speaks of generation {} of {}, which is at {}",
                     status.observed_generation, id.ToString(), resource.generation);
    }
    ResourceStatus written = status;
    ASSIGN_OR_RETURN(const auto entry, transaction.Get(StatusKey(id)));
    if (entry) {
      ASSIGN_OR_RETURN(const ResourceStatus before, DecodeStatus(entry->value));
      if (before.observed_generation > status.observed_generation) {
        return Conflict("the status of {} is already that of generation {}", id.ToString(),
                        before.observed_generation);
      }
      KeepTimes(before, written);
      if (written == before) return Ok();
    }
    return transaction.Put(StatusKey(id), EncodeStatus(written));
  };
  ASSIGN_OR_RETURN(const auto revision, store_.Transact(context, body));
  static_cast<void>(revision);
  return Ok();
}

}  // namespace weir::resources
