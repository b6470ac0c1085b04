#pragma once

#include <boost/asio/ssl/context.hpp>

#include "net/client_tls.h"

namespace weir::net {

/// Only for sources of net/.
struct ClientTls::Impl {
  boost::asio::ssl::context context{boost::asio::ssl::context::tls_client};
};

}  // namespace weir::net
