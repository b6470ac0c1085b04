#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "contracts/check.h"
#include "contracts/row_rule.h"
#include "engine/engine.h"
#include "engine/workbench.h"
#include "pipelines/contracts/findings.h"

namespace weir::pipelines {

/// What a commit brings, as relations of a workbench, and what its checks are asked with. Who made
/// the rows does not matter: an ingest, an update of a derivative.
struct AskRequest {
  engine::Workbench& bench;
  const contracts::Contract& contract;
  /// The relation or view with the events that come: the columns `op` and `event_time` and data,
  /// under the dataset's own names; others in `ignored`.
  std::string events = {};
  std::string op = "op";
  std::string event_time = "event_time";
  /// A BIGINT column that numbers the events in their order; empty: there is none, keys then come
  /// once at most, and FailedEvent::number has no meaning.
  std::string number = {};
  std::vector<std::string> ignored = {};  ///< columns of `events` that are no data
  /// The relation or view with the rows of the state before; empty: there were none.
  std::string state_before = {};
  /// The dataset's key, of which the last event counts; empty: rows are a multiset, of which a
  /// retraction takes one.
  std::vector<std::string> key = {};
  /// The checks that judge rows were answered while the rows went by.
  bool rows_are_judged = false;
  /// Numbers of unique checks whose new rows are known to differ from one another.
  std::vector<std::size_t> distinct = {};
  /// How many rows the batch had where that is not how many it adds (unchanged ones were left out).
  std::optional<std::uint64_t> batch_rows = {};
  Timestamp now = {};
  /// How messages call the event of a number; null, or an empty text: they do not.
  std::function<std::string(std::uint64_t)> place = {};
  std::optional<Timestamp> newest_event = {};  ///< with those that come
  /// Answers the names of other datasets, in `workspace`; null: no check names any.
  engine::NameResolver* tables = nullptr;
  std::string workspace = {};
  std::string dataset = {};  ///< whose checks they are: a reference to it is one to `this`
};

/// An event that fails a check whose onFail is quarantine.
struct FailedEvent {
  std::uint64_t number = 0;
  std::size_t check = 0;
  std::string record = {};  ///< as JSON
};

struct Asked {
  Findings findings = {};
  /// Of the checks that single rows fail, and that rows_are_judged leaves; by number, each event
  /// once. At most kMostFailedEvents: beyond it kExhausted is the answer.
  std::vector<FailedEvent> failed = {};
};

inline constexpr std::size_t kMostFailedEvents = 1'000'000;

/// Asks all checks. The state after the commit becomes the view `this`, what is added to it
/// `new_rows`, and other datasets views of their names: the bench has none of these yet.
///
/// kInvalid names the check that cannot be asked: a column or dataset that is not there, a value
/// that is not of the column's type, a query that fails. Nothing may then be committed.
Result<Asked> AskChecks(const Context& context, const AskRequest& request);

/// The SQL of a row as JSON: an object with a member for each column.
std::string RecordSql(std::span<const contracts::ColumnAtHand> columns);

/// Makes the view `name` of what a resolver answered.
Status AddTable(const Context& context, engine::Workbench& bench, const std::string& name,
                const engine::ResolvedTable& table);

}  // namespace weir::pipelines
