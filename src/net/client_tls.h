#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"

namespace weir::net {

/// Whom a client believes: the machine's certificate authorities, or those of one file. Checks the
/// chain, the dates and the host's name, always. Immutable.
class ClientTls {
 public:
  /// `authorities` is a PEM file; empty: the machine's. kInvalid when it holds no certificate.
  static Result<std::shared_ptr<const ClientTls>> Open(const std::filesystem::path& authorities);

  ~ClientTls();

  struct Impl;  ///< for sources of net/
  Impl& impl() const { return *impl_; }

 private:
  explicit ClientTls(std::unique_ptr<Impl> impl);
  const std::unique_ptr<Impl> impl_;
};

}  // namespace weir::net
