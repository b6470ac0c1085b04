#include <algorithm>
#include <iterator>
#include <utility>

#include "api/resource_handlers.h"
#include "api/resource_path.h"
#include "api/routes.h"

namespace weir::api {
namespace {

Parameter Query(std::string name, schema::Schema schema, std::string description) {
  return {
      .name = std::move(name), .schema = std::move(schema), .description = std::move(description)};
}

Parameter Header(std::string name, const TextShape& shape, std::string description) {
  return {.in = Parameter::In::kHeader,
          .name = std::move(name),
          .schema = schema::Text({.min = 1, .max = 1024, .shape = &shape}),
          .description = std::move(description)};
}

std::vector<Parameter> PageParameters() {
  return {
      Query("limit", schema::WithDefault(schema::Integer(1, 1000), 100), "How many at most."),
      Query("cursor", schema::Text({.min = 1, .max = 4096, .shape = &kVisible}),
            "`nextCursor` of the page before."),
  };
}

std::vector<Parameter> WatchParameters() {
  return {
      Query("watch", schema::WithDefault(schema::Flag(), false),
            "Answers with changes as server-sent events instead."),
      Query("from", schema::Integer(0),
            "Of a watch: the revision after which changes are wanted; 0: from now on."),
      Header("Last-Event-ID", kEventId, "Of a watch: goes on after this event; beats `from`."),
  };
}

std::vector<Parameter> Joined(std::vector<std::vector<Parameter>> sets) {
  std::vector<Parameter> all;
  for (std::vector<Parameter>& set : sets)
    std::move(set.begin(), set.end(), std::back_inserter(all));
  return all;
}

Parameter EntityTag() {
  return {.in = Parameter::In::kHeader,
          .name = "ETag",
          .schema = schema::Text(),
          .description = "The version, and a hash of what is shown."};
}

Answer Changes() {
  return {.description = "What became of each resource.", .schema = schema::Ref("Changes")};
}

Answer Streamed(std::string_view shape, std::string description) {
  return {.description = std::move(description),
          .schema = schema::Ref(shape),
          .content_types = {"application/json", "text/event-stream"}};
}

Route ListRoute() {
  return {.method = Method::kGet,
          .path = "/api/resources",
          .action = "resource:list",
          .tag = "Resources",
          .summary = "Resources that pass the filters, by type, workspace and name.",
          .parameters = Joined({FilterParameters(), PageParameters(), WatchParameters()}),
          .answers = {Streamed("ResourcePage", "A page; or the changes, with `watch`.")},
          .problems = {404},
          .handler = ListResources};
}

Route GetRoute() {
  Answer found = Streamed("Resource", "The resource; or its changes, with `watch`.");
  found.headers = {EntityTag()};
  return {.method = Method::kGet,
          .path = "/api/resources/{type}/{name}",
          .action = "resource:get",
          .tag = "Resources",
          .summary = "One resource, as it is or as it was.",
          .parameters = Joined(
              {ResourcePathParameters(),
               {Query("at", schema::Text({.min = 1, .max = 40, .shape = &kVisible}),
                      "The number of a version, or a time: the version of then."),
                Header("If-None-Match", kEntityTags, "Answers 304 when it is still this one.")},
               WatchParameters()}),
          .answers = {std::move(found),
                      {.status = 304, .description = "Unchanged.", .content_types = {}}},
          .problems = {404},
          .handler = GetResource};
}

Route DeleteRoute() {
  return {
      .method = Method::kDelete,
      .path = "/api/resources/{type}/{name}",
      .action = "resource:delete",
      .tag = "Resources",
      .summary = "Deletes a resource and what it owns; its history stays.",
      .parameters = Joined(
          {ResourcePathParameters(),
           {Query("dependents", schema::WithDefault(schema::OneOf({"refuse", "delete"}), "refuse"),
                  "What to do when something that stays needs it."),
            Query("dryRun", schema::WithDefault(schema::Flag(), false), "Only says what would go."),
            Header("If-Match", kEntityTags, "Deletes only this version.")}}),
      .answers = {Changes()},
      .problems = {404, 409, 412, 429},
      .handler = DeleteResource};
}

Route HistoryRoute() {
  return {.method = Method::kGet,
          .path = "/api/resources/{type}/{name}/history",
          .action = "resource:history",
          .tag = "Resources",
          .summary = "Every version there was, the newest first, of a deleted resource too.",
          .parameters = Joined({ResourcePathParameters(), PageParameters()}),
          .answers = {{.description = "A page.", .schema = schema::Ref("VersionPage")}},
          .problems = {404},
          .handler = GetHistory};
}

Route RollbackRoute() {
  return {.method = Method::kPost,
          .path = "/api/resources/{type}/{name}/rollback",
          .action = "resource:rollback",
          .tag = "Resources",
          .summary = "Applies the manifest of an earlier version as a new one.",
          .parameters = ResourcePathParameters(),
          .body = RequestBody{.schema = schema::Ref("Rollback"), .description = "Which version."},
          .answers = {Changes()},
          .problems = {404, 429},
          .handler = PostRollback};
}

Route RenameRoute() {
  return {.method = Method::kPost,
          .path = "/api/resources/{type}/{name}/rename",
          .action = "resource:rename",
          .tag = "Resources",
          .summary = "Gives a dataset another name; it stays the same dataset.",
          .parameters = ResourcePathParameters(),
          .body = RequestBody{.schema = schema::Ref("Rename"), .description = "The new name."},
          .answers = {Changes()},
          .problems = {404, 409, 429, 501},
          .handler = PostRename};
}

Route UndeleteRoute() {
  return {.method = Method::kPost,
          .path = "/api/resources/{type}/{name}/undelete",
          .action = "resource:undelete",
          .tag = "Resources",
          .summary = "Brings a deleted resource back, with what it owned.",
          .parameters = ResourcePathParameters(),
          .answers = {Changes()},
          .problems = {404, 429},
          .handler = PostUndelete};
}

Route ActionRoute() {
  auto parameters = ResourcePathParameters();
  parameters.push_back({.in = Parameter::In::kPath,
                        .name = "action",
                        .schema = schema::Text({.min = 1, .max = 64, .shape = &kPrintable}),
                        .description = "One of the kind's actions."});
  return {.method = Method::kPost,
          .path = "/api/resources/{type}/{name}/actions/{action}",
          .action = "resource:act",
          .tag = "Resources",
          .summary = "Does to a resource one of the things its kind knows.",
          .parameters = std::move(parameters),
          .body = RequestBody{.schema = schema::AnyObject(), .description = "The arguments."},
          .answers = {{.description = "What came of it.", .schema = schema::Ref("ActionResult")}},
          .problems = {404, 429},
          .handler = PostAction};
}

}  // namespace

std::vector<Route> ResourceRoutes() {
  return {ListRoute(),     GetRoute(),    DeleteRoute(),   HistoryRoute(),
          RollbackRoute(), RenameRoute(), UndeleteRoute(), ActionRoute()};
}

}  // namespace weir::api
