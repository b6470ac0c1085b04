#include "cli/commands/history_loss.h"

#include <boost/json/array.hpp>

namespace weir::cli {

Flag YesFlag() { return {.name = "yes", .sentence = "do it: nothing brings back what it takes"}; }

Status CheckSaidSo(const Arguments& arguments, const std::string& name) {
  if (arguments.Has("yes") || arguments.Has("dry-run")) return Ok();
  return Invalid("this takes history from {}, and nothing brings it back", name)
      .WithHint("--yes does it; --dry-run says what it would take");
}

void SayDiverged(Session& session, const boost::json::object& report) {
  for (const boost::json::value& reader : report.at("diverged").as_array()) {
    const std::string name(reader.as_string());
    session.Say(fmt::format("note: {} has read what was taken: weir reset {} --yes", name, name));
  }
}

}  // namespace weir::cli
