#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/check_results.h"
#include "datasets/state_store.h"
#include "engine/workbench.h"
#include "odf/events.h"
#include "pipelines/ingest.h"
#include "pipelines/row_place.h"

namespace weir::pipelines {

/// A chain as the work on it found it.
struct ChainAtWork {
  odf::DatasetId id = {};
  datasets::ChainRecord record = {};
  bool keeps_microseconds = false;
  std::string name = {};  ///< the dataset's; its id where it has none
  std::string workspace = {};
  datasets::KeptContract contract = {};
  std::optional<odf::DatasetId> quarantine = {};
  datasets::ChainRecord quarantine_record = {};
};

Result<ChainAtWork> ReadChainAtWork(const Context& context, datasets::ChainStore& chains,
                                    const odf::DatasetId& id);

/// One input, and the source's rules for it.
struct InputAtWork {
  std::shared_ptr<const ReadableFile> file = {};
  std::string name = {};
  RowPlace place = {};
  odf::ReadStep read = {};
  std::optional<odf::Transform> preprocess = {};
  odf::MergeStrategy merge = {};
  std::optional<Timestamp> event_time = {};
  /// Whether new columns become the dataset's, and the source as it is then, where that changes.
  bool evolves = false;
  std::optional<odf::AddPushSource> evolved_source = {};
  /// Where the source stands once this input is in.
  std::optional<odf::SourceState> state = {};
  /// Asked before the commit: whether the file is still what was read. None: it cannot change.
  std::function<Status()> check = {};
};

/// Where and with what one input is worked on.
struct IngestPlace {
  datasets::ChainStore& chains;
  datasets::StateStore& states;
  Files& files;
  engine::Workbench& bench;
  const std::filesystem::path& scratch;
  const Clock& clock;
  /// Answers names of datasets, for checks; null: none is answered.
  engine::NameResolver* tables = nullptr;
};

/// Merges one input into `chain` as it stands and commits the block, and in the same transaction
/// the rows that go to quarantine and what came of the checks. kConflict: the chain has moved on,
/// or its contract has changed, and nothing was committed. kInvalid also when a check refuses the
/// batch; that is noted.
Result<IngestReport> IngestInput(const Context& context, const IngestPlace& place,
                                 const ChainAtWork& chain, const InputAtWork& input);

}  // namespace weir::pipelines
