#include "cli/changes.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "cli/changed_lines.h"
#include "cli/json_text.h"
#include "cli/text_width.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& ChangeShape() {
  static const Shape shape{
      .columns = {{.title = "OUTCOME", .cell = At("outcome"), .status = true},
                  {.title = "TYPE", .cell = At("type")},
                  {.title = "NAME", .cell = At("name")},
                  {.title = "WORKSPACE", .cell = At("workspace")},
                  {.title = "REV", .cell = At("resourceVersion"), .shown = Column::Shown::kWide}},
      .name = [](const Record& record) { return At("type")(record) + "/" + At("name")(record); }};
  return shape;
}

// Those of a text of several lines; none where it is something else, or differs in no line.
std::vector<std::string> ChangedLinesOf(const json::value& before, const json::value& after) {
  if (!before.is_string() || !after.is_string()) return {};
  const std::string_view old_text = before.get_string();
  const std::string_view new_text = after.get_string();
  const bool has_lines =
      old_text.find('\n') != old_text.npos || new_text.find('\n') != new_text.npos;
  return has_lines ? ChangedLines(old_text, new_text) : std::vector<std::string>();
}

void PrintLines(Output& out, const Terminal& terminal, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    const Tint tint = line.starts_with('-') ? Tint::kBad : Tint::kGood;
    out.Write(Tinted("      " + Printable(line), tint, terminal.out_color) + "\n");
  }
}

void PrintField(Output& out, const Terminal& terminal, const Record& field) {
  const json::value* const before = field.if_contains("before");
  const json::value* const after = field.if_contains("after");
  const std::string path = Printable(At("path")(field));
  const auto text = [](const json::value& value) { return Printable(CompactJson(value)); };
  std::string line;
  Tint tint = Tint::kBusy;
  std::vector<std::string> lines;
  if (before == nullptr && after != nullptr) {
    line = fmt::format("  + {}: {}", path, text(*after));
    tint = Tint::kGood;
  } else if (after == nullptr && before != nullptr) {
    line = fmt::format("  - {}: {}", path, text(*before));
    tint = Tint::kBad;
  } else if (before != nullptr) {
    lines = ChangedLinesOf(*before, *after);
    line = fmt::format("  ~ {}:", path);
    if (lines.empty()) line += fmt::format(" {} -> {}", text(*before), text(*after));
  }
  out.Write(Tinted(line, tint, terminal.out_color) + "\n");
  PrintLines(out, terminal, lines);
}

// A paragraph for each resource: what would become of it, and each field that differs.
void PrintDifferences(Session& session, const std::vector<Record>& changes) {
  Output& out = session.out();
  for (const Record& change : changes) {
    const std::string workspace = At("workspace")(change);
    out.Write(fmt::format("{} {}{}: {}\n", At("type")(change), At("name")(change),
                          workspace.empty() ? "" : " in " + workspace, At("outcome")(change)));
    const json::value* const fields = change.if_contains("fields");
    if (fields == nullptr) continue;
    for (const json::value& field : fields->as_array()) {
      PrintField(out, session.terminal(), field.as_object());
    }
  }
}

}  // namespace

void PrintChanges(Session& session, Format format, const json::object& answer) {
  std::vector<Record> changes;
  for (const json::value& change : answer.at("changes").as_array()) {
    changes.push_back(change.as_object());
  }
  if (format == Format::kTable && answer.at("dryRun").as_bool()) {
    PrintDifferences(session, changes);
  } else {
    PrintRecords(session.out(), session.terminal(), format, ChangeShape(), changes, Plural::kList);
  }
  for (const Record& change : changes) {
    const std::string note = At("note")(change);
    if (note.empty()) continue;
    const std::string whose = changes.size() > 1 ? At("name")(change) + ": " : "";
    session.Say(fmt::format("note: {}{}", whose, Printable(note)));
  }
}

}  // namespace weir::cli
