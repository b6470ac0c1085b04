#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pipelines/revert/revert.h"
#include "pipelines/testing/ingest_home.h"

namespace weir::pipelines {

/// A root with its loads and reverts.
class RevertHome {
 public:
  /// `source` as of IngestHome.
  explicit RevertHome(std::string_view source);

  IngestHome& home() { return home_; }
  Result<IngestReport> Push(std::string content) { return home_.Push(std::move(content)); }
  Result<RevertReport> RevertTo(std::uint64_t block);
  Result<RevertReport> RevertOnly(std::uint64_t block);
  Result<RevertReport> Run(const RevertRequest& request);

  /// The number of the newest block.
  std::uint64_t head() { return home_.record().chain.sequence_number; }

  /// The rows of the state at a block, sorted, `values...` a line each; at the head, without one.
  std::string State(std::optional<std::uint64_t> block = {});

 private:
  IngestHome home_;
  TempDir scratch_;
  Reverter reverter_;
};

}  // namespace weir::pipelines
