#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/index_rows.h"
#include "engine/engine.h"
#include "odf/data_type.h"
#include "odf/system_names.h"

namespace weir::datasets {

/// What a base says of itself (docs/formats/state.md).
struct StateRecord {
  Multihash head = {};                ///< the block whose state it is
  std::uint64_t sequence_number = 0;  ///< of that block
  std::vector<std::string> key = {};
  std::vector<std::string> columns = {};  ///< of its files, in their order
  std::vector<std::string> names = {};    ///< of the files
  std::vector<SliceRow> files = {};       ///< physical hash, size, rows and facts
};

/// The current rows of a dataset as of one block, one for each key, in files ordered by the key.
/// Where it lies is a cache: what is read back is checked against its hashes, and whatever is wrong
/// with it, it is made anew.
///
/// The files of a base that was retired go with the last value that refers to it.
class StateBase {
 public:
  /// Reads what is kept in `directory` and checks every file whole. kNotFound when there is none,
  /// kCorrupt when it is not what was written.
  static Result<std::shared_ptr<StateBase>> Load(const Context& context, Files& files,
                                                 const std::filesystem::path& directory);

  /// Writes `rows` (the columns of the history, ordered by the key) as the base in `directory`, in
  /// place of the one that was there. `record` lacks its files.
  static Result<std::shared_ptr<StateBase>> Write(const Context& context, Files& files,
                                                  const std::filesystem::path& directory,
                                                  engine::RowStream& rows, StateRecord record,
                                                  std::uint64_t rows_of_file);

  ~StateBase();
  StateBase(const StateBase&) = delete;
  StateBase& operator=(const StateBase&) = delete;

  const StateRecord& record() const { return record_; }
  std::uint64_t rows() const;

  /// Its files as those of a relation with the columns of `schema`.
  std::vector<engine::ScanFile> ScanFiles(const std::shared_ptr<const StateBase>& self,
                                          const odf::DataSchema& schema) const;

  /// Another base has taken its place.
  void Retire() { retired_ = true; }
  /// No process that comes later finds it.
  Status Forget();

 private:
  StateBase(Files& files, std::filesystem::path directory, StateRecord record)
      : files_(files), directory_(std::move(directory)), record_(std::move(record)) {}

  Files& files_;
  const std::filesystem::path directory_;
  const StateRecord record_;
  std::atomic<bool> retired_ = false;
};

}  // namespace weir::datasets
