#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/context.h"
#include "base/files.h"
#include "base/multihash.h"
#include "base/result.h"
#include "objects/object_store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// The files of one dataset in the layout that every tool of the format reads (spec section 3):
/// refs/head, blocks/, data/, checkpoints/, info/alias, below one prefix of an object store.
///
/// What is named by its hash is checked against it when it is read whole (kCorrupt otherwise).
/// Thread-safe; a value that borrows the store.
class Repository {
 public:
  /// Blocks beyond this size are refused, kExhausted: real ones have a few KiB.
  static constexpr std::size_t kMostBlockBytes = 64 << 20;

  Repository(objects::ObjectStore& store, std::string prefix)
      : store_(&store), prefix_(std::move(prefix)) {}

  /// The repository of a dataset in a store of many.
  static Repository Of(objects::ObjectStore& store, const odf::DatasetId& id) {
    return {store, id.ToMultibase() + "/"};
  }

  /// nullopt: there is no head, so whatever else lies there is no dataset.
  Result<std::optional<Multihash>> Head(const Context& context) const;
  Result<Bytes> Block(const Context& context, const Multihash& hash) const;
  /// For reading at any place; the content is not checked.
  Result<std::shared_ptr<const ReadableFile>> OpenSlice(const Context& context,
                                                        const Multihash& physical_hash) const;
  Result<std::shared_ptr<const ReadableFile>> OpenCheckpoint(const Context& context,
                                                             const Multihash& physical_hash) const;

  Status PutBlock(const Context& context, const Multihash& hash, ByteView bytes) const;
  Status PutSlice(const Context& context, const Multihash& physical_hash, ByteView bytes) const;
  Status PutSlice(const Context& context, const Multihash& physical_hash, ByteSource& bytes) const;
  /// After everything it leads to was put.
  Status SetHead(const Context& context, const Multihash& hash) const;

  /// "refs/head", "blocks/…", ... of everything there is.
  Status List(const Context& context, const objects::ObjectStore::Visit& visit) const;

  std::string ToString() const { return store_->ToString() + "/" + prefix_; }

 private:
  std::string Key(std::string_view folder, const Multihash& hash) const;

  objects::ObjectStore* store_;
  std::string prefix_;
};

}  // namespace weir::datasets
