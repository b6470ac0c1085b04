#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/client.h"

namespace weir::cli {

/// One request of a command, and how to send it.
struct Call {
  api::Method method = api::Method::kGet;
  std::string path;                                             ///< percent-encoded: see Escaped
  std::vector<std::pair<std::string, std::string>> query = {};  ///< without those that are empty
  std::optional<boost::json::value> body = {};
  api::Headers headers = {};
};

/// Headers of a request that may take as long as a server lets any take: one that is asked for no
/// time takes a minute for the most.
api::Headers LongWork();

/// `text` fit for one segment of a path.
std::string Escaped(std::string_view text);

/// Sends `call` and returns the JSON of the answer (null when it has none). A problem that comes
/// back is the Error: its message holds the sentence, and on lines of their own the places of what
/// is wrong and the request id.
Result<boost::json::value> CallJson(Client& client, const Context& context, Call call);

/// As CallJson, for an answer that is an object.
Result<boost::json::object> CallObject(Client& client, const Context& context, Call call);

/// As CallObject, with a body that is no JSON; its Content-Type is one of the call's headers.
Result<boost::json::object> SendContent(Client& client, const Context& context, Call call,
                                        std::unique_ptr<ByteSource> content);

/// Sends `call` and returns the answer as it comes when it is no problem.
Result<api::Response> CallRaw(Client& client, const Context& context, Call call);

/// What a body holds, whole.
Result<std::string> TextOf(api::Response& response);

}  // namespace weir::cli
