#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "base/stream.h"
#include "datasets/chain_store.h"

namespace weir::pipelines {

/// The bytes of a slice that has no name yet, for that is their hash: in memory while they may be
/// committed as a pending slice, in a file of `scratch` beyond that, which goes with this.
class StagedSlice final : public ByteSink {
 public:
  StagedSlice(Files& files, std::filesystem::path scratch)
      : files_(files), scratch_(std::move(scratch)) {}
  ~StagedSlice() override;

  Status Write(ByteView bytes) override;

  bool is_large() const { return file_ != nullptr; }

  /// What was written so far, to be read before it is settled.
  Result<std::shared_ptr<const ReadableFile>> Open() const;

  /// Ends the writing. The content if it is small, as a NewSlice wants it; otherwise it is durable
  /// in the repository of `dataset` when this returns. `physical_hash` is that of what was written.
  Result<std::optional<std::string>> Settle(const Context& context, datasets::ChainStore& chains,
                                            const odf::DatasetId& dataset,
                                            const Multihash& physical_hash);

 private:
  Status MoveToFile();

  Files& files_;
  const std::filesystem::path scratch_;
  std::string content_;
  std::filesystem::path path_;  ///< empty: in memory
  std::unique_ptr<WritableFile> file_;
};

}  // namespace weir::pipelines
