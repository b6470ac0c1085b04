#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <optional>
#include <utility>

#include "net/edge.h"

namespace weir::net {

/// A connected socket, TCP or Unix, with or without TLS: one type, so that what is built on it is
/// compiled once. A model of Asio's AsyncReadStream and AsyncWriteStream. Only for sources of net/.
class EdgeStream {
 public:
  using executor_type = Executor;
  using lowest_layer_type = Socket;
  using Tls = asio::ssl::stream<Socket&>;

  explicit EdgeStream(Executor executor) : socket_(executor) {}

  executor_type get_executor() { return socket_.get_executor(); }
  lowest_layer_type& lowest_layer() { return socket_; }
  Socket& socket() { return socket_; }

  /// Adds TLS under whatever follows; the handshake is still to be made.
  Tls& AddTls(asio::ssl::context& context) { return tls_.emplace(socket_, context); }
  Tls* tls() { return tls_ ? &*tls_ : nullptr; }

  /// Ends everything under way at once. `reset` also throws away what was not sent yet.
  void Close(bool reset = false) {
    ErrorCodeOfAsio ignored;
    if (reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCodeOfAsio, std::size_t)>(
        [this](auto handler, const Buffers& into) {
          if (tls_) {
            tls_->async_read_some(into, std::move(handler));
          } else {
            socket_.async_read_some(into, std::move(handler));
          }
        },
        token, buffers);
  }

  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(ErrorCodeOfAsio, std::size_t)>(
        [this](auto handler, const Buffers& from) {
          if (tls_) {
            tls_->async_write_some(from, std::move(handler));
          } else {
            socket_.async_write_some(from, std::move(handler));
          }
        },
        token, buffers);
  }

 private:
  Socket socket_;
  std::optional<Tls> tls_;
};

}  // namespace weir::net
