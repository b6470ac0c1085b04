#include "resources/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <unordered_map>
#include <utility>

#include "resources/field_changes.h"
#include "resources/json_fields.h"
#include "resources/planned_order.h"
#include "resources/record.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxRecordBytes = 1 << 20;  // what the store takes as one value

class Planner {
 public:
  Planner(control::Snapshot& snapshot, const SpecSecrets& secrets, const PlanOptions& options,
          Problems& problems)
      : snapshot_(snapshot), secrets_(secrets), options_(options), problems_(problems) {}

  Status Consider(const Declared& declared);
  Plan Take() { return std::move(plan_); }
  void Expect(Plan::Read read) { plan_.reads.push_back(std::move(read)); }

 private:
  // A version, and the bytes it is stored as.
  struct Stored {
    Resource resource;
    std::string value;
  };

  Result<std::optional<control::Entry>> Get(const control::Key& key);
  Status Complete(const Declared& declared, const Resource* before, Resource& now, Change& change);
  bool MayChange(const Declared& declared, const Resource* before);
  Header HeaderOf(const Declared& declared, Change& change) const;
  Status Create(const Declared& declared, Resource now, Change change);
  Status Configure(const Declared& declared, Stored before, Resource now, Change change);
  Result<std::vector<FieldChange>> Compare(const Resource& before, const json::object& before_spec,
                                           const Resource& now) const;
  Status Write(const Declared& declared, std::optional<Stored> before, Resource now, bool was_gone);

  control::Snapshot& snapshot_;
  const SpecSecrets& secrets_;
  const PlanOptions& options_;
  Problems& problems_;
  Plan plan_;
};

// What changes of a resource are told of: the header under its keys, the spec under its type.
json::value Told(const Header& header, std::string_view type, json::object spec) {
  json::object told;
  told["version"] = header.api_version;
  told["tags"] = ArrayOf(header.tags);
  told["description"] = header.description;
  told["owner"] = header.owner;
  told["layer"] = header.layer;
  told[type] = std::move(spec);
  return told;
}

