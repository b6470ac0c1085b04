#include "cli/commands/derivation_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <set>
#include <vector>

#include "cli/records.h"
#include "cli/text_width.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

std::uint64_t NumberAt(const Record& record, std::string_view block) {
  return record.at(block).as_object().at("sequenceNumber").to_number<std::uint64_t>();
}

std::string Consumed(const Record& input) {
  if (!input.contains("consumed")) return "nothing yet";
  return fmt::format("block {}", NumberAt(input, "consumed"));
}

std::string Behind(const Record& input) {
  if (const json::value* problem = input.if_contains("problem")) {
    return std::string(problem->as_string());
  }
  const std::uint64_t head = NumberAt(input, "head");
  const std::uint64_t blocks =
      input.contains("consumed") ? head - std::min(head, NumberAt(input, "consumed")) : head + 1;
  const auto rows = input.at("recordsBehind").to_number<std::uint64_t>();
  if (blocks == 0) return "up to date";
  return fmt::format("{} block{}, {} row{}", blocks, blocks == 1 ? "" : "s", rows,
                     rows == 1 ? "" : "s");
}

void WriteFollows(Output& out, const Record& derivation) {
  constexpr std::size_t kTitles = 13;
  if (derivation.contains("isByBatch")) {
    out.Write(PadRight("Follows:", kTitles) +
              "batch by batch, each alone (engine: " + Printable(At("engine")(derivation)) + ")\n");
    return;
  }
  const json::value* const is_incremental = derivation.if_contains("isIncremental");
  if (is_incremental == nullptr) {
    out.Write(PadRight("Follows:", kTitles) + "not known: " + Printable(At("problem")(derivation)) +
              "\n");
    return;
  }
  const bool all = is_incremental->as_bool();
  out.Write(PadRight("Follows:", kTitles) +
            (all ? "at the cost of what changed\n" : "in parts; computed again each time:\n"));
  std::set<std::string> said;
  for (const json::value& why : derivation.at("recomputed").as_array()) {
    const std::string text(why.as_string());
    if (said.insert(text).second) out.Write("             - " + Printable(text) + "\n");
  }
  std::string keys;
  for (const json::value& key : derivation.at("keys").as_array()) {
    keys += (keys.empty() ? "" : ", ") + std::string(key.as_string());
  }
  out.Write(PadRight("Keys:", kTitles) + (keys.empty() ? "none" : Printable(keys)) + "\n");
}

}  // namespace

void WriteDerivation(Output& out, const Terminal& terminal, const Record& derivation) {
  WriteFollows(out, derivation);
  static const Shape shape{.columns = {{.title = "  INPUT",
                                        .cell =
                                            [](const Record& input) {
                                              const std::string name = At("name")(input);
                                              return "  " +
                                                     (name.empty() ? At("alias")(input) : name);
                                            }},
                                       {.title = "CONSUMED", .cell = Consumed},
                                       {.title = "BEHIND", .cell = Behind}},
                           .name = At("alias")};
  std::vector<Record> rows;
  for (const json::value& input : derivation.at("inputs").as_array()) {
    rows.push_back(input.as_object());
  }
  PrintRecords(out, terminal, Format::kTable, shape, rows, Plural::kList);
}

}  // namespace weir::cli
