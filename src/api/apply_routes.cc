#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "api/apply_answer.h"
#include "api/manifest_problem.h"
#include "api/routes.h"
#include "api/services.h"
#include "resources/lint.h"
#include "resources/resource_service.h"

namespace weir::api {
namespace {

namespace json = boost::json;

// A directory of manifests with what they name; one text is bounded by the reader of manifests.
constexpr std::size_t kBodyLimit = 32U << 20;

std::vector<resources::Document> DocumentsIn(const json::object& body, std::string_view name) {
  std::vector<resources::Document> documents;
  if (const auto* list = body.if_contains(name)) {
    for (const json::value& item : list->as_array()) {
      const json::object& document = item.as_object();
      documents.push_back({*TextIn(document, "source"), *TextIn(document, "text")});
    }
  }
  return documents;
}

resources::ApplyRequest ApplyRequestOf(const json::object& body) {
  return {.documents = DocumentsIn(body, "documents"),
          .attachments = DocumentsIn(body, "attachments"),
          .workspace = TextIn(body, "workspace").value_or(""),
          .dry_run = FlagIn(body, "dryRun"),
          .expected_version = IntegerIn(body, "expectedVersion")};
}

Outcome Run(const Services& services, const Call& call, const resources::ApplyRequest& request) {
  resources::Problems problems;
  auto answer = services.resources.Apply(call.context, request, problems);
  if (!answer) return ToProblem(std::move(answer).error(), problems);
  return JsonResponse(ToJson(*answer));
}

Outcome PostApply(const Services& services, const Call& call) {
  return Run(services, call, ApplyRequestOf(call.body));
}

Outcome PostDiff(const Services& services, const Call& call) {
  resources::ApplyRequest request = ApplyRequestOf(call.body);
  request.dry_run = true;
  return Run(services, call, request);
}

// Ids as written in the body, and those the documents name.
Result<std::vector<resources::ResourceId>> IdsOf(const Services& services, const json::object& body,
                                                 resources::Problems& problems) {
  std::vector<resources::ResourceId> ids;
  const std::string workspace = TextIn(body, "workspace").value_or("public");
  if (const auto* list = body.if_contains("ids")) {
    for (const json::value& item : list->as_array()) {
      const std::string_view text = item.as_string();
      ASSIGN_OR_RETURN(const auto written, resources::ParseResourceId(text));
      ASSIGN_OR_RETURN(auto id, services.resources.Complete(written, workspace));
      ids.push_back(std::move(id));
    }
  }
  const resources::ApplyRequest named = ApplyRequestOf(body);
  if (!named.documents.empty()) {
    ASSIGN_OR_RETURN(const auto more, services.resources.Identify(named, problems));
    ids.insert(ids.end(), more.begin(), more.end());
  }
  if (ids.empty()) return Invalid("nothing to delete: give `ids` or `documents`");
  return ids;
}

Outcome PostDelete(const Services& services, const Call& call) {
  resources::Problems problems;
  auto ids = IdsOf(services, call.body, problems);
  if (!ids) return ToProblem(std::move(ids).error(), problems);
  using Dependents = resources::DeleteRequest::Dependents;
  const auto answer = services.resources.Delete(
      call.context,
      {.ids = *std::move(ids),
       .dependents = TextIn(call.body, "dependents") == "delete" ? Dependents::kDeleteToo
                                                                 : Dependents::kRefuse,
       .dry_run = FlagIn(call.body, "dryRun")});
  if (!answer) return answer.error();
  return JsonResponse(ToJson(*answer));
}

json::object ToJson(const resources::LintFinding& finding) {
  json::object value{{"verdict", NameOf(finding.verdict)},
                     {"source", finding.place.source},
                     {"message", finding.sentence}};
  if (!finding.type.empty()) value["type"] = finding.type;
  if (!finding.name.empty()) value["name"] = finding.name;
  if (finding.place.line > 0) value["line"] = finding.place.line;
  if (finding.place.column > 0) value["column"] = finding.place.column;
  if (!finding.problems.empty()) {
    json::array& errors = value["errors"].emplace_array();
    for (const resources::Problem& problem : finding.problems) {
      errors.push_back(ToJson(ToDetail(problem)));
    }
  }
  return value;
}

Outcome PostLint(const Services& services, const Call& call) {
  json::array findings;
  for (const resources::LintFinding& finding :
       resources::Lint(services.resources.registry(), DocumentsIn(call.body, "documents"),
                       DocumentsIn(call.body, "attachments"))) {
    findings.push_back(ToJson(finding));
  }
  return JsonResponse(json::object{{"findings", std::move(findings)}});
}

Answer Changes() {
  return {.description = "What became of each resource, in the order it was done.",
          .schema = schema::Ref("Changes")};
}

RequestBody Body(std::string_view shape, std::string description) {
  return {.schema = schema::Ref(shape), .description = std::move(description), .limit = kBodyLimit};
}

}  // namespace

std::vector<Route> ApplyRoutes() {
  return {
      {.method = Method::kPost,
       .path = "/api/apply",
       .action = "resource:apply",
       .tag = "Manifests",
       .summary = "Makes true what the manifests declare, all or nothing.",
       .description = "Dependencies are applied first, whatever the order of the documents. "
                      "Nothing is written for a manifest that changes nothing. Variables such as "
                      "`${NAME}` are filled in by the client; the server leaves them alone.",
       .body = Body("Apply", "The manifests, as YAML or JSON."),
       .answers = {Changes()},
       .problems = {404, 429},
       .handler = PostApply},
      {.method = Method::kPost,
       .path = "/api/diff",
       .action = "resource:diff",
       .tag = "Manifests",
       .summary = "Says what applying the manifests would change, and stores nothing.",
       .body = Body("Apply", "The manifests, as YAML or JSON."),
       .answers = {Changes()},
       .problems = {404, 429},
       .handler = PostDiff},
      {.method = Method::kPost,
       .path = "/api/lint",
       .action = "resource:lint",
       .tag = "Manifests",
       .summary = "Says of each manifest whether it would apply, and stores nothing.",
       .description = "DataOS manifests of kinds that are not here yet are named as such.",
       .body = Body("Lint", "The manifests, as YAML or JSON."),
       .answers = {{.description = "A finding for each manifest.",
                    .schema = schema::Ref("LintFindings")}},
       .handler = PostLint},
      {.method = Method::kPost,
       .path = "/api/delete",
       .action = "resource:delete",
       .operation = "resource:delete-several",
       .tag = "Manifests",
       .summary = "Deletes several resources, all or nothing.",
       .description = "Their history stays, and `undelete` brings them back.",
       .body = Body("Delete", "Which ones: by id, or those that the manifests name."),
       .answers = {Changes()},
       .problems = {404, 429},
       .handler = PostDelete},
  };
}

}  // namespace weir::api
