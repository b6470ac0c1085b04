#pragma once

#include <memory>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "net/tls_files.h"

namespace weir::net {

/// A server's certificate and key, ready for handshakes: TLS 1.2 with forward secrecy, or 1.3.
///
/// A reload serves the connections made after it; those open keep what they began with.
/// Thread-safe.
class ServerTls {
 public:
  /// kInvalid when the files hold no certificate and matching key; file errors as they come.
  static Result<std::unique_ptr<ServerTls>> Open(TlsFiles files);

  ~ServerTls();

  /// Reads both files again; on an error the old pair stays.
  Status Reload();

  /// Reload, when one of the files was written since they were last read. True when it was.
  Result<bool> ReloadIfChanged();

  /// SHA-256 of the leaf certificate, 64 hex digits.
  std::string fingerprint() const;

  struct Pair;  ///< for sources of net/
  std::shared_ptr<Pair> pair() const;

 private:
  explicit ServerTls(TlsFiles files);

  struct Impl;
  const std::unique_ptr<Impl> impl_;
};

/// Writes a new key (mode 0600) and a certificate for it, signed by itself, for `hosts` (names and
/// numbers), valid for ten years. Present files are replaced.
Status MakeSelfSignedPair(const TlsFiles& files, const std::vector<std::string>& hosts,
                          Files& disk);

}  // namespace weir::net
