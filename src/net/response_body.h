#pragma once

#include <memory>

#include "net/client_connection.h"
#include "net/http_fields.h"

namespace weir::net {

/// Where a connection goes when it can be used again.
class ConnectionReturn {
 public:
  virtual ~ConnectionReturn() = default;
  virtual void GiveBack(const Endpoint& endpoint, std::unique_ptr<ClientConnection> connection) = 0;
};

struct ResponseBodyParts {
  std::unique_ptr<ClientConnection> connection;
  Context context;
  Endpoint endpoint;
  BodyLength length;
  bool keep_alive;
  std::shared_ptr<ConnectionReturn> home;
};

/// The body of a response, read from its connection. Read to the end it gives the connection back,
/// dropped earlier it closes it. Only for sources of net/.
std::unique_ptr<ByteSource> BodyOf(ResponseBodyParts parts);

}  // namespace weir::net
