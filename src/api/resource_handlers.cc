#include "api/resource_handlers.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <optional>
#include <utility>

#include "api/apply_answer.h"
#include "api/cursor.h"
#include "api/etag.h"
#include "api/manifest_problem.h"
#include "api/resource_path.h"
#include "api/services.h"
#include "api/watch_stream.h"
#include "resources/resource_service.h"

namespace weir::api {
namespace {

namespace json = boost::json;

// Reads a whole text as a number; nullopt for anything else.
std::optional<std::int64_t> Number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

json::array ToJsonArray(const std::vector<resources::Resource>& items) {
  json::array array;
  array.reserve(items.size());
  for (const resources::Resource& item : items) array.push_back(ToJson(item));
  return array;
}

// What the pages of a list have in common, for the signature of their cursors.
CursorCodec CursorsOf(const Services& services, const Call& call) {
  json::object filters = call.parameters;
  filters.erase("cursor");
  filters.erase("limit");
  return {services.signing_key, call.request.path + json::serialize(filters)};
}

Result<std::string> PositionOf(const CursorCodec& cursors, const Call& call) {
  const auto cursor = call.Text("cursor");
  if (!cursor) return std::string();
  return cursors.Decode(*cursor);
}

// Where a watch begins: where the connection before it broke, or where the caller says.
std::int64_t WatchFrom(const Call& call) {
  const auto last = call.Text("Last-Event-ID");
  if (last) return Number(*last).value_or(0);
  return call.Integer("from").value_or(0);
}

Outcome Watch(const Services& services, const Call& call, const resources::ResourceFilter& filter) {
  auto stream = OpenWatchStream(services.resources, filter, WatchFrom(call));
  if (!stream) return NotThere(std::move(stream).error());
  return Response{.headers = {{"Content-Type", "text/event-stream"}, {"Cache-Control", "no-store"}},
                  .body = *std::move(stream)};
}

Result<resources::VersionSelector> SelectorOf(const Call& call) {
  const auto at = call.Text("at");
  if (!at) return resources::VersionSelector{};
  if (const auto version = Number(*at)) return resources::VersionSelector{.version = *version};
  auto time = ParseTimestamp(*at);
  if (!time) {
    return Invalid("`at` is neither the number of a version nor a time")
        .WithHint("for instance at=3 or at=2026-11-21T10:00:00Z");
  }
  return resources::VersionSelector{.at = *time};
}

Problem Stale(const resources::ResourceId& id, std::int64_t version) {
  return {
      .error = Conflict("{} is at version {}, which If-Match does not name", id.ToString(), version)
                   .WithHint("read it again, and decide again"),
      .status = 412};
}

}  // namespace

Outcome ListResources(const Services& services, const Call& call) {
  if (call.Flag("watch")) return Watch(services, call, FilterOf(call));
  const CursorCodec cursors = CursorsOf(services, call);
  auto after = PositionOf(cursors, call);
  if (!after) return std::move(after).error();
  const auto answer = services.resources.List(
      call.context, {.filter = FilterOf(call),
                     .after = *std::move(after),
                     .limit = static_cast<std::size_t>(*call.Integer("limit"))});
  if (!answer) return NotThere(answer.error());
  json::object page{{"items", ToJsonArray(answer->items)}, {"revision", answer->revision}};
  if (!answer->next.empty()) page["nextCursor"] = cursors.Encode(answer->next);
  return JsonResponse(page);
}

Outcome GetResource(const Services& services, const Call& call) {
  const auto id = ResourceIdOf(services, call);
  if (!id) return id.error();
  if (call.Flag("watch")) {
    return Watch(services, call,
                 {.type = id->type, .workspace = id->workspace, .name_pattern = id->name});
  }
  const auto selector = SelectorOf(call);
  if (!selector) return selector.error();
  const auto found = services.resources.Get(call.context, *id, *selector);
  if (!found) return found.error();
  Response response = JsonResponse(ToJson(*found));
  response.headers.Set("ETag", EntityTagOf(found->version, std::get<std::string>(response.body)));
  return response;
}

Outcome DeleteResource(const Services& services, const Call& call) {
  const auto id = ResourceIdOf(services, call);
  if (!id) return id.error();
  using Dependents = resources::DeleteRequest::Dependents;
  resources::DeleteRequest request{.ids = {*id},
                                   .dependents = call.Text("dependents") == "delete"
                                                     ? Dependents::kDeleteToo
                                                     : Dependents::kRefuse,
                                   .dry_run = call.Flag("dryRun")};
  if (const auto wanted = call.Text("If-Match")) {
    const auto current = services.resources.Get(call.context, *id);
    if (!current) return current.error();
    if (!NamesVersion(*wanted, current->version)) return Stale(*id, current->version);
    request.expected_version = current->version;
  }
  const auto answer = services.resources.Delete(call.context, request);
  if (!answer) return answer.error();
  return JsonResponse(ToJson(*answer));
}

Outcome GetHistory(const Services& services, const Call& call) {
  const auto id = ResourceIdOf(services, call);
  if (!id) return id.error();
  const CursorCodec cursors = CursorsOf(services, call);
  const auto before = PositionOf(cursors, call);
  if (!before) return before.error();
  const auto answer = services.resources.History(
      call.context, {.id = *id,
                     .before = Number(*before).value_or(0),
                     .limit = static_cast<std::size_t>(*call.Integer("limit"))});
  if (!answer) return answer.error();
  json::object page{{"items", ToJsonArray(answer->versions)}};
  if (answer->next_before > 0) {
    page["nextCursor"] = cursors.Encode(std::to_string(answer->next_before));
  }
  return JsonResponse(page);
}

Outcome PostRollback(const Services& services, const Call& call) {
  const auto id = ResourceIdOf(services, call);
  if (!id) return id.error();
  resources::Problems problems;
  auto answer = services.resources.Rollback(call.context, *id, *IntegerIn(call.body, "version"),
                                            problems, FlagIn(call.body, "dryRun"));
  if (!answer) return ToProblem(std::move(answer).error(), problems);
  return JsonResponse(ToJson(*answer));
}

Outcome PostRename(const Services& services, const Call& call) {
  const auto id = ResourceIdOf(services, call);
  if (!id) return id.error();
  auto answer = services.resources.Rename(call.context, *id, *TextIn(call.body, "to"));
  if (!answer) return NotThere(std::move(answer).error());
  return JsonResponse(ToJson(*answer));
}

Outcome PostUndelete(const Services& services, const Call& call) {
  const auto id = ResourceIdOf(services, call);
  if (!id) return id.error();
  resources::Problems problems;
  auto answer = services.resources.Undelete(call.context, *id, problems);
  if (!answer) return ToProblem(std::move(answer).error(), problems);
  return JsonResponse(ToJson(*answer));
}

Outcome PostAction(const Services& services, const Call& call) {
  const auto id = ResourceIdOf(services, call);
  if (!id) return id.error();
  auto result = services.resources.Act(call.context, *id, *call.Text("action"), call.body);
  if (!result) return NotThere(std::move(result).error());
  return JsonResponse(json::object{{"result", *std::move(result)}});
}

}  // namespace weir::api
