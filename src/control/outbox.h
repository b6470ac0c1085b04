#pragma once

#include <string>
#include <vector>

#include "control/overlay.h"
#include "control/store.h"

namespace weir::control {

// The rules of the outbox, over the table of events and the records ("control", "consumer", topic,
// consumer) -> position and ("control", "dropped", topic) -> position. A consumer is known from its
// first acknowledgement on; an event goes when every known consumer of its topic has acknowledged
// it, or when it is too old (retention.h), which those who missed it are told once.

/// kExhausted, with the position to acknowledge, when events that `consumer` had not read are gone.
Result<std::vector<OutboxEvent>> ReadOutboxEvents(View& view, const std::string& topic,
                                                  const std::string& consumer, std::size_t limit);

Status AcknowledgeEvents(Overlay& overlay, const std::string& topic, const std::string& consumer,
                         std::int64_t position);

/// Remembers that events of `topic` up to `position` go unread.
Status DropEvents(Overlay& overlay, const std::string& topic, std::int64_t position);

}  // namespace weir::control
