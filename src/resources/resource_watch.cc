#include "resources/resource_watch.h"

#include <chrono>
#include <unordered_map>
#include <utility>

#include "resources/presented.h"
#include "resources/record.h"
#include "resources/resource_service.h"

namespace weir::resources {
namespace {

constexpr std::chrono::seconds kReadTimeout{10};

class StoreWatch final : public ResourceWatch {
 public:
  StoreWatch(std::unique_ptr<control::Watcher> watcher, control::Store& store,
             const KindRegistry& registry, const SpecSecrets& secrets, ResourceFilter filter)
      : watcher_(std::move(watcher)),
        store_(store),
        registry_(registry),
        secrets_(secrets),
        filter_(std::move(filter)) {}

  Result<std::vector<ResourceEvent>> Poll(std::size_t max_events) override {
    ASSIGN_OR_RETURN(const auto raw, watcher_->Poll(max_events));
    return Translate(raw);
  }

  Result<std::vector<ResourceEvent>> Next(const Context& context, std::size_t max_events) override {
    ASSIGN_OR_RETURN(const auto raw, watcher_->Next(context, max_events));
    return Translate(raw);
  }

  void OnReady(std::function<void()> ready) override { watcher_->OnReady(std::move(ready)); }

 private:
  using Raw = control::WatchEvent;

  Result<std::vector<ResourceEvent>> Translate(const std::vector<Raw>& raw);
  Result<std::optional<ResourceEvent>> TranslatePut(control::Snapshot& snapshot, const Raw& event,
                                                    ResourceId id);

  const std::unique_ptr<control::Watcher> watcher_;
  control::Store& store_;
  const KindRegistry& registry_;
  const SpecSecrets& secrets_;
  const ResourceFilter filter_;
};

Result<std::vector<ResourceEvent>> StoreWatch::Translate(const std::vector<Raw>& raw) {
  std::vector<ResourceEvent> events;
  if (raw.empty()) return events;
  const Context context = Context::Background().WithTimeout(kReadTimeout);
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  std::unordered_map<ResourceId, std::size_t, ResourceIdHash> last;
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (!raw[at].key) continue;
    ASSIGN_OR_RETURN(const HeadKeyParts parts, ParseHeadKey(*raw[at].key));
    last[parts.id] = at;
  }
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (!raw[at].key) continue;
    ASSIGN_OR_RETURN(HeadKeyParts parts, ParseHeadKey(*raw[at].key));
    if (!filter_.Matches(parts.id)) continue;
    if (raw[at].kind == Raw::Kind::kDelete) {
      if (parts.is_status) continue;
      events.push_back({.kind = ResourceEvent::Kind::kDeleted,
                        .revision = raw[at].revision,
                        .id = std::move(parts.id)});
    } else if (last[parts.id] == at) {  // an earlier one would show the same
      ASSIGN_OR_RETURN(auto event, TranslatePut(*snapshot, raw[at], std::move(parts.id)));
      if (event) events.push_back(std::move(*event));
    }
  }
  if (events.empty()) events.push_back({.revision = raw.back().revision});
  return events;
}

Result<std::optional<ResourceEvent>> StoreWatch::TranslatePut(control::Snapshot& snapshot,
                                                              const Raw& event, ResourceId id) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(HeadKey(id)));
  if (!entry) return std::optional<ResourceEvent>();  // deleted since: that is told next
  ASSIGN_OR_RETURN(Resource stored, DecodeRecord(id, entry->value, entry->revision));
  if (!filter_.Matches(id, stored.header)) return std::optional<ResourceEvent>();
  ASSIGN_OR_RETURN(Resource shown, Present(snapshot, registry_, secrets_, std::move(stored)));
  return std::optional<ResourceEvent>({.kind = ResourceEvent::Kind::kApplied,
                                       .revision = event.revision,
                                       .id = std::move(id),
                                       .resource = std::move(shown)});
}

control::Key PrefixOf(const KindRegistry& registry, const ResourceFilter& filter) {
  if (filter.type.empty()) return HeadsKey();
  const Kind* kind = registry.Find(filter.type);
  const bool narrow = filter.workspace && kind->info().scope == Scope::kWorkspace;
  return narrow ? HeadsKey(filter.type).With(*filter.workspace) : HeadsKey(filter.type);
}

}  // namespace

Result<std::unique_ptr<ResourceWatch>> ResourceService::Watch(const ResourceFilter& filter,
                                                              control::Revision from) {
  if (!filter.type.empty()) RETURN_IF_ERROR(registry_.Get(filter.type));
  ASSIGN_OR_RETURN(auto watcher,
                   store_.Watch(PrefixOf(registry_, filter), from == 0 ? store_.revision() : from));
  return std::make_unique<StoreWatch>(std::move(watcher), store_, registry_, secrets_, filter);
}

}  // namespace weir::resources
