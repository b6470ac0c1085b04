#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "resources/presented.h"
#include "resources/record.h"
#include "resources/resource_service.h"

namespace weir::resources {
namespace {

constexpr std::size_t kMostPerPage = 1000;
constexpr std::size_t kScanned = 1000;

std::string CursorOf(const ResourceId& id) {
  return fmt::format("{}/{}/{}", id.type, id.workspace, id.name);
}

Result<ResourceId> ParseCursor(std::string_view cursor) {
  const auto first = cursor.find('/');
  const auto second = first == std::string_view::npos ? first : cursor.find('/', first + 1);
  if (second == std::string_view::npos) return Invalid("the cursor is none that was given out");
  return ResourceId{.type = std::string(cursor.substr(0, first)),
                    .workspace = std::string(cursor.substr(first + 1, second - first - 1)),
                    .name = std::string(cursor.substr(second + 1))};
}

// The stretches of keys in which matching resources lie, in key order: one for each kind.
std::vector<control::Key> RangesOf(const KindRegistry& registry, const ResourceFilter& filter) {
  std::vector<control::Key> ranges;
  for (const Kind* kind : registry.List()) {
    const KindInfo& info = kind->info();
    if (!filter.type.empty() && info.type != filter.type) continue;
    const bool narrow = filter.workspace && info.scope == Scope::kWorkspace;
    ranges.push_back(narrow ? HeadsKey(info.type).With(*filter.workspace) : HeadsKey(info.type));
  }
  return ranges;
}

class Lister {
 public:
  Lister(control::Snapshot& snapshot, const KindRegistry& registry, const SpecSecrets& secrets,
         const ListRequest& request)
      : snapshot_(snapshot),
        registry_(registry),
        secrets_(secrets),
        filter_(request.filter),
        limit_(std::clamp<std::size_t>(request.limit, 1, kMostPerPage)) {}

  // Adds what matches in `range` after `after`; stops when the page is full.
  Status Scan(const Context& context, const control::Key& range, std::optional<control::Key> after);
  bool full() const { return full_; }
  ListAnswer Take() { return std::move(answer_); }

 private:
  Status Take(const control::Entry& entry);

  control::Snapshot& snapshot_;
  const KindRegistry& registry_;
  const SpecSecrets& secrets_;
  const ResourceFilter& filter_;
  const std::size_t limit_;
  bool full_ = false;
  ListAnswer answer_;
};

Status Lister::Scan(const Context& context, const control::Key& range,
                    std::optional<control::Key> after) {
  control::ScanOptions options{.after = std::move(after), .limit = kScanned};
  for (;;) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto entries, snapshot_.Scan(range, options));
    for (const control::Entry& entry : entries) {
      RETURN_IF_ERROR(Take(entry));
      if (full_) return Ok();
    }
    if (entries.size() < kScanned) return Ok();
    options.after = entries.back().key;
  }
}

Status Lister::Take(const control::Entry& entry) {
  ASSIGN_OR_RETURN(const HeadKeyParts parts, ParseHeadKey(entry.key));
  if (parts.is_status || !filter_.Matches(parts.id)) return Ok();
  ASSIGN_OR_RETURN(Resource stored, DecodeRecord(parts.id, entry.value, entry.revision));
  if (!filter_.Matches(stored.id, stored.header)) return Ok();
  if (answer_.items.size() == limit_) {
    answer_.next = CursorOf(answer_.items.back().id);
    full_ = true;
    return Ok();
  }
  ASSIGN_OR_RETURN(Resource shown, Present(snapshot_, registry_, secrets_, std::move(stored)));
  answer_.items.push_back(std::move(shown));
  return Ok();
}

}  // namespace

Result<ListAnswer> ResourceService::List(const Context& context, const ListRequest& request) {
  if (!request.filter.type.empty()) RETURN_IF_ERROR(registry_.Get(request.filter.type));
  std::optional<control::Key> after;
  if (!request.after.empty()) {
    ASSIGN_OR_RETURN(const ResourceId last, ParseCursor(request.after));
    after = StatusKey(last);
  }
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  Lister lister(*snapshot, registry_, secrets_, request);
  for (const control::Key& range : RangesOf(registry_, request.filter)) {
    const bool inside = after && range.IsPrefixOf(*after);
    if (after && !inside && range < *after) continue;  // a page before was there
    RETURN_IF_ERROR(lister.Scan(context, range, inside ? after : std::optional<control::Key>()));
    if (lister.full()) break;
  }
  ListAnswer answer = lister.Take();
  answer.revision = snapshot->revision();
  return answer;
}

}  // namespace weir::resources
