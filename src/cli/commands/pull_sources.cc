#include "cli/commands/pull_sources.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "cli/call.h"
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

// A dataset of somebody else, whose sources run only once it is trusted.
bool IsForeign(const Record& resource) {
  return !At("status.facts.origin")(resource).empty() &&
         At("status.facts.trusted")(resource) != "true";
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

Result<std::vector<std::string>> NamesWithSources(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(
      const Listed listed,
      ListAll(*client, session.Brief(),
              {.path = "/api/resources",
               .query = {{"type", "dataset"}, {"workspace", arguments.Text("workspace")}}}));
  std::vector<std::string> names;
  for (const Record& resource : listed.items) {
    if (HasPollingSource(resource) && !IsForeign(resource)) names.push_back(At("name")(resource));
  }
  return names;
}

Result<ExitCode> PullSources(const Arguments& arguments, Session& session,
                             const std::vector<std::string>& names) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  std::vector<Record> reports;
  Status first;
  for (const std::string& name : names) {
    auto report =
        CallObject(*client, session.Long(),
                   {.method = api::Method::kPost,
                    .path = fmt::format("/api/{}/{}/poll", Escaped(arguments.Text("workspace")),
                                        Escaped(name)),
                    .headers = LongWork()});
    if (!report) {
      if (names.size() > 1) session.Say(fmt::format("{}: {}", name, report.error().message));
      if (first) first = report.error();
      continue;
    }
    (*report)["dataset"] = name;
    reports.push_back(*std::move(report));
  }
  const bool is_list = names.size() != 1 || arguments.Has("all");
  if (!reports.empty() || first) {
    PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
                 ReportShape(), reports, is_list ? Plural::kList : Plural::kSingle);
  }
  RETURN_IF_ERROR(first);
  return ExitCode::kOk;
}

}  // namespace weir::cli
