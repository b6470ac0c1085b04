#include "cli/commands/check_words.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <vector>

#include "cli/records.h"

namespace weir::cli {

void TellOfChecks(Session& session, const std::string& dataset, const boost::json::object& report) {
  if (const auto* warnings = report.if_contains("warnings")) {
    for (const auto& warning : warnings->as_array()) {
      session.Say(fmt::format("warning: {}: {}", dataset, std::string_view(warning.as_string())));
    }
  }
  if (const auto* rows = report.if_contains("quarantined")) {
    const auto count = rows->to_number<std::uint64_t>();
    session.Say(fmt::format("{} {} failed a check and {} in {}$quarantine", count,
                            count == 1 ? "row" : "rows", count == 1 ? "is" : "are", dataset));
  }
}

void WriteChecks(Output& out, const Terminal& terminal, const boost::json::object& resource) {
  boost::system::error_code failed;
  const boost::json::value all = resource;
  const auto* checks = all.find_pointer("/status/facts/checks", failed);
  if (checks == nullptr || !checks->is_array()) return;
  static const Shape shape{
      .columns = {{.title = "  CHECK",
                   .cell = [](const Record& check) { return "  " + At("check")(check); }},
                  {.title = "ON FAIL", .cell = At("onFail")},
                  {.title = "STATUS", .cell = At("status")},
                  {.title = "FAILING", .cell = At("failingRows")},
                  {.title = "ASKED", .cell = At("time")},
                  {.title = "MESSAGE", .cell = At("message")}},
      .name = At("check")};
  std::vector<Record> rows;
  for (const auto& check : checks->get_array()) rows.push_back(check.as_object());
  PrintRecords(out, terminal, Format::kTable, shape, rows, Plural::kList);
}

}  // namespace weir::cli
