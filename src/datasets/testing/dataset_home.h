#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/testing/fake_files.h"
#include "base/testing/temp_dir.h"
#include "control/store.h"
#include "control/testing/faulty_disk.h"
#include "datasets/chain_store.h"
#include "objects/local_object_store.h"

namespace weir::datasets {

/// The chains of a home whose control store is a real one and whose objects are in memory, with
/// faults on demand.
class DatasetHome {
 public:
  /// `disk`, which outlives it, holds the control store; null: a directory does.
  explicit DatasetHome(control::FaultyDisk* disk = nullptr);

  ChainStore& chains() { return *chains_; }
  PackStore& packs() { return *packs_; }
  control::Store& store() { return *store_; }
  FakeFiles& files() { return files_; }
  objects::ObjectStore& objects() { return objects_; }
  Repository repository() { return chains().RepositoryOf(id()); }
  Context context() const { return Context::Background(); }

  /// As a process that died: the control store and the files are opened again.
  void Reopen();

  static odf::DatasetId id();
  static odf::DatasetId IdOf(std::uint8_t number);
  /// 2026-01-01T00:00:00Z and so many seconds.
  static Timestamp Second(int second);

  /// Seed, a push source and a schema, at Second(0).
  AppendRequest Beginning(const odf::DatasetId& dataset = id()) const;
  /// Makes the dataset, published.
  ChainRecord Begin(const odf::DatasetId& dataset = id());

  /// A block without rows on top of `record`, with that checkpoint, which is put in the repository.
  AppendRequest Checkpoint(const ChainRecord& record, const std::string& content, int second);

  /// A block of `rows` rows on top of `record`; the slice's content is any text, and told apart by
  /// `seed`.
  AppendRequest Rows(const ChainRecord& record, std::uint64_t rows, int second, int seed = 0) const;

 private:
  control::FaultyDisk* const disk_;
  TempDir directory_;
  FakeFiles files_;
  std::unique_ptr<control::Store> store_;
  objects::LocalObjectStore objects_;
  std::unique_ptr<PackStore> packs_;
  std::unique_ptr<ChainStore> chains_;
};

}  // namespace weir::datasets
