#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/multihash.h"
#include "base/result.h"
#include "base/stream.h"
#include "datasets/chain_store.h"
#include "datasets/state_store.h"
#include "engine/engine.h"
#include "odf/dataset_id.h"
#include "odf/source_steps.h"
#include "pipelines/bench_pool.h"
#include "pipelines/converted_input.h"
#include "pipelines/dataset_turns.h"
#include "pipelines/input_format.h"
#include "pipelines/source_rights.h"
#include "slices/column_type.h"

namespace weir::pipelines {

struct ChainAtWork;
struct InputAtWork;

struct IngestOptions {
  engine::EngineOptions engine = {};  ///< of each bench
  std::size_t benches = 2;            ///< inputs worked on at one time; others wait
  /// Where large slices and re-encoded inputs lie while they are made.
  std::filesystem::path scratch = {};
  /// Nothing is taken in while the disk has less than this free.
  std::uint64_t least_free_bytes = 128ULL << 20;
  /// Makes what answers the names of datasets to one batch's checks. Empty: checks that look at
  /// more than the batch are not answered.
  std::function<std::unique_ptr<engine::NameResolver>(const Context&)> tables = {};
};

/// One file for a push source.
struct PushRequest {
  odf::DatasetId dataset = {};
  std::shared_ptr<const ReadableFile> input = {};
  std::string input_name = {};  ///< how messages call it
  std::string source_name = "default";
  std::optional<InputFormat> format = {};    ///< when the input is not of the source's
  std::optional<Timestamp> event_time = {};  ///< of rows without one; otherwise now
  /// Columns that are new in the input become optional ones of the dataset, and optional ones that
  /// it lacks are empty. Otherwise either refuses it.
  bool evolves = false;
  /// What Infer made of this very input, for a chain that reads it as was inferred.
  std::shared_ptr<const ConvertedInput> converted = {};
  /// How times are kept in a chain that has no name yet; otherwise it is the dataset's.
  std::optional<bool> keeps_microseconds = {};
};

/// How an input is read.
struct InferredInput {
  odf::ReadStep read = {};
  std::shared_ptr<const ConvertedInput> converted = {};  ///< see IsConverted; or null
};

/// What came of one input.
struct IngestReport {
  bool is_committed = false;  ///< false: up to date, nothing was written
  std::uint64_t rows = 0;     ///< of the new slice, retractions and corrections among them
  Multihash old_head = {};
  Multihash new_head = {};
  std::optional<std::uint64_t> last_offset = {};
  std::optional<Timestamp> watermark = {};
  std::uint64_t quarantined = 0;           ///< rows that were put aside
  std::vector<std::string> warnings = {};  ///< of checks that only warn
};

/// What came of a polling source.
struct PollReport {
  std::uint64_t files = 0;  ///< that were new
  std::uint64_t rows = 0;
  std::uint64_t quarantined = 0;
  std::vector<std::string> warnings = {};
  IngestReport last = {};  ///< its old_head is from before the first
};

/// Brings data into root datasets: reads, merges, writes and commits (spec/odf section 9). One
/// input becomes one block, or nothing when it changes nothing; the first one brings the schema.
///
/// Whatever fails, nothing was committed: an error after which it is not known says so (see
/// control::Store::Transact). Writers of one dataset wait for each other in this process; when
/// another process has committed meanwhile, the work is done again on top of its block.
///
/// Thread-safe. Made in server/wiring.cc; chains, states, files and clock outlive it.
class Ingestor {
 public:
  Ingestor(datasets::ChainStore& chains, datasets::StateStore& states, Files& files,
           const Clock& clock, IngestOptions options)
      : chains_(chains),
        states_(states),
        files_(files),
        clock_(clock),
        options_(std::move(options)),
        benches_(options_.engine, options_.benches) {}

  /// Removes what a process that died left in the scratch directory.
  Status CleanScratch();

  /// Makes the scratch directory; kExhausted when the disk has too little room to begin.
  Status CheckRoom() const;

  /// kNotFound: no such dataset; kInvalid: it has no such source, or a row is bad (named by file,
  /// line, column and value); kConflict, with both heads, when others were faster time and again;
  /// other errors as MergeInput and WriteSlice.
  Result<IngestReport> Push(const Context& context, const PushRequest& request);

  /// Brings in what is new at the chain's polling source, a block for each file, until there is
  /// nothing more. What was committed before an error stays.
  ///
  /// kInvalid: the dataset has no polling source; kDenied: it asks for more than `rights` allow;
  /// what cannot be fetched, and the errors of Push.
  Result<PollReport> Poll(const Context& context, const odf::DatasetId& dataset,
                          const SourceRights& rights);

  /// What `source` has as a file to push: see ReceiveFile.
  Result<std::shared_ptr<const ReadableFile>> Receive(const Context& context, ByteSource& source);

  /// As InferReadStep, on a bench of the pool.
  Result<InferredInput> Infer(const Context& context, std::shared_ptr<const ReadableFile> input,
                              const std::string& name, slices::TimeRule times,
                              std::optional<InputFormat> format = {});

 private:
  /// The next file of the source, if there is one.
  Result<std::optional<IngestReport>> PollOnce(const Context& context,
                                               const odf::DatasetId& dataset,
                                               const SourceRights& rights);

  std::unique_ptr<engine::NameResolver> Tables(const Context& context) const;

  ScratchPlace Scratch() const {
    return {.files = files_,
            .directory = options_.scratch,
            .least_free_bytes = options_.least_free_bytes};
  }

  /// A conversion, and for what kind of chain.
  struct KeptConversion {
    std::shared_ptr<const ConvertedInput> input = {};
    bool is_declared = false;
    bool keeps_microseconds = false;
  };

  /// One attempt, on top of the chain as it is now. What it converts is kept for the next one.
  Result<IngestReport> PushOnce(const Context& context, const PushRequest& request,
                                KeptConversion& kept);

  Status Evolve(const Context& context, engine::Workbench& bench, const ChainAtWork& chain,
                const PushRequest& request, std::optional<InputFormat> format,
                InputAtWork& input) const;
  /// A file with the rows of `input` that its read step reads.
  Result<std::shared_ptr<const ConvertedInput>> Convert(const Context& context, InputFormat format,
                                                        bool keeps_microseconds,
                                                        const InputAtWork& input,
                                                        KeptConversion& kept);

  datasets::ChainStore& chains_;
  datasets::StateStore& states_;
  Files& files_;
  const Clock& clock_;
  const IngestOptions options_;
  BenchPool benches_;
  DatasetTurns turns_;
};

}  // namespace weir::pipelines
