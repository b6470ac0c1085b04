#include "net/client_connection.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <sys/un.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/error.hpp>
#include <utility>

#include "net/client_tls_impl.h"
#include "net/resolve.h"

namespace weir::net {
namespace {

constexpr std::chrono::hours kPatience{24};

using GenericEndpoint = asio::generic::stream_protocol::endpoint;

bool IsEndOfStream(const ErrorCodeOfAsio& failed) {
  // Many servers close without a close_notify; lengths and chunks tell a body that was cut.
  return failed == asio::error::eof || failed == asio::ssl::error::stream_truncated;
}

}  // namespace

Status ClientConnection::Wait(const Context& context, std::chrono::nanoseconds longest,
                              const std::function<bool()>& done) {
  const auto until = std::chrono::steady_clock::now() + context.Remaining(longest);
  context_.restart();
  const std::stop_callback on_cancel(context.cancel_token(), [this] { context_.stop(); });
  while (!done()) {
    if (context_.run_one_until(until) > 0) continue;
    RETURN_IF_ERROR(context.Check());
    return Deadline("no answer within {} ms",
                    std::chrono::duration_cast<std::chrono::milliseconds>(longest).count());
  }
  return Ok();
}

void ClientConnection::RunToEnd() {
  context_.restart();
  context_.run();
}

Result<std::size_t> ClientConnection::Run(const Context& context, std::chrono::nanoseconds longest,
                                          std::string_view attempted,
                                          const std::function<void(Handler)>& start) {
  RETURN_IF_ERROR(context.Check());
  std::optional<std::pair<ErrorCodeOfAsio, std::size_t>> outcome;
  start([&](ErrorCodeOfAsio failed, std::size_t count) { outcome.emplace(failed, count); });
  Status waited = Wait(context, longest, [&] { return outcome.has_value(); });
  if (!waited) {
    stream_.Close();
    RunToEnd();  // the handler hears of the close before its place is gone
    Error error = std::move(waited).error();
    error.message = fmt::format("{}: {}", attempted, error.message);
    return error;
  }
  const auto& [failed, count] = *outcome;
  if (!failed) return count;
  if (IsEndOfStream(failed)) return std::size_t{0};
  stream_.Close();
  return Unavailable("{}: {}", attempted, failed.message());
}

Status ClientConnection::Connect(const Context& context, const Endpoint& endpoint,
                                 const HttpClientOptions& options) {
  if (endpoint.address.is_unix()) return ConnectUnix(context, endpoint.address);
  if (endpoint.has_tls && options.tls == nullptr) {
    return Invalid("connect to {}: this client has no TLS", endpoint.Host());
  }
  RETURN_IF_ERROR(ConnectTcp(context, endpoint, options));
  if (!endpoint.has_tls) return Ok();
  return HandshakeTls(context, endpoint, options);
}

Status ClientConnection::ConnectUnix(const Context& context, const Address& address) {
  const std::string attempted = "connect to " + address.ToString();
  if (address.socket_path.size() >= sizeof(sockaddr_un::sun_path)) {
    return Invalid("{}: the path is too long", attempted);
  }
  const asio::local::stream_protocol::endpoint name(address.socket_path);
  ASSIGN_OR_RETURN([[maybe_unused]] const std::size_t count,
                   Run(context, stall_timeout_, attempted, [&](Handler handler) {
                     stream_.socket().async_connect(
                         GenericEndpoint(name),
                         [handler](ErrorCodeOfAsio failed) { handler(failed, 0); });
                   }));
  return Ok();
}

Status ClientConnection::ConnectTcp(const Context& context, const Endpoint& endpoint,
                                    const HttpClientOptions& options) {
  const std::string attempted = "connect to " + endpoint.address.ToString();
  ASSIGN_OR_RETURN(const auto addresses, Resolve(context, endpoint.address));
  Status last = Unavailable("{}: the host has no address", attempted);
  for (const SocketAddress& address : addresses) {
    if (options.may_connect) {
      last = options.may_connect(address.Number());
      if (!last) continue;
    }
    const GenericEndpoint name(&address.any, address.size);
    const Result<std::size_t> connected =
        Run(context, options.connect_timeout, attempted, [&](Handler handler) {
          stream_.socket().async_connect(name,
                                         [handler](ErrorCodeOfAsio failed) { handler(failed, 0); });
        });
    if (connected) return Ok();
    last = connected.error();
    RETURN_IF_ERROR(context.Check());
  }
  return last;
}

Status ClientConnection::HandshakeTls(const Context& context, const Endpoint& endpoint,
                                      const HttpClientOptions& options) {
  EdgeStream::Tls& tls = stream_.AddTls(options.tls->impl().context);
  SSL* ssl = tls.native_handle();
  const std::string& host = endpoint.address.host;
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) != 1) {
    SSL_set1_host(ssl, host.c_str());
    SSL_set_tlsext_host_name(ssl, host.c_str());
  }
  ERR_clear_error();
  const std::string attempted = "TLS with " + endpoint.Host();
  const Result<std::size_t> done =
      Run(context, options.connect_timeout, attempted, [&](Handler handler) {
        tls.async_handshake(asio::ssl::stream_base::client,
                            [handler](ErrorCodeOfAsio failed) { handler(failed, 0); });
      });
  if (const long verdict = SSL_get_verify_result(ssl); verdict != X509_V_OK) {
    stream_.Close();
    return Invalid("{}: its certificate is not to be believed: {}", attempted,
                   X509_verify_cert_error_string(verdict))
        .WithHint("name the file of its authority, or ask for the right host");
  }
  if (!done) return done.error();
  if (SSL_is_init_finished(ssl) == 0) return Unavailable("{}: the server broke off", attempted);
  return Ok();
}

Status ClientConnection::Write(const Context& context, std::string_view bytes) {
  while (!bytes.empty()) {
    ASSIGN_OR_RETURN(const std::size_t count,
                     Run(context, stall_timeout_, "send a request", [&](Handler handler) {
                       stream_.async_write_some(asio::buffer(bytes), std::move(handler));
                     }));
    if (count == 0) return Unavailable("send a request: the server has closed");
    bytes.remove_prefix(count);
  }
  return Ok();
}

Result<bool> ClientConnection::Fill(const Context& context, std::size_t most) {
  const std::span<char> room = input_.Prepare(most);
  ASSIGN_OR_RETURN(const std::size_t count,
                   Run(context, stall_timeout_, "read a response", [&](Handler handler) {
                     stream_.async_read_some(asio::buffer(room.data(), room.size()),
                                             std::move(handler));
                   }));
  input_.Commit(count);
  return count > 0;
}

Result<bool> ClientConnection::FillPatiently(const Context& context) {
  if (!std::exchange(reading_, true)) {
    read_.reset();
    const std::span<char> room = input_.Prepare(kReadBytes);
    stream_.async_read_some(
        asio::buffer(room.data(), room.size()),
        [this](ErrorCodeOfAsio failed, std::size_t count) { read_.emplace(failed, count); });
  }
  RETURN_IF_ERROR(Wait(context, kPatience, [this] { return read_.has_value(); }));
  reading_ = false;
  const auto& [failed, count] = *read_;
  input_.Commit(count);
  if (!failed || IsEndOfStream(failed)) return count > 0;
  return Unavailable("read from the server: {}", failed.message());
}

bool ClientConnection::IsReusable() {
  if (!stream_.socket().is_open() || !input_.empty()) return false;
  char byte = 0;
  // Anything to read now is the end, or an answer that nobody asked for.
  return recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         errno == EAGAIN;
}

}  // namespace weir::net
