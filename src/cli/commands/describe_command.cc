#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "cli/arguments.h"
#include "cli/commands/check_words.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/derivation_words.h"
#include "cli/commands/resource_calls.h"
#include "cli/json_text.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "cli/text_width.h"
#include "resources/yaml_writer.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

void WriteFact(Output& out, std::string_view title, const std::string& value) {
  constexpr std::size_t kTitles = 13;
  if (!value.empty()) out.Write(PadRight(title, kTitles) + Printable(value) + "\n");
}

void WriteHead(Output& out, const Record& record) {
  WriteFact(out, "Name:", At("name")(record));
  WriteFact(out, "Kind:", At("type")(record) + " " + At("version")(record));
  const json::value* const workspace = record.if_contains("workspace");
  if (workspace != nullptr && workspace->is_string()) {
    WriteFact(out, "Workspace:", At("workspace")(record));
  }
  WriteFact(out, "Description:", At("description")(record));
  WriteFact(out, "Owner:", At("owner")(record));
  WriteFact(out, "Layer:", At("layer")(record));
  WriteFact(out, "Tags:", At("tags")(record));
  WriteFact(out, "Inherited:", At("status.facts.inheritedTags")(record));
  WriteFact(out, "Revision:",
            fmt::format("{} (generation {}), applied {} by {}", At("weir.version")(record),
                        At("weir.generation")(record), At("weir.appliedAt")(record),
                        At("weir.appliedBy")(record)));
  WriteFact(out, "Created:", At("weir.createdAt")(record));
  WriteFact(out, "Managed by:", At("weir.managedBy")(record));
}

void WriteStatus(Output& out, const Terminal& terminal, const Record& record) {
  const std::string aggregate = At("status.aggregate")(record);
  if (aggregate.empty()) return;
  out.Write(PadRight("Status:", 13) +
            Tinted(Printable(aggregate), TintOfStatus(aggregate), terminal.out_color) + "\n");
  WriteFact(out, "Builder:", At("status.builderStage")(record));
  WriteFact(out, "Runtime:", At("status.runtime")(record));
  const json::value* const conditions = record.at("status").as_object().if_contains("conditions");
  if (conditions == nullptr || conditions->as_array().empty()) return;
  static const Shape shape{
      .columns = {{.title = "  CONDITION",
                   .cell = [](const Record& c) { return "  " + At("type")(c); }},
                  {.title = "STATUS", .cell = At("status")},
                  {.title = "SINCE", .cell = At("since")},
                  {.title = "REASON", .cell = At("reason")},
                  {.title = "MESSAGE", .cell = At("message")}},
      .name = At("type")};
  std::vector<Record> rows;
  for (const json::value& condition : conditions->as_array()) rows.push_back(condition.as_object());
  PrintRecords(out, terminal, Format::kTable, shape, rows, Plural::kList);
}

bool IsDerivative(const Record& record) {
  return At("type")(record) == "dataset" && At("dataset.kind")(record) == "Derivative";
}

Status AddDerivation(Session& session, Client& client, const Record& record) {
  ASSIGN_OR_RETURN(const Record derivation,
                   CallObject(client, session.Brief(),
                              {.path = DatasetPath(At("name")(record), "/derivation"),
                               .query = {{"workspace", At("workspace")(record)}}}));
  WriteDerivation(session.out(), session.terminal(), derivation);
  return Ok();
}

void WriteSpec(Output& out, const Record& record) {
  const json::value* const spec = record.if_contains(At("type")(record));
  if (spec == nullptr) return;
  const std::string text = resources::WriteYaml(json::object{{At("type")(record), *spec}});
  for (std::string_view yaml = text; !yaml.empty();) {
    const std::size_t end = std::min(yaml.find('\n'), yaml.size());
    out.Write("  " + Printable(yaml.substr(0, end)) + "\n");
    yaml.remove_prefix(std::min(end + 1, yaml.size()));
  }
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(const std::vector<Target> targets, TargetsOf(arguments));
  ASSIGN_OR_RETURN(Client* const client, session.client());
  for (const Target& target : targets) {
    ASSIGN_OR_RETURN(const Record record, GetOne(*client, session.Brief(), target));
    if (&target != &targets.front()) session.out().Write("\n");
    WriteHead(session.out(), record);
    WriteStatus(session.out(), session.terminal(), record);
    WriteChecks(session.out(), session.terminal(), record);
    if (IsDerivative(record)) RETURN_IF_ERROR(AddDerivation(session, *client, record));
    WriteSpec(session.out(), record);
  }
  return ExitCode::kOk;
}

}  // namespace

Command DescribeCommand() {
  return {.name = "describe",
          .summary = "tell all there is to tell of resources",
          .arguments = TargetArguments("names"),
          .flags = TargetFlags(),
          .examples = {{"weir describe secret db", ""}, {"weir describe secret:v1:db:public", ""}},
          .run = Run};
}

}  // namespace weir::cli
