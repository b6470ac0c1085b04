#include <fnmatch.h>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/watch.h"
#include "cli/session.h"
#include "cli/targets.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

/// What is waited for, of one resource.
struct Wish {
  enum class About { kAggregate, kRuntime, kCondition };
  About about = About::kAggregate;
  std::string name = {};  ///< of a condition
  std::string value;
};

// "active", "runtime=running:*", "condition=Ready" (that is, =True), "condition=Ready=False".
Result<Wish> ParseWish(const std::string& text) {
  for (const std::string_view aggregate : {"active", "pending", "error", "deleted"}) {
    if (text == aggregate) return Wish{.value = text};
  }
  if (text.starts_with("runtime=")) {
    return Wish{.about = Wish::About::kRuntime, .value = text.substr(8)};
  }
  if (text.starts_with("condition=")) {
    const std::string rest = text.substr(10);
    const std::size_t equals = rest.find('=');
    return Wish{.about = Wish::About::kCondition,
                .name = rest.substr(0, equals),
                .value = equals == std::string::npos ? "True" : rest.substr(equals + 1)};
  }
  return Invalid("nothing can be waited for as \"{}\"", text)
      .WithHint("--for takes active, pending, error, deleted, runtime=PATTERN, or condition=NAME");
}

bool HasCondition(const Record& record, const Wish& wish) {
  const json::value* const status = record.if_contains("status");
  if (status == nullptr || !status->is_object()) return false;
  const json::value* const conditions = status->get_object().if_contains("conditions");
  if (conditions == nullptr || !conditions->is_array()) return false;
  for (const json::value& condition : conditions->get_array()) {
    const Record& one = condition.as_object();
    if (At("type")(one) == wish.name && At("status")(one) == wish.value) return true;
  }
  return false;
}

bool IsFulfilled(const Record& record, const Wish& wish) {
  switch (wish.about) {
    case Wish::About::kAggregate:
      return At("status.aggregate")(record) == wish.value;
    case Wish::About::kRuntime:
      return ::fnmatch(wish.value.c_str(), At("status.runtime")(record).c_str(), 0) == 0;
    case Wish::About::kCondition:
      return HasCondition(record, wish);
  }
  return false;
}

Status WaitFor(Session& session, Client& client, const Context& context, const Target& target,
               const Wish& wish) {
  const Call call{
      .path = "/api/resources",
      .query = {{"type", target.type}, {"workspace", target.workspace}, {"name", target.name}}};
  std::string last = "absent";
  bool first = true;
  const Status waited = WatchUntil(client, context, call, [&](const std::vector<Record>& records) {
    const bool listed = std::exchange(first, false);
    if (records.empty()) return listed && wish.value == "deleted";
    last = At("status.aggregate")(records.front());
    return IsFulfilled(records.front(), wish);
  });
  if (waited) {
    session.Say(fmt::format("{} is {}", target.ToString(), last));
    return Ok();
  }
  if (waited.error().code != ErrorCode::kDeadline) return waited;
  return Deadline("{} has not come to what was waited for in time; it is {}", target.ToString(),
                  last)
      .WithHint(
          fmt::format("weir describe {} says more; --timeout waits longer", target.ToString()));
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(const std::vector<Target> targets, TargetsOf(arguments));
  ASSIGN_OR_RETURN(const Wish wish, ParseWish(arguments.Text("for")));
  ASSIGN_OR_RETURN(Client* const client, session.client());
  const Context context = session.Brief();
  for (const Target& target : targets) {
    RETURN_IF_ERROR(WaitFor(session, *client, context, target, wish));
  }
  return ExitCode::kOk;
}

}  // namespace

Command WaitCommand() {
  std::vector<Flag> flags = TargetFlags();
  flags.push_back({.name = "for",
                   .value = "STATE",
                   .sentence = "active, pending, error, deleted, runtime=PATTERN (such as "
                               "runtime=running:*), condition=NAME or condition=NAME=STATUS",
                   .fallback = "active"});
  return {.name = "wait",
          .summary = "wait until resources have come to a state",
          .description = "For --timeout, or a minute; then the exit code is 8.",
          .arguments = TargetArguments("names"),
          .flags = std::move(flags),
          .examples = {{"weir wait bundle hello --for active --timeout 5m", ""},
                       {"weir wait secret db --for deleted", ""}},
          .run = Run};
}

}  // namespace weir::cli
