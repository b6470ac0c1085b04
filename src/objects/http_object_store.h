#pragma once

#include <memory>
#include <string>

#include "objects/http_requester.h"
#include "objects/object_store.h"
#include "objects/object_url.h"

namespace weir::objects {

/// Objects that a web server shows below an address, to be read: the key is the relative path. Any
/// static server will do; one that knows no ranges is read from the beginning. A transfer that
/// breaks off goes on where it was. Writing, deleting and listing are kUnimplemented.
class HttpObjectStore final : public ObjectStore {
 public:
  HttpObjectStore(HttpLocation location, const ObjectStoreOptions& options)
      : base_(std::move(location.base)), requester_(std::make_shared<HttpRequester>(options)) {}

  Result<std::unique_ptr<ObjectWriter>> Create(const Context& context, std::string_view key,
                                               IfExists if_exists) override;
  Result<std::unique_ptr<ByteSource>> Get(const Context& context, std::string_view key,
                                          ByteRange range = {}) override;
  Result<ObjectInfo> Stat(const Context& context, std::string_view key) override;
  Status List(const Context& context, std::string_view prefix, const Visit& visit) override;
  Status Delete(const Context& context, std::string_view key) override;
  std::string ToString() const override { return base_.ToString(); }

 private:
  net::Url UrlOf(std::string_view key) const;
  Error ReadOnly() const;

  const net::Url base_;  ///< its path ends without a slash
  const std::shared_ptr<HttpRequester> requester_;
};

}  // namespace weir::objects
