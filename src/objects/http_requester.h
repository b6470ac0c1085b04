#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/context.h"
#include "base/guarded_by.h"
#include "base/result.h"
#include "net/http_client.h"
#include "objects/open_object_store.h"

namespace weir::objects {

/// Asks web servers, patiently: follows a few redirects, and tries again what the network or the
/// server failed, with growing pauses. Each address it connects to, redirected or not, must be one
/// that the options allow; one that is redirected to is sent no field that may hold a secret.
/// Thread-safe.
class HttpRequester {
 public:
  explicit HttpRequester(const ObjectStoreOptions& options);

  struct Request {
    std::string method = "GET";
    net::Url url = {};
    net::HttpClient::Fields fields = {};
  };

  /// The head of an answer that is a success, 304, 416 or 405; its body follows as it is read.
  /// Errors: kNotFound, kDenied; kUnavailable when the last attempt failed as the ones before;
  /// kInvalid for any other answer.
  Result<net::HttpClient::Response> Send(const Context& context, const Request& request);

  /// Waits before attempt number `attempted` + 1; false when that was the last.
  bool WaitToTryAgain(const Context& context, int attempted) const;

 private:
  Result<net::HttpClient::Response> SendOnce(const Context& context, const Request& request);
  Result<net::HttpClient*> ClientFor(const net::Url& url);

  const ObjectStoreOptions options_;
  std::mutex mutex_;
  std::unique_ptr<net::HttpClient> plain_ WEIR_GUARDED_BY(mutex_);
  std::unique_ptr<net::HttpClient> tls_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::objects
