#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "engine/engine.h"
#include "engine/workbench.h"
#include "odf/events.h"

namespace weir::pipelines {

/// The change of a derivative's rows, as relations on a bench.
struct ChangedRows {
  std::string added = {};
  bool has_added = true;               ///< else `added` says only which columns there are
  std::string removed = {};            ///< empty: none
  std::vector<std::string> keys = {};  ///< columns whose values have at most one row each
  bool removed_is_stored = false;      ///< these come from slices, not from the query
};

/// What its slice is to be like.
struct DerivedForm {
  odf::SetVocab vocab = {};
  std::optional<odf::DataSchema> schema = {};  ///< of the chain, once it has one
  bool has_own_event_time = false;             ///< as the chain says, once it has a schema
  bool keeps_microseconds = false;
  /// Columns that the schema lacks may come.
  bool may_grow = false;
  Timestamp system_time = {};
};

struct ChangedEvents {
  std::unique_ptr<engine::RowStream> rows = {};
  bool has_own_event_time = false;         ///< the query gives one
  std::vector<odf::DataField> grown = {};  ///< columns that the schema lacks
};

/// The events of a derivative's slice: op, event time and data columns under their names. A row
/// that goes and one that comes with the same key are a correction; others are retractions and
/// appends. Ordered by key, op and the remaining columns, nulls first, so that the same change is
/// the same slice (design: "Derivatives").
///
/// kInvalid names a column of a type that no dataset holds, that the schema of the chain does not
/// allow, or an event time that is null.
Result<ChangedEvents> EventsOfChange(const Context& context, engine::Workbench& bench,
                                     const ChangedRows& change, const DerivedForm& form);

}  // namespace weir::pipelines
