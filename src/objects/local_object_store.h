#pragma once

#include <string>

#include "base/files.h"
#include "objects/object_store.h"

namespace weir::objects {

/// Objects as files under a directory: the key is the relative path. Any program can read them; a
/// file whose name begins with a dot is no object.
///
/// How it is durable: a hidden temporary beside the object, sync, rename, sync of the directory. A
/// crash leaves at most hidden temporaries.
class LocalObjectStore final : public ObjectStore {
 public:
  /// The directory is made by the first object. `files` outlives this.
  LocalObjectStore(Files::Path root, Files& files) : root_(std::move(root)), files_(files) {}

  Result<std::unique_ptr<ObjectWriter>> Create(const Context& context, std::string_view key,
                                               IfExists if_exists) override;
  Result<std::unique_ptr<ByteSource>> Get(const Context& context, std::string_view key,
                                          ByteRange range = {}) override;
  Result<ObjectInfo> Stat(const Context& context, std::string_view key) override;
  Status List(const Context& context, std::string_view prefix, const Visit& visit) override;
  Status Delete(const Context& context, std::string_view key) override;
  Status RemoveLeftovers(const Context& context, Timestamp before) override;
  /// A file of the same file system is moved.
  Status PutFile(const Context& context, std::string_view key, Files& files,
                 const Files::Path& path) override;
  std::string ToString() const override { return root_.string(); }

 private:
  Status Walk(const Context& context, const std::string& directory, std::string_view prefix,
              const Visit& visit);
  Status RemoveLeftoversIn(const Context& context, const Files::Path& directory, Timestamp before);

  const Files::Path root_;
  Files& files_;
};

}  // namespace weir::objects
