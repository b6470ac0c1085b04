#include "cli/commands/watch.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <thread>

#include "cli/commands/resource_calls.h"
#include "cli/commands/resource_shape.h"
#include "cli/event_reader.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPauseBeforeReconnect{500};

Result<Record> RecordOf(const api::Event& event) {
  boost::system::error_code failed;
  json::value value = json::parse(event.data, failed);
  if (failed || !value.is_object()) return Internal("the server sent an event that is no JSON");
  Record record = std::move(value.get_object());
  // Of a deleted resource only its id comes.
  if (event.type == "deleted") record["status"] = json::object{{"aggregate", "deleted"}};
  return record;
}

enum class Ended { kSeenEnough, kBroken, kTooOld };

// Reads one connection's events; `last_id` is where the next one has to go on.
Result<Ended> ReadStream(EventReader& reader, const Context& context, std::string& last_id,
                         const See& see) {
  while (true) {
    auto event = reader.Next(context);
    if (!event) {
      if (event.error().code == ErrorCode::kUnavailable) return Ended::kBroken;
      return std::move(event).error();
    }
    if (!*event) return Ended::kBroken;
    if (!(*event)->id.empty()) last_id = (*event)->id;
    if ((*event)->type == "too-old") return Ended::kTooOld;
    if ((*event)->type != "applied" && (*event)->type != "deleted") continue;
    ASSIGN_OR_RETURN(Record record, RecordOf(**event));
    if (see({std::move(record)})) return Ended::kSeenEnough;
  }
}

Result<Ended> ReadOnce(Client& client, const Context& context, Call call, std::string& last_id,
                       const See& see) {
  call.query.emplace_back("watch", "true");
  call.query.emplace_back("from", last_id);
  call.headers.Set("Accept", "text/event-stream");
  auto response = CallRaw(client, context, std::move(call));
  if (!response) {
    if (response.error().code == ErrorCode::kExhausted) return Ended::kTooOld;
    if (response.error().code == ErrorCode::kUnavailable) return Ended::kBroken;
    return std::move(response).error();
  }
  ASSIGN_OR_RETURN(const auto reader, ReadEvents(*std::move(response)));
  return ReadStream(*reader, context, last_id, see);
}

}  // namespace

Status WatchUntil(Client& client, const Context& context, const Call& call, const See& see) {
  std::string last_id;
  while (true) {
    if (last_id.empty()) {
      ASSIGN_OR_RETURN(const Listed listed, ListAll(client, context, call));
      if (see(listed.items)) return Ok();
      last_id = std::to_string(listed.revision);
    }
    ASSIGN_OR_RETURN(const Ended ended, ReadOnce(client, context, call, last_id, see));
    if (ended == Ended::kSeenEnough) return Ok();
    if (ended == Ended::kTooOld) {
      last_id.clear();  // list again
      continue;
    }
    RETURN_IF_ERROR(context.Check());
    std::this_thread::sleep_for(context.Remaining(kPauseBeforeReconnect));
  }
}

Result<ExitCode> WatchResources(Session& session, Format format, Call call) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  RecordStream stream(session.out(), session.terminal(), format, ResourceShape());
  const Status ended =
      WatchUntil(*client, session.Long(), call, [&](const std::vector<Record>& records) {
        stream.Print(records);
        const Status written = session.out().Flush();
        return !written || session.out().reader_left();
      });
  if (!ended && ended.error().code == ErrorCode::kDeadline) return ExitCode::kOk;  // as asked
  RETURN_IF_ERROR(ended);
  RETURN_IF_ERROR(session.out().Flush());
  return ExitCode::kOk;
}

}  // namespace weir::cli
