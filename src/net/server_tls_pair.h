#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "net/server_tls.h"

namespace weir::net {

/// One certificate and key as they were read. Only for sources of net/.
struct ServerTls::Pair {
  boost::asio::ssl::context context{boost::asio::ssl::context::tls_server};
  std::string fingerprint;
};

}  // namespace weir::net
