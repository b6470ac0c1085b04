#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/cached_files.h"
#include "engine/scan_source.h"
#include "odf/data_type.h"

namespace weir::datasets {

/// What a packed slice says of itself (docs/formats/packed-slices.md).
struct PackedRecord {
  std::uint64_t first_offset = 0;  ///< of the rows it has: all from here
  std::uint64_t last_offset = 0;   ///< to here
  std::uint64_t first_block = 0;   ///< number of the block of the first slice
  std::uint64_t last_block = 0;    ///< and of the last one
  Multihash head = {};             ///< of the last block: it stands for all that came before
  std::uint64_t slices = 0;
  bool only_appends = false;
  std::vector<std::string> columns = {};  ///< of the file, in their order
  CachedFile file = {};
};

std::string Encode(const std::vector<PackedRecord>& records);
/// kCorrupt for anything the above did not write.
Result<std::vector<PackedRecord>> DecodePackedRecords(std::string_view content);

/// The rows of a run of slices in one file of the cache. When another has taken its place, the file
/// goes with the last value that refers to it.
class PackedFile {
 public:
  PackedFile(Files& files, std::filesystem::path directory, PackedRecord record)
      : files_(files), directory_(std::move(directory)), record_(std::move(record)) {}
  ~PackedFile();
  PackedFile(const PackedFile&) = delete;
  PackedFile& operator=(const PackedFile&) = delete;

  const PackedRecord& record() const { return record_; }

  /// As a file of a relation with the columns of `schema`.
  static engine::ScanFile AsScanFile(const std::shared_ptr<const PackedFile>& self,
                                     const odf::DataSchema& schema);

  void Retire() { retired_ = true; }
  /// It could not be opened when somebody read it.
  bool is_lost() const { return lost_; }

 private:
  Files& files_;
  const std::filesystem::path directory_;
  const PackedRecord record_;
  std::atomic<bool> retired_ = false;
  mutable std::atomic<bool> lost_ = false;
};

/// Those of a dataset, by their offsets; no two have a row in common.
using PackedFiles = std::vector<std::shared_ptr<PackedFile>>;

}  // namespace weir::datasets
