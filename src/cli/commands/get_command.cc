#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/resource_calls.h"
#include "cli/commands/resource_shape.h"
#include "cli/commands/watch.h"
#include "cli/session.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& KindShape() {
  static const Shape shape{.columns = {{.title = "KIND", .cell = At("type")},
                                       {.title = "VERSIONS", .cell = At("versions")},
                                       {.title = "SCOPE", .cell = At("scope")},
                                       {.title = "HERE",
                                        .cell =
                                            [](const Record& kind) {
                                              return At("here")(kind) == "true" ? "yes" : "not yet";
                                            }},
                                       {.title = "DESCRIPTION", .cell = At("description")}},
                           .name = At("type")};
  return shape;
}

Result<ExitCode> PrintKinds(Session& session, const Arguments& arguments, Format format) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  const std::string all = arguments.Has("all") ? "true" : "";
  ASSIGN_OR_RETURN(
      const json::object answer,
      CallObject(*client, session.Brief(), {.path = "/api/kinds", .query = {{"all", all}}}));
  std::vector<Record> kinds;
  for (const json::value& kind : answer.at("items").as_array()) kinds.push_back(kind.as_object());
  PrintRecords(session.out(), session.terminal(), format, KindShape(), kinds, Plural::kList);
  return ExitCode::kOk;
}

// One resource by name is itself, several are a list; what is missing is said, and the rest shown.
Result<ExitCode> PrintNamed(Session& session, const Arguments& arguments, Format format,
                            const std::vector<Target>& targets) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  std::vector<Record> found;
  std::optional<Error> missing;
  for (const Target& target : targets) {
    auto one = GetOne(*client, session.Brief(), target, arguments.Text("at"));
    if (one) {
      found.push_back(*std::move(one));
    } else if (one.error().code == ErrorCode::kNotFound && targets.size() > 1) {
      if (!found.empty() || missing) session.Say(one.error().message);
      missing = std::move(one).error();
    } else {
      return std::move(one).error();
    }
  }
  if (found.empty()) return *missing;
  PrintRecords(session.out(), session.terminal(), format, ShapeOf(found), found,
               targets.size() == 1 ? Plural::kSingle : Plural::kList);
  return missing ? ExitCode::kPartial : ExitCode::kOk;
}

Call ListCall(const Arguments& arguments, const std::string& type) {
  Call call{.path = "/api/resources",
            .query = {{"type", type}, {"owner", arguments.Text("owner")}}};
  if (!arguments.Has("all")) call.query.emplace_back("workspace", arguments.Text("workspace"));
  for (const std::string& tag : arguments.All("tag")) call.query.emplace_back("tag", tag);
  return call;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const Format format = FormatOf(arguments.Text("output"));
  if (arguments.Has("types")) return PrintKinds(session, arguments, format);
  ASSIGN_OR_RETURN(const TargetWords words, ReadTargets(arguments));
  const bool watched = arguments.Has("watch");
  if (watched && arguments.Has("at")) return Invalid("--watch looks forward and --at back");
  if (!words.targets.empty() && !watched) {
    return PrintNamed(session, arguments, format, words.targets);
  }
  if (arguments.Has("at")) return Invalid("--at needs the name of a resource");
  if (words.targets.size() > 1) return Invalid("--watch takes one name, or a kind");
  Call call = ListCall(arguments, words.type);
  if (!words.targets.empty()) {
    const Target& target = words.targets.front();
    call.query = {{"type", target.type}, {"workspace", target.workspace}, {"name", target.name}};
  }
  if (watched) return WatchResources(session, format, std::move(call));
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const Listed listed, ListAll(*client, session.Brief(), std::move(call)));
  if (listed.items.empty()) session.Say("nothing found");
  PrintRecords(session.out(), session.terminal(), format, ShapeOf(listed.items), listed.items,
               Plural::kList);
  return ExitCode::kOk;
}

}  // namespace

Command GetCommand() {
  std::vector<Flag> flags = TargetFlags();
  flags.insert(
      flags.end(),
      {{.name = "all",
        .letter = 'a',
        .sentence =
            "of every workspace; with --types, also the kinds of DataOS that are not here yet"},
       {.name = "owner", .value = "OWNER", .sentence = "only what belongs to OWNER"},
       {.name = "tag", .value = "TAG", .sentence = "only what has this tag", .repeated = true},
       {.name = "at",
        .value = "WHEN",
        .sentence = "as it was: the number of a version, or a time as "
                    "2026-11-21T10:00:00Z"},
       {.name = "watch", .sentence = "go on showing what changes, until interrupted"},
       {.name = "types", .sentence = "the kinds there are, instead of resources"},
       OutputFlag()});
  return {
      .name = "get",
      .summary = "show resources, their kinds, or how they were",
      .description =
          "Without KIND (or with all), resources of every kind. Without NAME, all of the "
          "kind in the workspace, and those that belong to no workspace. The YAML and JSON "
          "of a resource can be applied again.",
      .arguments = TargetArguments("names; none: every one"),
      .flags = std::move(flags),
      .examples = {{"weir get all", "everything in the workspace public"},
                   {"weir get secret db -o yaml", "one secret, as a manifest"},
                   {"weir get secret db --at 2", "its second version"},
                   {"weir get bundles -a --watch", "bundles of every workspace, as they change"},
                   {"weir get --types", "the kinds there are"}},
      .run = Run};
}

}  // namespace weir::cli
