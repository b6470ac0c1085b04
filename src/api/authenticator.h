#pragma once

#include <string_view>

#include "api/request.h"
#include "base/context.h"
#include "base/digest.h"
#include "base/result.h"

namespace weir::api {

/// Finds out who is asking. Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  /// The principal behind `request`. kUnauthenticated when there is no credential, or a wrong one.
  virtual Result<Principal> Authenticate(const Request& request) const = 0;
};

/// Until users exist there is one principal, `owner`, and one credential, the token the server
/// writes to run/token. The home's socket and commands on the home itself are the owner without it.
///
/// The token comes as `Authorization: Bearer TOKEN`. GET and HEAD also take it as the password of
/// HTTP Basic, so that a browser can open the home page and ask for it; nothing that changes
/// anything does, because browsers attach Basic credentials to requests other sites make.
class TokenAuthenticator : public Authenticator {
 public:
  /// Keeps only a hash of `token`, which must not be empty.
  explicit TokenAuthenticator(std::string_view token);

  Result<Principal> Authenticate(const Request& request) const override;

 private:
  Digest token_hash_;
};

}  // namespace weir::api
