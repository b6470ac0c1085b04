#pragma once

#include <string>

#include "odf/events.h"

namespace weir::odf {

/// The names of the system columns in one dataset: those of its vocabulary, or their defaults (spec
/// section 6).
struct SystemNames {
  explicit SystemNames(const SetVocab& vocab)
      : offset(vocab.offset_column.value_or("offset")),
        op(vocab.operation_type_column.value_or("op")),
        system_time(vocab.system_time_column.value_or("system_time")),
        event_time(vocab.event_time_column.value_or("event_time")) {}

  std::string offset;
  std::string op;
  std::string system_time;
  std::string event_time;
};

}  // namespace weir::odf
