#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/files.h"
#include "objects/object_store.h"

namespace weir::objects {

/// What an address does not say.
struct ObjectStoreOptions {
  Files* files = &PosixFiles();  ///< for file:// and paths

  /// Asked before each connection of http addresses, redirects among them, and for the endpoint of
  /// an s3 address when it is opened: an Error keeps it from the IP address. None: everywhere.
  std::function<Status(const std::string& ip)> may_connect = {};

  // S3. Without an access key the environment (AWS_*), the AWS profile and the machine's role are
  // asked, in this order.
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};
  // S3 and HTTP.
  /// Authorities whose certificates are trusted, PEM. Without it AWS_CA_BUNDLE, SSL_CERT_FILE, and
  /// the system's file.
  std::string certificate_authorities = {};
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(5);
  /// A transfer that moves no byte for this long is broken off, and tried again.
  std::chrono::milliseconds stall_timeout = std::chrono::seconds(30);
  int max_attempts = 5;  ///< of one request, with growing pauses between them
};

/// The store at `url` (objects/object_url.h). Nothing is asked of it yet, so a wrong bucket or
/// credential shows at the first request. The first s3:// address costs about 50 ms.
Result<std::unique_ptr<ObjectStore>> OpenObjectStore(std::string_view url,
                                                     const ObjectStoreOptions& options = {});

}  // namespace weir::objects
