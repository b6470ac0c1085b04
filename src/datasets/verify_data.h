#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "datasets/repository.h"
#include "odf/events.h"
#include "slices/slice_facts.h"

namespace weir::datasets {

/// Where slices and checkpoints are read from: our chains, or a repository.
class DataParts {
 public:
  using File = std::shared_ptr<const ReadableFile>;

  virtual ~DataParts() = default;
  virtual Result<File> Slice(const odf::DataSlice& slice) = 0;
  virtual Result<File> Checkpoint(const Multihash& hash) = 0;
  /// What was noted of a slice when it was written; nullopt where nothing was.
  virtual std::optional<slices::SliceFacts> Facts(const odf::DataSlice& /*slice*/) { return {}; }
  /// The repository, when objects are to be brought nearer before they are read; else null.
  virtual const Repository* far() const { return nullptr; }
};

/// Verifies the data of a chain's blocks: gathers slices and checkpoints, and checks many of them
/// side by side. Errors name the block, the first one by the order of the chain. One thread.
class DataVerifier {
 public:
  /// `scratch` takes objects of a far repository, null otherwise; all outlive this.
  DataVerifier(const Context& context, DataParts& parts, objects::ObjectStore* scratch)
      : context_(context),
        parts_(parts),
        scratch_(scratch),
        brings_near_(scratch != nullptr && parts.far() != nullptr) {}

  /// The slice and checkpoint of a block, of a chain with that vocabulary.
  void Add(const Multihash& block, const odf::MetadataEvent& event, const odf::SetVocab& vocab);

  bool IsFull() const;
  /// Checks all that was added; the bytes that were good.
  Result<std::uint64_t> Flush();

 private:
  struct Waiting {
    Multihash block;
    Repository::Part part;
    odf::DataSlice slice;  // of a checkpoint: only hash and size
    odf::SetVocab vocab;
  };

  Status Check();
  Status CheckGroup(std::span<const Waiting> group);
  Status CheckSlices(std::span<const Waiting> group);
  Status CheckCheckpoint(const Waiting& waiting);
  Status BringNear();
  void DropNear();
  Result<DataParts::File> Open(const Waiting& waiting);
  Result<DataParts::File> OpenAnywhere(const Waiting& waiting);

  const Context& context_;
  DataParts& parts_;
  objects::ObjectStore* const scratch_;
  const bool brings_near_;
  std::vector<Waiting> waiting_;
};

/// `error` of a block's data; an object that should be there and is not is damage too.
Error InBlock(const Multihash& block, const Error& error);

}  // namespace weir::datasets
