#include "cli/commands/pull_sources.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "base/error_map.h"
#include "cli/call.h"
#include "cli/commands/check_words.h"
#include "cli/commands/resource_calls.h"
#include "cli/records.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& ReportShape() {
  static const Shape shape{
      .columns = {{.title = "DATASET", .cell = At("dataset")},
                  {.title = "OUTCOME", .cell = At("outcome")},
                  {.title = "FILES", .cell = At("files")},
                  {.title = "ROWS", .cell = At("rows")},
                  {.title = "WATERMARK", .cell = At("watermark")},
                  {.title = "HEAD", .cell = At("newHead"), .shown = Column::Shown::kWide}},
      .name = At("dataset")};
  return shape;
}

std::string HintOf(const json::object& error) {
  const auto* hint = error.if_contains("hint");
  return hint == nullptr ? std::string() : std::string(std::string_view(hint->as_string()));
}

// Says each error on a line of its own; the first one is the command's.
Status SayErrors(Session& session, const std::vector<Record>& reports) {
  Status first;
  for (const Record& report : reports) {
    const auto* told = report.if_contains("error");
    if (told == nullptr) continue;
    const json::object& error = told->as_object();
    const std::string message = At("error.message")(report);
    session.Say(fmt::format("{}: {}", At("dataset")(report), message));
    if (!first) continue;
    first = Error{CodeOfName(At("error.code")(report)), message, HintOf(error)};
  }
  return first;
}

}  // namespace

bool HasPollingSource(const json::object& resource) {
  boost::system::error_code failed;
  const json::value all = resource;
  const auto* metadata = all.find_pointer("/dataset/metadata", failed);
  if (metadata == nullptr || !metadata->is_array()) return false;
  for (const json::value& event : metadata->get_array()) {
    const auto* kind = event.is_object() ? event.get_object().if_contains("kind") : nullptr;
    if (kind != nullptr && *kind == "SetPollingSource") return true;
  }
  return false;
}

Result<ExitCode> PullSources(const Arguments& arguments, Session& session,
                             const std::vector<std::string>& names) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  Call call{.method = api::Method::kPost,
            .path = fmt::format("/api/{}/pull", Escaped(arguments.Text("workspace"))),
            .headers = LongWork()};
  for (const std::string& name : names) call.query.emplace_back("dataset", name);
  ASSIGN_OR_RETURN(const json::object answer, CallObject(*client, session.Long(), std::move(call)));
  std::vector<Record> reports;
  const json::value* const datasets = answer.if_contains("datasets");
  if (datasets == nullptr || !datasets->is_array()) {
    return Unavailable("the server answered with something that is no report of a pull");
  }
  for (const json::value& report : datasets->get_array()) {
    reports.push_back(report.as_object());
    TellOfChecks(session, At("dataset")(reports.back()), reports.back());
  }
  const bool is_list = names.size() != 1 || reports.size() != 1;
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), ReportShape(),
               reports, is_list ? Plural::kList : Plural::kSingle);
  RETURN_IF_ERROR(SayErrors(session, reports));
  return ExitCode::kOk;
}

}  // namespace weir::cli
