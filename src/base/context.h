#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace weir {

/// Who acts. What they may do is decided in `policy/`; this only names them.
struct Principal {
  std::string name;  ///< "owner", a user or a service account; empty when nobody is signed in
  bool operator==(const Principal&) const = default;
};

/// W3C Trace Context, version 00 (https://www.w3.org/TR/trace-context/).
struct TraceContext {
  std::array<std::uint8_t, 16> trace_id{};
  std::array<std::uint8_t, 8> parent_id{};
  bool sampled = false;

  /// "00-<32 hex>-<16 hex>-<2 hex>"; empty when there is no trace.
  std::string ToHeader() const;

  /// nullopt for anything malformed, as the standard asks: the trace then starts anew.
  static std::optional<TraceContext> Parse(std::string_view traceparent);
};

/// What travels with a piece of work: until when, whether still wanted, for whom, and under which
/// ids it is logged. Cheap to copy. Long work takes one as its first argument and asks Check()
/// between steps.
class Context {
 public:
  /// Work nobody waits for: no deadline, never cancelled, principal "system".
  static Context Background();

  Context WithDeadline(SteadyTime deadline) const;  ///< the earlier of this and the present one
  Context WithTimeout(std::chrono::nanoseconds timeout) const;
  Context WithPrincipal(Principal principal) const;
  Context WithCancel(std::stop_token token) const;
  Context WithRequestId(std::string request_id) const;
  Context WithTrace(TraceContext trace) const;

  const Principal& principal() const { return principal_; }
  const std::string& request_id() const { return request_id_; }
  const TraceContext& trace() const { return trace_; }
  const std::optional<SteadyTime>& deadline() const { return deadline_; }
  const std::stop_token& cancel_token() const { return cancel_; }

  /// kCancelled or kDeadline once the work is no longer wanted.
  Status Check() const;

  /// Time left, at most `cap`; never negative.
  std::chrono::nanoseconds Remaining(std::chrono::nanoseconds cap) const;

 private:
  Principal principal_;
  std::string request_id_;
  TraceContext trace_;
  std::optional<SteadyTime> deadline_;
  std::stop_token cancel_;
};

}  // namespace weir
