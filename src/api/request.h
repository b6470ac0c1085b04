#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/headers.h"
#include "base/context.h"
#include "base/stream.h"

namespace weir::api {

/// The last three are known only to be refused.
enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kTrace, kConnect, kQuery };

std::string_view NameOf(Method method);
std::optional<Method> ParseMethod(std::string_view name);

/// How a request came in; it decides what it may do without a credential.
enum class Door {
  kNetwork,    ///< a TCP connection: the bearer token is needed
  kSocket,     ///< the home's socket, whose file mode has let the caller in: the owner
  kInProcess,  ///< a command on the home itself: the owner
};

/// A request as a value. The door that made it has checked its syntax and limits; who is asking is
/// found out by the router.
struct Request {
  Method method = Method::kGet;
  std::string path = {};  ///< percent-encoded, without the query: /api/resources/secret
  std::vector<std::pair<std::string, std::string>> query = {};  ///< decoded, in order
  Headers headers = {};
  std::unique_ptr<ByteSource> body = {};  ///< null: none
  Door door = Door::kNetwork;
  std::string peer = {};  ///< address of the other side, for the log

  std::optional<std::string_view> Query(std::string_view name) const;
};

}  // namespace weir::api
