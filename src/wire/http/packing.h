#pragma once

#include <optional>
#include <string_view>

#include "api/request.h"
#include "api/response.h"
#include "wire/http/content_coding.h"

namespace weir::http {

/// Packs answers for the clients that take them so, and keeps ETags true to it: a packed
/// representation is another one, so its tag is the handler's with "+gzip" or "+zstd" added, and
/// the same ending is taken off what the client sends back. Handlers see neither.
class Packing {
 public:
  /// Reads Accept-Encoding, and takes the endings off If-Match and If-None-Match.
  explicit Packing(api::Request& request);

  /// Packs the body of `response` when it is worth it; sets Content-Encoding, Vary and ETag.
  /// With `may_wait` false, large bodies are left for whoever reads them.
  void Apply(api::Response& response, std::size_t from_bytes, bool may_wait) const;

 private:
  Coding coding_ = Coding::kIdentity;
  std::optional<Coding> known_;  // of the tags the client sent
};

}  // namespace weir::http
