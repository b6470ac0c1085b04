#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "base/files.h"
#include "base/result.h"
#include "odf/dataset_id.h"
#include "pipelines/derive/working_states.h"

namespace weir::pipelines {

/// Working states in the cache of a home, a file for each derivative: what a process leaves to the
/// next (docs/formats/working-states.md). A file is written whole or not at all, and is not synced:
/// one that a power cut tore is known by its hash. Thread-safe.
class WorkingFiles {
 public:
  /// Of no directory: nothing is written, and nothing found.
  WorkingFiles(Files& files, std::filesystem::path directory)
      : files_(files), directory_(std::move(directory)) {}

  /// nullopt: there is none of at most `most_bytes`, or it is damaged, and then removed.
  std::optional<WorkingState> Read(const odf::DatasetId& id, std::size_t most_bytes);

  /// In place of the one that is there. What is too large to be kept is left out.
  Status Write(const odf::DatasetId& id, const WorkingState& state);

  void Remove(const odf::DatasetId& id);

 private:
  std::filesystem::path PathOf(const odf::DatasetId& id) const;

  Files& files_;
  const std::filesystem::path directory_;
};

}  // namespace weir::pipelines
