#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "cli/text_width.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& FieldShape() {
  static const Shape shape{
      .columns = {{.title = "  KEY", .cell = [](const Record& f) { return "  " + At("name")(f); }},
                  {.title = "TYPE", .cell = At("type")},
                  {.title = "REQUIRED",
                   .cell =
                       [](const Record& f) { return At("required")(f) == "true" ? "yes" : ""; }},
                  {.title = "DESCRIPTION", .cell = At("description")}},
      .name = At("name")};
  return shape;
}

void WriteFact(Output& out, std::string_view title, const std::string& text) {
  if (!text.empty()) out.Write(fmt::format("{} {}\n", PadRight(title, 13), Printable(text)));
}

void Describe(Session& session, const Record& place) {
  Output& out = session.out();
  WriteFact(out, "Path:", At("path")(place));
  WriteFact(out, "Type:", At("type")(place));
  WriteFact(out, "Description:", At("description")(place));
  WriteFact(out, "Required:", At("required")(place) == "true" ? "yes" : "");
  WriteFact(out, "Secret:", At("secret")(place) == "true" ? "yes; sealed, and never shown" : "");
  WriteFact(out, "Default:", At("default")(place));
  WriteFact(out, "One of:", At("allowed")(place));
  WriteFact(out, "Limits:", At("limits")(place));
  WriteFact(out, "Examples:", At("examples")(place));
  const json::value* const fields = place.if_contains("fields");
  if (fields == nullptr || fields->as_array().empty()) return;
  std::vector<Record> rows;
  for (const json::value& field : fields->as_array()) rows.push_back(field.as_object());
  PrintRecords(out, session.terminal(), Format::kTable, FieldShape(), rows, Plural::kList);
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::string path = arguments.Text("PATH");
  const std::size_t dot = std::min(path.find('.'), path.size());
  const std::string kind = KindOf(path.substr(0, dot));
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const json::object answer,
                   CallObject(*client, session.Brief(),
                              {.path = "/api/kinds/" + Escaped(kind),
                               .query = {{"path", path.substr(std::min(dot + 1, path.size()))}}}));
  const json::object& place = answer.at("explanation").as_object();
  const Format format = FormatOf(arguments.Text("output"));
  if (format == Format::kTable || format == Format::kWide) {
    Describe(session, place);
  } else {
    PrintRecords(session.out(), session.terminal(), format, FieldShape(), {place}, Plural::kSingle);
  }
  return ExitCode::kOk;
}

}  // namespace

Command ExplainCommand() {
  return {.name = "explain",
          .summary = "tell what a manifest of a kind may say, key by key",
          .arguments = {{.name = "PATH",
                         .sentence = "a kind, or a key in it: secret, secret.data",
                         .required = true,
                         .completes = Completes::kKinds}},
          .flags = {OutputFlag()},
          .examples = {{"weir explain bundle", ""}, {"weir explain bundle.resources", ""}},
          .run = Run};
}

}  // namespace weir::cli
