#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/stream.h"
#include "objects/http_requester.h"
#include "objects/object_store.h"

namespace weir::objects {

/// A part of what a web server has at an address. When the connection breaks it is asked again for
/// what is missing; it must then be the same version, by its length and entity tag.
class HttpSource final : public ByteSource {
 public:
  HttpSource(Context context, std::shared_ptr<HttpRequester> requester, net::Url url,
             ByteRange range)
      : context_(std::move(context)),
        requester_(std::move(requester)),
        url_(std::move(url)),
        range_(range) {}

  /// Sends the first request.
  Status Open();

  Result<std::size_t> Read(std::span<std::byte> buffer) override;
  std::optional<std::uint64_t> Size() const override { return size_; }

 private:
  Status Request();
  Status Accept(net::HttpClient::Response response, std::uint64_t from);
  Status Settle(const net::HttpClient::Response& response, std::optional<std::uint64_t> whole);
  Status Skip(std::uint64_t bytes);
  Result<std::size_t> ReadOnce(std::span<std::byte> buffer);

  const Context context_;
  const std::shared_ptr<HttpRequester> requester_;
  const net::Url url_;
  const ByteRange range_;
  std::unique_ptr<ByteSource> body_;
  bool known_ = false;                 // the first answer has come
  std::optional<std::uint64_t> size_;  // of what is read here
  std::string tag_;
  std::uint64_t given_ = 0;  // bytes of the range that were read
  int failed_ = 0;           // times since the last byte
};

}  // namespace weir::objects
