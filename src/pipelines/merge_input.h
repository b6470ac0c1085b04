#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "contracts/check.h"
#include "engine/engine.h"
#include "engine/scan_source.h"
#include "engine/workbench.h"
#include "odf/events.h"
#include "pipelines/row_place.h"

namespace weir::pipelines {

/// One input file on its way into a dataset, and all it is merged with.
struct IngestRequest {
  std::shared_ptr<const ReadableFile> input;  ///< fetched and decompressed
  std::string input_name;                     ///< how messages call it
  RowPlace place = {};                        ///< how messages call a row
  odf::ReadStep read;
  std::optional<odf::Transform> preprocess = {};
  odf::MergeStrategy merge;
  odf::SetVocab vocab = {};
  /// All slices with the system columns; null or without files when there is no data yet.
  std::shared_ptr<const engine::ScanSource> history = {};
  /// The current rows where they are kept: one per key, with the columns of the history. Saves
  /// Snapshot and UpsertStream the way through the history; null: they go it.
  std::shared_ptr<const engine::ScanSource> state = {};
  /// What the chain declares, system columns included; none before the first data.
  std::optional<odf::DataSchema> schema = {};
  /// What the input has beyond the schema comes after it, optional; what it lacks is null where it
  /// may be. False: it has the columns of the schema.
  bool evolves = false;
  /// For rows without one: the source's event time, else the time of the ingest.
  Timestamp event_time = {};
  /// False: as Kamu, every timestamp becomes UTC milliseconds. Event times always do.
  bool keeps_microseconds = false;
  /// Rows of an Append that come in event-time order need no sort, but only their end tells. True:
  /// they are given out as they come, and the first one out of order ends the stream with
  /// kConflict; the caller then drops what it took and calls again without this.
  bool expects_order = false;
  /// The rows come with the judging columns of this contract (contracts/judged_rows.h); null:
  /// without.
  const contracts::Contract* contract = nullptr;
  /// Where a file in another encoding is kept as UTF-8 while it is read.
  std::filesystem::path scratch = std::filesystem::temp_directory_path();
};

/// Reads, preprocesses and merges one file (spec/odf section 9). The rows come in their final
/// order: columns op (INT32) and event time under the vocabulary's names, then the data columns in
/// source order (in the chain's order once it has a schema). Offset and system time are the slice
/// writer's. An empty stream: nothing changed.
///
/// Clears `bench`, which the stream then works on: it outlives the stream, and serves one input at
/// a time. Memory is the bench's, also for sorting and joining; beyond it they spill.
///
/// Errors, here or from the stream: kInvalid for a bad row (with file, line, column and value), for
/// columns that the strategy or the chain's schema does not allow, and for a preprocess query that
/// does not bind; kDenied or kNotFound for one that reads anything but `input` and earlier steps;
/// kUnimplemented for a read step or type that is not there yet.
Result<std::unique_ptr<engine::RowStream>> MergeInput(const Context& context,
                                                      engine::Workbench& bench,
                                                      const IngestRequest& request);

/// How many rows the input of the last MergeInput had, which has been read to its end; nullopt: as
/// many as it gave.
Result<std::optional<std::uint64_t>> CountInput(const Context& context, engine::Workbench& bench,
                                                const IngestRequest& request);

}  // namespace weir::pipelines
