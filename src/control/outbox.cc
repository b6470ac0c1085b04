#include "control/outbox.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "control/limits.h"
#include "control/record.h"

namespace weir::control {
namespace {

constexpr std::size_t kMaxConsumers = 1000;  // of one topic

Key ConsumersOf(const std::string& topic) { return Key(kOwnSpace).With("consumer").With(topic); }

Key DroppedOf(const std::string& topic) { return Key(kOwnSpace).With("dropped").With(topic); }

Result<std::int64_t> PositionIn(const Entry& entry) {
  RecordReader reader(entry.value);
  const auto position = reader.Number();
  if (!position || !reader.AtEnd()) return Corrupt("{} holds no position", entry.key.ToString());
  return *position;
}

// 0 where nothing was recorded: positions start at 1.
template <typename Reader>
Result<std::int64_t> PositionAt(Reader& reader, const Key& key) {
  ASSIGN_OR_RETURN(const auto entry, reader.Get(key));
  if (!entry) return 0;
  return PositionIn(*entry);
}

Status CheckNames(const std::string& topic, const std::string& consumer) {
  const auto good = [](const std::string& name) {
    return !name.empty() && name.size() <= kMaxNameBytes;
  };
  if (good(topic) && good(consumer)) return Ok();
  return Invalid("a topic's and a consumer's name have 1 to {} bytes", kMaxNameBytes);
}

// The position up to which every known consumer of the topic is done.
Result<std::int64_t> DoneByAll(Overlay& overlay, const std::string& topic) {
  ASSIGN_OR_RETURN(const auto consumers,
                   overlay.Scan(ConsumersOf(topic), {.after = {}, .limit = kMaxConsumers + 1}));
  if (consumers.size() > kMaxConsumers) {
    return Exhausted("topic {} has more than {} consumers", topic, kMaxConsumers);
  }
  std::optional<std::int64_t> done;
  for (const Entry& consumer : consumers) {
    ASSIGN_OR_RETURN(const std::int64_t position, PositionIn(consumer));
    done = std::min(done.value_or(position), position);
  }
  return done.value_or(0);
}

}  // namespace

Result<std::vector<OutboxEvent>> ReadOutboxEvents(View& view, const std::string& topic,
                                                  const std::string& consumer, std::size_t limit) {
  RETURN_IF_ERROR(CheckNames(topic, consumer));
  const Key key = ConsumersOf(topic).With(consumer);
  ASSIGN_OR_RETURN(const std::int64_t position, PositionAt(view, key));
  ASSIGN_OR_RETURN(const std::int64_t dropped, PositionAt(view, DroppedOf(topic)));
  if (position != 0 && position < dropped) {
    return Exhausted("events of topic {} up to position {} were dropped before {} read them", topic,
                     dropped, consumer)
        .WithHint(fmt::format("list again, then acknowledge {}", dropped));
  }
  ASSIGN_OR_RETURN(auto stored, view.ReadEvents(topic, position, limit));
  std::vector<OutboxEvent> events;
  events.reserve(stored.size());
  for (StoredEvent& event : stored) {
    events.push_back({event.position, event.revision, std::move(event.payload)});
  }
  return events;
}

Status AcknowledgeEvents(Overlay& overlay, const std::string& topic, const std::string& consumer,
                         std::int64_t position) {
  RETURN_IF_ERROR(CheckNames(topic, consumer));
  const Key key = ConsumersOf(topic).With(consumer);
  ASSIGN_OR_RETURN(const std::int64_t before, PositionAt(overlay, key));
  if (position < before) {
    return Conflict("{} acknowledged topic {} up to position {} and cannot go back to {}", consumer,
                    topic, before, position);
  }
  if (position > overlay.base().state().position) {
    return Conflict("topic {} has no position {} yet", topic, position);
  }
  if (position == before && position != 0) return Ok();
  overlay.Put(key, RecordWriter().Number(position).Take());
  ASSIGN_OR_RETURN(const std::int64_t done, DoneByAll(overlay, topic));
  if (done > 0) overlay.TrimOutbox(topic, done);
  return Ok();
}

Status DropEvents(Overlay& overlay, const std::string& topic, std::int64_t position) {
  overlay.Put(DroppedOf(topic), RecordWriter().Number(position).Take());
  overlay.TrimOutbox(topic, position);
  return Ok();
}

}  // namespace weir::control
