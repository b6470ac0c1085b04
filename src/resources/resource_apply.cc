#include <fmt/format.h>

#include <utility>

#include "resources/declared.h"
#include "resources/plan.h"
#include "resources/presented.h"
#include "resources/record.h"
#include "resources/resource_service.h"

namespace weir::resources {
namespace {

constexpr int kAttempts = 8;
constexpr std::size_t kMaxManifests = 20'000;  // what one transaction can carry

// What an apply works with, besides what is declared.
struct Tools {
  control::Store& store;
  const KindRegistry& registry;
  const SpecSecrets& secrets;
};

// Carries the plan out; with `dry_run`, undoes it again once it is known to work.
Result<ApplyAnswer> Commit(const Context& context, const Tools& tools, Plan& plan,
                           const PlanOptions& options, bool dry_run, bool& raced) {
  std::vector<Change> removed;
  bool rehearsed = false;
  const auto body = [&](control::Transaction& transaction) -> Status {
    rehearsed = false;
    RETURN_IF_ERROR(CarryOut(transaction, tools.registry, plan, options, removed, raced));
    rehearsed = dry_run;
    if (rehearsed) return Cancelled("a rehearsal");
    return Ok();
  };
  const auto committed = tools.store.Transact(context, body);
  if (!committed && !rehearsed) return committed.error();
  ApplyAnswer answer{.changes = std::move(plan.changes), .dry_run = dry_run};
  for (Change& change : removed) answer.changes.push_back(std::move(change));
  answer.revision = committed ? *committed : tools.store.revision();
  return answer;
}

// Plans on a snapshot and carries out, again as long as others change what the plan stands on.
Result<ApplyAnswer> Carry(const Context& context, const Tools& tools,
                          const std::vector<Declared>& declared, PlanOptions options, bool dry_run,
                          Problems& problems) {
  options.principal = context.principal().name;
  options.fields_of_created = dry_run;
  for (int attempt = 1;; ++attempt) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto snapshot, tools.store.Read(context));
    ASSIGN_OR_RETURN(Plan plan, MakePlan(*snapshot, tools.secrets, declared, options, problems));
    if (!problems.empty()) return problems.AsError();
    if (plan.changes_nothing()) {
      return ApplyAnswer{
          .changes = std::move(plan.changes), .revision = snapshot->revision(), .dry_run = dry_run};
    }
    bool raced = false;
    auto answer = Commit(context, tools, plan, options, dry_run, raced);
    if (answer || !raced || attempt == kAttempts) return answer;
  }
}

Status CheckRequest(const ApplyRequest& request, const std::vector<Manifest>& manifests,
                    Problems& problems) {
  if (!problems.empty()) return problems.AsError();
  if (manifests.size() > kMaxManifests) {
    return Exhausted("{} manifests are given at once, and {} are the most", manifests.size(),
                     kMaxManifests)
        .WithHint("apply them in several runs");
  }
  if (request.expected_version && manifests.size() != 1) {
    return Invalid("an expected version is for one manifest, and {} are given", manifests.size());
  }
  return Ok();
}

}  // namespace

Result<ApplyAnswer> ResourceService::Apply(const Context& context, const ApplyRequest& request,
                                           Problems& problems) {
  const EnvelopeReader reader(registry_,
                              {.workspace = request.workspace, .attachments = request.attachments});
  std::vector<Manifest> manifests;
  for (const Document& document : request.documents) {
    RETURN_IF_ERROR(context.Check());
    for (Manifest& manifest : reader.ReadDocument(document, problems)) {
      manifests.push_back(std::move(manifest));
    }
  }
  RETURN_IF_ERROR(CheckRequest(request, manifests, problems));
  const auto declared = Declare(reader, std::move(manifests), problems);
  if (!problems.empty()) return problems.AsError();
  const PlanOptions options{.now = clock_.Now(), .expected_version = request.expected_version};
  return Carry(context, {store_, registry_, secrets_}, declared, options, request.dry_run,
               problems);
}

// `stored` is whole and sealed. Its manifest goes the way every manifest goes, since kinds and what
// it needs may have changed since it was applied.
Result<ApplyAnswer> ResourceService::ApplyStored(const Context& context, Resource stored,
                                                 bool dry_run, Problems& problems) {
  RETURN_IF_ERROR(secrets_.Open(stored.id, stored.spec));
  const EnvelopeReader reader(registry_, {});
  std::vector<Manifest> manifests;
  auto manifest = reader.Read(ToJson(stored.id, stored.header, stored.spec), nullptr,
                              fmt::format("version {} of {}", stored.version, stored.id.ToString()),
                              stored.id.workspace, problems);
  if (manifest) manifests.push_back(std::move(*manifest));
  if (!problems.empty()) return problems.AsError();
  const auto declared = Declare(reader, std::move(manifests), problems);
  if (!problems.empty()) return problems.AsError();
  return Carry(context, {store_, registry_, secrets_}, declared, {.now = clock_.Now()}, dry_run,
               problems);
}

Result<ApplyAnswer> ResourceService::Rollback(const Context& context, const ResourceId& id,
                                              std::int64_t version, Problems& problems,
                                              bool dry_run) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  ASSIGN_OR_RETURN(Resource head, ReadHead(*snapshot, id));
  if (version == head.version) {
    RETURN_IF_ERROR(RenderStored(*snapshot, registry_, head));
    return ApplyStored(context, std::move(head), dry_run, problems);
  }
  ASSIGN_OR_RETURN(const auto entry, snapshot->Get(PastKey(id, version)));
  if (!entry) return NotFound("{} has no version {}", id.ToString(), version);
  ASSIGN_OR_RETURN(Resource stored, DecodeRecord(id, entry->value, entry->revision));
  if (stored.deleted) {
    return Invalid("version {} of {} is its deletion", version, id.ToString())
        .WithHint("weir delete deletes it again");
  }
  RETURN_IF_ERROR(RenderStored(*snapshot, registry_, stored));
  return ApplyStored(context, std::move(stored), dry_run, problems);
}

Result<ApplyAnswer> ResourceService::Undelete(const Context& context, const ResourceId& id,
                                              Problems& problems) {
  ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
  ASSIGN_OR_RETURN(const auto head, snapshot->Get(HeadKey(id)));
  if (head) return Conflict("{} is not deleted", id.ToString());
  ASSIGN_OR_RETURN(const auto gone, snapshot->Get(GoneKey(id)));
  const std::int64_t deletion = DeletionIn(gone);
  if (deletion == 0) return NotFound("there never was a {}", id.ToString());
  ASSIGN_OR_RETURN(const auto entry, snapshot->Get(PastKey(id, deletion - 1)));
  if (!entry) return Corrupt("the last version of {} is missing", id.ToString());
  ASSIGN_OR_RETURN(Resource stored, DecodeRecord(id, entry->value, entry->revision));
  RETURN_IF_ERROR(RenderStored(*snapshot, registry_, stored));
  return ApplyStored(context, std::move(stored), false, problems);
}

}  // namespace weir::resources
