#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "base/stream.h"

namespace weir::objects {

struct ObjectInfo {
  std::string key;
  std::uint64_t size = 0;
  Timestamp modified;
};

/// Which bytes of an object; without a length, all from `offset` on. What lies beyond the end is
/// left out.
struct ByteRange {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length = {};
};

/// An object being written. Nobody sees it before Commit, and nothing is left of it if it is
/// destroyed without one. One thread at a time.
class ObjectWriter : public ByteSink {
 public:
  /// Makes the object visible, whole and durable; nothing may be written afterwards. If it fails,
  /// the object may or may not be there, but never in part.
  virtual Status Commit() = 0;
};

/// Keeps bytes under keys (objects/object_key.h), streamed both ways.
///
/// An object is written whole or not at all, and never changes under a reader. What the bytes mean,
/// and whether they are still the ones that were put, is known to those who put them: they keep a
/// hash. Errors: kNotFound for an absent object, kDenied, kExhausted (the disk is full), kInvalid
/// for a bad key, kUnavailable when the store does not answer (after the retries of the adapter).
/// Deadline and cancellation of the context are looked at between requests.
///
/// Thread-safe. Made by OpenObjectStore (objects/open_object_store.h); tests use LocalObjectStore
/// over base/testing/fake_files.h.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  /// Begins an object. With kFail an object that is there makes this or Commit fail with
  /// kAlreadyExists, and is then known to be whole and durable, whoever wrote it. That is a look
  /// before the leap: writers that race for one new key are kept
  /// apart by a lease or transaction of the control store, and not here.
  virtual Result<std::unique_ptr<ObjectWriter>> Create(const Context& context, std::string_view key,
                                                       IfExists if_exists) = 0;

  virtual Result<std::unique_ptr<ByteSource>> Get(const Context& context, std::string_view key,
                                                  ByteRange range = {}) = 0;

  virtual Result<ObjectInfo> Stat(const Context& context, std::string_view key) = 0;

  /// Calls `visit` with each object whose key begins with `prefix`, in no promised order; an error
  /// it returns ends the walk and is returned.
  using Visit = std::function<Status(const ObjectInfo&)>;
  virtual Status List(const Context& context, std::string_view prefix, const Visit& visit) = 0;

  /// An absent object is fine. After a power cut a deleted object may be there again.
  virtual Status Delete(const Context& context, std::string_view key) = 0;

  /// Removes what crashes left of objects that were being written, if it is older than `before`. It
  /// is nothing that anybody sees; a store that keeps no such thing does nothing.
  virtual Status RemoveLeftovers(const Context& /*context*/, Timestamp /*before*/) { return Ok(); }

  /// Puts the finished file `path` of `files` under `key`; what is there is replaced. Afterwards
  /// the file is the store's, which removes or moves it; if this fails the file may be there still.
  virtual Status PutFile(const Context& context, std::string_view key, Files& files,
                         const Files::Path& path);

  /// Where this store is, for messages; without credentials.
  virtual std::string ToString() const = 0;

  // Built on the above, the same for every store.

  Result<bool> Exists(const Context& context, std::string_view key);
  Status Put(const Context& context, std::string_view key, ByteView content,
             IfExists if_exists = IfExists::kReplace);
  Status Put(const Context& context, std::string_view key, ByteSource& content,
             IfExists if_exists = IfExists::kReplace);
  /// The whole object; kExhausted when it is more than `limit` bytes.
  Result<std::string> GetAll(const Context& context, std::string_view key, std::size_t limit);
};

}  // namespace weir::objects
