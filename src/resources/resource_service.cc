#include "resources/resource_service.h"

#include <fmt/format.h>

#include <utility>

#include "resources/declared.h"
#include "resources/presented.h"
#include "resources/record.h"
#include "resources/removal.h"

namespace weir::resources {
namespace {

constexpr std::string_view kPublicWorkspace = R"(
name: public
version: v1
type: workspace
layer: system
description: The workspace of everything that names none
)";

}  // namespace

Result<std::unique_ptr<ResourceService>> ResourceService::Open(const Context& context,
                                                               control::Store& store,
                                                               const KindRegistry& registry,
                                                               const ValueSealer* sealer,
                                                               const Clock& clock) {
  std::unique_ptr<ResourceService> service(new ResourceService(store, registry, sealer, clock));
  if (registry.Find(kWorkspaceType) != nullptr) {
    RETURN_IF_ERROR(service->MakePublicWorkspace(context));
  }
  return service;
}

// Once and never again: whoever deletes it wants it gone.
Status ResourceService::MakePublicWorkspace(const Context& context) {
  const ResourceId id{.type = std::string(kWorkspaceType), .workspace = "", .name = "public"};
  {
    ASSIGN_OR_RETURN(const auto snapshot, store_.Read(context));
    ASSIGN_OR_RETURN(const auto head, snapshot->Get(HeadKey(id)));
    ASSIGN_OR_RETURN(const auto gone, snapshot->Get(GoneKey(id)));
    if (head || gone) return Ok();
  }
  Problems problems;
  const ApplyRequest request{
      .documents = {{.source = "built-in", .text = std::string(kPublicWorkspace)}}};
  ASSIGN_OR_RETURN(const auto applied,
                   Apply(context.WithPrincipal({.name = "system"}), request, problems));
  static_cast<void>(applied);
  return Ok();
}

Result<std::vector<ResourceId>> ResourceService::Identify(const ApplyRequest& request,
                                                          Problems& problems) const {
  const EnvelopeReader reader(registry_,
                              {.workspace = request.workspace, .attachments = request.attachments});
  std::vector<ResourceId> ids;
  for (const Document& document : request.documents) {
    for (Manifest& manifest : reader.ReadDocument(document, problems)) {
      ids.push_back(std::move(manifest.id));
    }
  }
  if (!problems.empty()) return problems.AsError();
  return ids;
}

Result<ResourceId> ResourceService::Complete(const WrittenId& written,
                                             std::string_view fallback_workspace) const {
  ASSIGN_OR_RETURN(const Kind* kind, registry_.Get(written.id.type));
  ResourceId id = written.id;
  if (kind->info().scope == Scope::kInstance) {
    id.workspace.clear();
  } else if (id.workspace.empty()) {
    id.workspace = fallback_workspace.empty() ? "public" : std::string(fallback_workspace);
  }
  return id;
}

Result<ApplyAnswer> ResourceService::Delete(const Context& context, const DeleteRequest& request) {
  if (request.expected_version && request.ids.size() != 1) {
    return Invalid("an expected version is for one resource, and {} are given", request.ids.size());
  }
  const Removal removal{.ids = request.ids,
                        .dependents = request.dependents,
                        .principal = context.principal().name,
                        .now = clock_.Now(),
                        .expected_version = request.expected_version};
  ApplyAnswer answer{.dry_run = request.dry_run};
  bool rehearsed = false;
  const auto body = [&](control::Transaction& transaction) -> Status {
    rehearsed = false;
    ASSIGN_OR_RETURN(answer.changes, Remove(transaction, registry_, removal));
    rehearsed = request.dry_run;
    if (rehearsed) return Cancelled("a rehearsal");  // undoes everything
    return Ok();
  };
  const auto committed = store_.Transact(context, body);
  if (!committed && !rehearsed) return committed.error();
  answer.revision = committed ? *committed : store_.revision();
  return answer;
}

Result<boost::json::value> ResourceService::Act(const Context& context, const ResourceId& id,
                                                std::string_view action,
                                                const boost::json::object& arguments) {
  ASSIGN_OR_RETURN(const Resource resource, Get(context, id));
  ASSIGN_OR_RETURN(const Kind* kind, registry_.Get(id.type));
  for (const KindAction& known : kind->Actions()) {
    if (known.name == action) return known.run(context, resource, arguments);
  }
  return Unimplemented("a {} has no action {}", id.type, action);
}

}  // namespace weir::resources
