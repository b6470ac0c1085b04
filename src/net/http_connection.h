#pragma once

#include <memory>
#include <string>

#include "net/http_connection_parts.h"
#include "net/response_writer.h"
#include "net/wire.h"

namespace weir::net {

/// One client's connection: reads a request, has it answered, writes the answer, and begins again.
/// Belongs to the I/O thread of its wire. Only for sources of net/.
class HttpConnection {
 public:
  HttpConnection(HttpConnectionParts parts, std::shared_ptr<Wire> wire, Peer peer)
      : parts_(parts), wire_(std::move(wire)), peer_(std::move(peer)) {}

  /// The whole life of the connection. `tls` adds TLS first; it may be null.
  Awaitable<void> Run(asio::ssl::context* tls);

  /// The server drains: an idle connection ends, a busy one after its answer.
  void Drain();
  void Close() { wire_->Close(true); }

 private:
  Awaitable<bool> Handshake(asio::ssl::context& context);
  Awaitable<bool> ReadHead();
  Awaitable<Written> Exchange();
  Awaitable<void> Refuse(Refusal refusal);
  bool MayContinue() const;

  const HttpConnectionParts parts_;
  const std::shared_ptr<Wire> wire_;
  Peer peer_;
  std::string head_text_;
  RequestHead head_;
  std::size_t requests_ = 0;
  bool is_idle_ = false;
  bool has_unread_input_ = false;  // which a plain close would answer with a reset
};

}  // namespace weir::net
