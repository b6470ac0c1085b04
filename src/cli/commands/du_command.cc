#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "cli/work_call.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

// "1.2 GiB" of the number at `field`.
std::function<std::string(const Record&)> SizeAt(std::string field) {
  return [field = std::move(field)](const Record& record) {
    const auto* bytes = record.if_contains(field);
    return bytes == nullptr ? std::string() : SizeText(bytes->to_number<std::uint64_t>());
  };
}

Shape UsageShape(bool for_people) {
  const auto size = [&](std::string field) { return for_people ? SizeAt(field) : At(field); };
  return {.columns = {{.title = "DATASET", .cell = At("dataset")},
                      {.title = "SLICES", .cell = size("sliceBytes")},
                      {.title = "BLOCKS", .cell = size("blockBytes")},
                      {.title = "CHECKPOINTS", .cell = size("checkpointBytes")},
                      {.title = "STATE", .cell = size("stateBytes")},
                      {.title = "PACKED", .cell = size("packedBytes")},
                      {.title = "WORKING", .cell = size("workingBytes")},
                      {.title = "TOTAL", .cell = size("bytes")}},
          .name = At("dataset")};
}

// The sums of all numbers.
Record Total(const std::vector<Record>& records) {
  Record total{{"dataset", "total"}};
  for (const char* field : {"sliceBytes", "blockBytes", "checkpointBytes", "stateBytes",
                            "packedBytes", "workingBytes", "bytes"}) {
    std::uint64_t sum = 0;
    for (const Record& record : records) sum += record.at(field).to_number<std::uint64_t>();
    total[field] = sum;
  }
  return total;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  Call call{.path = fmt::format("/api/{}/du", Escaped(arguments.Text("workspace"))),
            .headers = LongWork()};
  for (const std::string& name : arguments.All("NAME")) call.query.emplace_back("dataset", name);
  ASSIGN_OR_RETURN(const json::object answer, CallObject(*client, session.Long(), std::move(call)));
  const Format format = FormatOf(arguments.Text("output"));
  if (format == Format::kJson || format == Format::kYaml) {
    PrintRecords(session.out(), session.terminal(), format, UsageShape(false), {answer},
                 Plural::kSingle);
    return ExitCode::kOk;
  }
  std::vector<Record> records;
  for (const json::value& dataset : answer.at("datasets").as_array()) {
    records.push_back(dataset.as_object());
  }
  const bool for_people = format == Format::kTable || format == Format::kWide;
  if (for_people && records.size() > 1) records.push_back(Total(records));
  PrintRecords(session.out(), session.terminal(), format, UsageShape(for_people), records,
               Plural::kList);
  return ExitCode::kOk;
}

}  // namespace

Command DuCommand() {
  return {
      .name = "du",
      .summary = "what datasets take up",
      .description =
          "Slices are the rows, blocks the chain, checkpoints what engines elsewhere left with it; "
          "state, packed and working are what is kept in the cache so that reading a dataset does "
          "not go through its history or open many small files, and a derivative costs what "
          "changed; they can be made again, and `cache.size` bounds them. Objects that no dataset "
          "needs any more are not "
          "counted: `weir gc --dry-run` does. In JSON, YAML and CSV, numbers are bytes.",
      .arguments = {{.name = "NAME",
                     .sentence = "of datasets; all of the workspace otherwise",
                     .repeated = true,
                     .completes = Completes::kNames}},
      .flags = {WorkspaceFlag(), OutputFlag()},
      .examples = {{"weir du", ""}, {"weir du sales -o json", "in bytes"}},
      .run = Run};
}

}  // namespace weir::cli
