#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"

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

// The names of all datasets of the workspace that have a source to pull from.
Result<std::vector<std::string>> AllNames(Client& client, const Context& context,
                                          const std::string& workspace) {
  std::vector<std::string> names;
  std::string cursor;
  do {
    ASSIGN_OR_RETURN(const json::object page, CallObject(client, context,
                                                         {.path = "/api/resources",
                                                          .query = {{"type", "dataset"},
                                                                    {"workspace", workspace},
                                                                    {"limit", "1000"},
                                                                    {"cursor", cursor}}}));
    for (const json::value& item : page.at("items").as_array()) {
      if (HasPollingSource(item.as_object())) {
        names.emplace_back(std::string_view(item.at("name").as_string()));
      }
    }
    const auto* next = page.if_contains("nextCursor");
    cursor = next != nullptr && next->is_string() ? std::string(next->get_string()) : "";
  } while (!cursor.empty());
  return names;
}

Result<ExitCode> Pull(const Arguments& arguments, Session& session) {
  const std::string workspace = arguments.Has("workspace") ? arguments.Text("workspace") : "public";
  std::vector<std::string> names = arguments.All("NAME");
  if (names.empty() != arguments.Has("all")) {
    return Invalid("give the names of datasets, or --all");
  }
  ASSIGN_OR_RETURN(Client* const client, session.client());
  if (arguments.Has("all")) {
    ASSIGN_OR_RETURN(names, AllNames(*client, session.Brief(), workspace));
  }
  std::vector<Record> reports;
  Status first;
  for (const std::string& name : names) {
    auto report =
        CallObject(*client, session.Long(),
                   {.method = api::Method::kPost,
                    .path = fmt::format("/api/{}/{}/pull", Escaped(workspace), Escaped(name))});
    if (!report) {
      // One source that fails does not keep the others from being read.
      if (names.size() > 1) session.Say(fmt::format("{}: {}", name, report.error().message));
      if (first) first = report.error();
      continue;
    }
    (*report)["dataset"] = name;
    reports.push_back(*std::move(report));
  }
  if (!reports.empty() || first) {
    PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
                 ReportShape(), reports,
                 names.size() == 1 && !arguments.Has("all") ? Plural::kSingle : Plural::kList);
  }
  RETURN_IF_ERROR(first);
  return ExitCode::kOk;
}

}  // namespace

Command PullCommand() {
  return {.name = "pull",
          .summary = "bring in what is new at the sources of datasets",
          .description =
              "Reads the polling source of each dataset: a URL when its content has changed, and "
              "each file of a pattern once. Every file becomes a block.",
          .arguments = {{.name = "NAME", .sentence = "of a dataset", .repeated = true}},
          .flags = {{.name = "all", .sentence = "every dataset of the workspace that has a source"},
                    {.name = "workspace",
                     .letter = 'w',
                     .value = "WORKSPACE",
                     .sentence = "where the datasets are; public otherwise"},
                    OutputFlag()},
          .examples = {{"weir pull rates", ""}, {"weir pull --all", ""}},
          .run = Pull};
}

}  // namespace weir::cli
