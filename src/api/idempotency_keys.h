#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "api/route.h"
#include "base/clock.h"
#include "base/context.h"
#include "control/store.h"

namespace weir::api {

/// Makes a POST safe to repeat: a client that never saw the answer sends the request again with the
/// same `Idempotency-Key`, and gets the answer of the first time instead of a second effect.
///
/// Answers of success are kept for 24 hours in the control store, for each principal apart, beside
/// a keyed fingerprint of the request (the request itself is not kept: it may hold secrets). What
/// failed is forgotten, since a request that fails has changed nothing. Survives restarts: a
/// request that a crash cut off is run again once its time was over
/// (docs/formats/idempotency-keys.md).
///
/// Thread-safe. The store and the clock outlive it.
class IdempotencyKeys {
 public:
  IdempotencyKeys(control::Store& store, const Clock& clock, std::string signing_key);

  /// Runs `handle`, unless `key` was used before: 422 with another request, 409 while the first one
  /// runs, else the first answer with `Idempotency-Replayed: true`. `request` is all of the request
  /// that makes it another one.
  Outcome Run(const Context& context, std::string_view key, std::string_view request,
              const std::function<Outcome()>& handle) const;

 private:
  struct Begun;

  Result<Begun> Begin(const Context& context, std::string_view key,
                      const std::string& fingerprint) const;
  Status Keep(const Context& context, std::string_view key, const std::string& fingerprint,
              const Response& response) const;
  void Forget(const Context& context, std::string_view key, control::Revision begun) const;

  control::Store& store_;
  const Clock& clock_;
  const std::string signing_key_;
};

}  // namespace weir::api
