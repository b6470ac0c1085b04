#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <limits>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/records.h"
#include "cli/session.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

constexpr std::int64_t kPage = 100;

// Rows and retractions of a data event, "offsets 0 to 8"; what else a block says in a word or two.
std::string DetailOf(const Record& block) {
  const std::string first = At("content.event.newData.offsetInterval.start")(block);
  const std::string last = At("content.event.newData.offsetInterval.end")(block);
  if (!first.empty()) return fmt::format("offsets {} to {}", first, last);
  for (const char* path : {"content.event.newWatermark", "content.event.sourceName",
                           "content.event.description", "content.event.datasetKind"}) {
    const std::string text = At(path)(block);
    if (!text.empty()) return text;
  }
  return "";
}

const Shape& BlockShape() {
  static const Shape shape{.columns = {{.title = "BLOCK", .cell = At("content.sequenceNumber")},
                                       {.title = "TIME", .cell = At("content.systemTime")},
                                       {.title = "EVENT", .cell = At("content.event.kind")},
                                       {.title = "DETAIL", .cell = DetailOf},
                                       {.title = "HASH", .cell = At("hash")}},
                           .name = At("hash")};
  return shape;
}

// The newest `most` blocks.
Result<std::vector<Record>> ReadBlocks(const Arguments& arguments, Client& client,
                                       const Context& context, std::int64_t most) {
  std::vector<Record> blocks;
  std::string before;
  while (static_cast<std::int64_t>(blocks.size()) < most) {
    const std::int64_t limit = std::min(kPage, most - static_cast<std::int64_t>(blocks.size()));
    auto query = WorkspaceQuery(arguments);
    query.emplace_back("limit", std::to_string(limit));
    query.emplace_back("before", before);
    ASSIGN_OR_RETURN(const json::object page,
                     CallObject(client, context,
                                {.path = DatasetPath(arguments.Text("NAME"), "/blocks"),
                                 .query = std::move(query)}));
    for (const json::value& block : page.at("blocks").as_array()) {
      blocks.push_back(block.as_object());
    }
    const json::value* const next = page.if_contains("next");
    if (next == nullptr) break;
    before = std::to_string(next->to_number<std::int64_t>());
  }
  return blocks;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  if (const std::string text = arguments.Text("number"); !text.empty()) {
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), most);
    if (failed != std::errc() || end != text.data() + text.size() || most < 1) {
      return Invalid("-n {}: it is how many blocks to show", text);
    }
  }
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const auto blocks, ReadBlocks(arguments, *client, session.Long(), most));
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), BlockShape(),
               blocks, Plural::kList);
  return ExitCode::kOk;
}

}  // namespace

Command LogCommand() {
  return {.name = "log",
          .summary = "the history of a dataset, block by block, the newest first",
          .arguments = {DatasetArgument()},
          .flags = {{.name = "number",
                     .letter = 'n',
                     .value = "COUNT",
                     .sentence = "how many blocks to show; all of them without it"},
                    WorkspaceFlag(),
                    OutputFlag()},
          .examples = {{"weir log population -n 10", ""},
                       {"weir log population -o yaml", "everything the blocks say"}},
          .run = Run};
}

}  // namespace weir::cli
