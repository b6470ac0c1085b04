#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace weir::net {

/// What one client may cost the server. Everything that waits for a client is listed here.
struct HttpLimits {
  using Milliseconds = std::chrono::milliseconds;

  // Sizes.
  std::size_t max_head_bytes = 16 << 10;        ///< request line and fields together
  std::size_t max_fields = 64;                  ///< header fields of one request
  std::uint64_t max_body_bytes = 1ULL << 30;    ///< of a request, as it comes over the wire
  std::size_t buffered_body_bytes = 256 << 10;  ///< kept ahead of the handler that reads them
  std::size_t max_message_bytes = 1 << 20;      ///< one WebSocket message

  // Times.
  Milliseconds handshake_timeout{10'000};  ///< TLS
  Milliseconds idle_timeout{60'000};       ///< between two requests
  Milliseconds head_timeout{10'000};       ///< from the first byte of a head to its last
  Milliseconds write_stall{30'000};        ///< the client takes not one byte
  Milliseconds heartbeat{15'000};          ///< of an event stream with nothing to say
  Milliseconds ping_interval{20'000};      ///< of an idle WebSocket; no answer in two closes it

  // Bodies, both ways: after `rate_grace`, on average at least `min_rate` bytes per second.
  Milliseconds rate_grace{10'000};
  std::uint64_t min_rate = 1'000;

  // Counts.
  std::size_t max_connections = 8'192;
  std::size_t max_connections_per_peer = 4'096;  ///< one IP address
  std::size_t max_requests_per_connection = 1'000'000;
};

}  // namespace weir::net
