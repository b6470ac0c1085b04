#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/testing/temp_dir.h"
#include "net/tls_files.h"
#include "objects/open_object_store.h"

namespace weir::objects {

/// A real S3 server (moto) on a free loopback port, gone with this object. It starts in about a
/// second, so a suite shares one and gives each test a bucket. Stops the process when it does not
/// come up.
class S3Server {
 public:
  /// With a certificate and key it speaks TLS.
  explicit S3Server(const std::optional<net::TlsFiles>& tls = std::nullopt);
  ~S3Server();
  S3Server(const S3Server&) = delete;
  S3Server& operator=(const S3Server&) = delete;

  const std::string& endpoint() const { return endpoint_; }  ///< http://127.0.0.1:PORT, or https

  /// Without TLS.
  void CreateBucket(std::string_view bucket);

  /// s3://bucket/prefix?endpoint=...
  std::string Url(std::string_view bucket_and_prefix) const;

  /// Any credentials do; these are not asked for in the environment.
  static ObjectStoreOptions Options();

 private:
  TempDir directory_;  // of its log
  pid_t process_ = -1;
  std::string endpoint_;
};

}  // namespace weir::objects