std::vector<ResourceId> IdsOf(const std::vector<Dependency>& needs) {
  std::vector<ResourceId> ids;
  for (const Dependency& need : needs) ids.push_back(need.id);
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Result<std::optional<control::Entry>> Planner::Get(const control::Key& key) {
  ASSIGN_OR_RETURN(auto entry, snapshot_.Get(key));
  Expect({.key = key,
          .revision = entry ? std::optional<control::Revision>(entry->revision) : std::nullopt});
  return entry;
}

Status Planner::Consider(const Declared& declared) {
  const Manifest& manifest = declared.manifest;
  ASSIGN_OR_RETURN(auto entry, Get(HeadKey(manifest.id)));
  std::optional<Stored> before;
  if (entry) {
    ASSIGN_OR_RETURN(Resource stored, DecodeRecord(manifest.id, entry->value, entry->revision));
    RETURN_IF_ERROR(declared.kind->Render(snapshot_, stored));
    before = Stored{std::move(stored), std::move(entry->value)};
  }
  if (!MayChange(declared, before ? &before->resource : nullptr)) return Ok();

  Change change{
      .id = manifest.id, .api_version = manifest.header.api_version, .place = manifest.place()};
  Resource now{.id = manifest.id, .header = HeaderOf(declared, change), .spec = manifest.spec};
  now.applied_at = options_.now;
  now.applied_by = options_.principal;
  now.managed_by = declared.managed_by;
  now.owns = declared.owns;
  now.needs = IdsOf(declared.needs);
  const std::size_t wrong = problems_.total();
  RETURN_IF_ERROR(Complete(declared, before ? &before->resource : nullptr, now, change));
  if (problems_.total() != wrong) return Ok();
  if (before) return Configure(declared, std::move(*before), std::move(now), std::move(change));
  return Create(declared, std::move(now), std::move(change));
}

bool IsOfDeclaration(ErrorCode code) {
  return code == ErrorCode::kInvalid || code == ErrorCode::kConflict ||
         code == ErrorCode::kNotFound || code == ErrorCode::kAlreadyExists ||
         code == ErrorCode::kUnimplemented;
}

Status Planner::Complete(const Declared& declared, const Resource* before, Resource& now,
                         Change& change) {
  std::string note;
  const Status done = declared.kind->Complete(snapshot_, before, now, note);
  if (!done && !IsOfDeclaration(done.error().code)) return done;
  if (!done) {
    problems_.Add({.place = declared.manifest.place(),
                   .message = done.error().message,
                   .hint = done.error().hint,
                   .code = done.error().code});
    return Ok();
  }
  if (!note.empty()) change.note += (change.note.empty() ? "" : "; ") + note;
  return Ok();
}

// The applying principal owns what it applies, whatever the manifest says (as in DataOS).
Header Planner::HeaderOf(const Declared& declared, Change& change) const {
  Header header = declared.manifest.header;
  if (!header.owner.empty() && header.owner != options_.principal) {
    change.note = fmt::format("the owner is {}, who applies it", options_.principal);
  }
  header.owner = options_.principal;
  return header;
}

bool Planner::MayChange(const Declared& declared, const Resource* before) {
  const Manifest& manifest = declared.manifest;
  const std::int64_t version = before == nullptr ? 0 : before->version;
  if (options_.expected_version && !declared.managed_by && *options_.expected_version != version) {
    problems_.Add({.place = manifest.place(),
                   .message = fmt::format("{} is at version {}, not {}", manifest.id.ToString(),
                                          version, *options_.expected_version),
                   .hint = "read it again and apply to what it is now",
                   .code = ErrorCode::kConflict});
    return false;
  }
  if (before == nullptr || !before->managed_by || before->managed_by == declared.managed_by) {
    return true;
  }
  problems_.Add({.place = manifest.place(),
                 .message = fmt::format("{} belongs to {}", manifest.id.ToString(),
                                        before->managed_by->ToString()),
                 .hint = "change it there",
                 .code = ErrorCode::kConflict});
  return false;
}

Status Planner::Create(const Declared& declared, Resource now, Change change) {
  ASSIGN_OR_RETURN(const auto gone, Get(GoneKey(now.id)));
  now.version = DeletionIn(gone) + 1;
  now.generation = now.version;
  now.created_at = options_.now;
  change.outcome = Outcome::kCreated;
  change.version = now.version;
  if (options_.fields_of_created) {
    json::object shown = now.spec;
    secrets_.Hide(now.id, shown);
    const json::value nothing = json::object();
    const json::value clear = Told(now.header, now.id.type, now.spec);
    const json::value told = Told(now.header, now.id.type, std::move(shown));
    change.fields = CompareFields({nothing, nothing}, {clear, told});
  }
  plan_.changes.push_back(std::move(change));
  return Write(declared, std::nullopt, std::move(now), gone.has_value());
}

Status Planner::Configure(const Declared& declared, Stored stored, Resource now, Change change) {
  const Resource& before = stored.resource;
  json::object before_spec = before.spec;
  RETURN_IF_ERROR(secrets_.Open(before.id, before_spec));
  const bool same_spec = before_spec == now.spec;
  const bool same = same_spec && before.header == now.header &&
                    before.managed_by == now.managed_by && before.owns == now.owns &&
                    before.needs == now.needs;
  change.version = before.version + (same ? 0 : 1);
  change.outcome = same ? Outcome::kUnchanged : Outcome::kConfigured;
  if (!same) {
    ASSIGN_OR_RETURN(change.fields, Compare(before, before_spec, now));
    now.version = before.version + 1;
    now.generation = before.generation + (same_spec ? 0 : 1);
    now.created_at = before.created_at;
    for (const ResourceId& owned : before.owns) {
      const bool kept = std::find(now.owns.begin(), now.owns.end(), owned) != now.owns.end();
      if (!kept) plan_.removals.push_back(owned);
    }
  }
  plan_.changes.push_back(std::move(change));
  if (same) return Ok();
  return Write(declared, std::move(stored), std::move(now), false);
}

Result<std::vector<FieldChange>> Planner::Compare(const Resource& before,
                                                  const json::object& before_spec,
                                                  const Resource& now) const {
  json::object before_hidden = before_spec;
  json::object now_hidden = now.spec;
  secrets_.Hide(before.id, before_hidden);
  secrets_.Hide(now.id, now_hidden);
  const std::string& type = now.id.type;
  const json::value before_clear = Told(before.header, type, before_spec);
  const json::value before_shown = Told(before.header, type, std::move(before_hidden));
  const json::value now_clear = Told(now.header, type, now.spec);
  const json::value now_shown = Told(now.header, type, std::move(now_hidden));
  return CompareFields({before_clear, before_shown}, {now_clear, now_shown});
}

Status Planner::Write(const Declared& declared, std::optional<Stored> before, Resource now,
                      bool was_gone) {
  RETURN_IF_ERROR(secrets_.Seal(now.id, now.spec));
  Resource kept = now;
  declared.kind->Strip(kept.spec);
  std::string value = EncodeRecord(kept);
  if (value.size() > kMaxRecordBytes) {
    problems_.Add({.place = declared.manifest.place(),
                   .message = fmt::format("{} is larger than {} KiB", now.id.ToString(),
                                          kMaxRecordBytes >> 10),
                   .code = ErrorCode::kExhausted});
    return Ok();
  }
  Plan::Write write{.kind = declared.kind,
                    .now = std::move(now),
                    .value = std::move(value),
                    .was_gone = was_gone};
  if (before) {
    write.before = std::move(before->resource);
    write.before_value = std::move(before->value);
  }
  plan_.writes.push_back(std::move(write));
  return Ok();
}

}  // namespace

Result<Plan> MakePlan(control::Snapshot& snapshot, const SpecSecrets& secrets,
                      const std::vector<Declared>& declared, const PlanOptions& options,
                      Problems& problems) {
  ASSIGN_OR_RETURN(PlannedOrder order, OrderDeclared(snapshot, declared, problems));
  Planner planner(snapshot, secrets, options, problems);
  for (Plan::Read& read : order.reads) planner.Expect(std::move(read));
  if (!problems.empty()) return planner.Take();
  for (const std::size_t index : order.order) {
    RETURN_IF_ERROR(planner.Consider(declared[index]));
  }
  return planner.Take();
}

}  // namespace weir::resources
