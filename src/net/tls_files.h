#pragma once

#include <filesystem>

namespace weir::net {

/// A server's certificate and its private key, both PEM.
struct TlsFiles {
  std::filesystem::path certificate;  ///< the chain, leaf first
  std::filesystem::path private_key;
};

}  // namespace weir::net
