#include "cli/commands/rows_output.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "base/json_reader.h"
#include "cli/commands/rows_table.h"
#include "resources/yaml_writer.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kBufferBytes = 256 << 10;

// Calls `take` with each line, without its end.
class LineSplitter {
 public:
  explicit LineSplitter(std::function<Status(std::string_view)> take) : take_(std::move(take)) {}

  Status Add(std::string_view bytes) {
    while (true) {
      const std::size_t end = bytes.find('\n');
      if (end == std::string_view::npos) break;
      rest_ += bytes.substr(0, end);
      RETURN_IF_ERROR(take_(rest_));
      rest_.clear();
      bytes.remove_prefix(end + 1);
    }
    rest_ += bytes;
    return Ok();
  }

 private:
  std::function<Status(std::string_view)> take_;
  std::string rest_;
};

// Objects a line each, as the elements of one array.
Status PrintJson(Session& session, Call call) {
  bool begun = false;
  LineSplitter lines([&](std::string_view row) -> Status {
    session.out().Write(begun ? ",\n  " : "[\n  ");
    begun = true;
    session.out().Write(row);
    return Ok();
  });
  RETURN_IF_ERROR(CopyAnswer(session, std::move(call),
                             [&](std::string_view bytes) { return lines.Add(bytes); }));
  session.out().Write(begun ? "\n]\n" : "[]\n");
  return Ok();
}

Status PrintYaml(Session& session, Call call) {
  bool begun = false;
  LineSplitter lines([&](std::string_view row) -> Status {
    ASSIGN_OR_RETURN(json::value value, ParseJson(row));
    begun = true;
    session.out().Write(resources::WriteYaml(json::array{std::move(value)}));
    return Ok();
  });
  RETURN_IF_ERROR(CopyAnswer(session, std::move(call),
                             [&](std::string_view bytes) { return lines.Add(bytes); }));
  if (!begun) session.out().Write("[]\n");
  return Ok();
}

Status PrintTable(Session& session, Call call) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const json::object answer, CallObject(*client, session.Long(), std::move(call)));
  const json::value* output = answer.if_contains("output");
  const json::object& rows = output == nullptr ? answer : output->as_object();
  const bool more = PrintRowsTable(session.out(), session.terminal(), rows, kMostInTable);
  if (more) {
    session.Say(fmt::format("only the first {} rows are shown; -o csv and -o ndjson print all",
                            kMostInTable));
  }
  return Ok();
}

}  // namespace

Flag RowsFlag() {
  return {.name = "output",
          .letter = 'o',
          .value = "FORMAT",
          .sentence = "how to print",
          .fallback = "table",
          .choices = {"table", "json", "yaml", "ndjson", "csv"},
          .completes = Completes::kChoices};
}

Status CopyAnswer(Session& session, Call call,
                  const std::function<Status(std::string_view)>& take) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  call.headers.Set("Accept", "*/*");
  ASSIGN_OR_RETURN(api::Response response, CallRaw(*client, session.Long(), std::move(call)));
  if (const auto* text = std::get_if<std::string>(&response.body)) return take(*text);
  auto* source = std::get_if<std::unique_ptr<ByteSource>>(&response.body);
  if (source == nullptr || !*source) return Internal("the answer is a stream of events");
  std::string buffer(kBufferBytes, '\0');
  while (true) {
    ASSIGN_OR_RETURN(const std::size_t count,
                     (*source)->Read({reinterpret_cast<std::byte*>(buffer.data()), buffer.size()}));
    if (count == 0) return Ok();
    RETURN_IF_ERROR(take(std::string_view(buffer).substr(0, count)));
  }
}

Status PrintRows(Session& session, std::string_view output, const RowsCall& call) {
  if (output == "table") return PrintTable(session, call("JsonAoA", "ArrowJson"));
  if (output == "json") return PrintJson(session, call("Ndjson", ""));
  if (output == "yaml") return PrintYaml(session, call("Ndjson", ""));
  return CopyAnswer(session, call(output == "csv" ? "Csv" : "Ndjson", ""),
                    [&](std::string_view bytes) -> Status {
                      session.out().Write(bytes);
                      return Ok();
                    });
}

}  // namespace weir::cli
