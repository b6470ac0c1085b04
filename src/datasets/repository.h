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
#include "base/stream.h"
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
  /// What is kept under its hash.
  enum class Part { kBlock, kSlice, kCheckpoint };

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

  /// Any part, streamed; the content is not checked.
  Result<std::unique_ptr<ByteSource>> Get(const Context& context, Part part,
                                          const Multihash& hash) const;
  Result<std::unique_ptr<objects::ObjectWriter>> Create(const Context& context, Part part,
                                                        const Multihash& hash) const;
  /// Its length; nullopt when it is not there.
  Result<std::optional<std::uint64_t>> SizeOf(const Context& context, Part part,
                                              const Multihash& hash) const;

  Status PutBlock(const Context& context, const Multihash& hash, ByteView bytes) const;
  Status PutSlice(const Context& context, const Multihash& physical_hash, ByteView bytes) const;
  /// The file is the repository's afterwards.
  Status PutSliceFile(const Context& context, const Multihash& physical_hash, Files& files,
                      const Files::Path& path) const;
  /// After everything it leads to was put.
  Status SetHead(const Context& context, const Multihash& hash) const;

  /// info/alias: what the dataset is called where it comes from; empty when nothing says so.
  Result<std::string> Alias(const Context& context) const;
  Status SetAlias(const Context& context, std::string_view alias) const;

  /// "refs/head", "blocks/…", ... of everything there is.
  Status List(const Context& context, const objects::ObjectStore::Visit& visit) const;
  /// Of one part alone.
  Status List(const Context& context, Part part, const objects::ObjectStore::Visit& visit) const;

  /// "data/f1620…"
  static std::string NameOf(Part part, const Multihash& hash);
  /// Takes an object away; an absent one is fine.
  Status Delete(const Context& context, std::string_view name) const;

  std::string ToString() const { return store_->ToString() + "/" + prefix_; }

 private:
  std::string Key(Part part, const Multihash& hash) const;
  Status ListUnder(const Context& context, std::string_view folder,
                   const objects::ObjectStore::Visit& visit) const;

  objects::ObjectStore* store_;
  std::string prefix_;
};

}  // namespace weir::datasets
