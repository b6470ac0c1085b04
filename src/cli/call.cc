#include "cli/call.h"

#include <boost/json/serialize.hpp>

#include "base/json_reader.h"
#include "cli/problem_error.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 256;

// A list of a thousand resources is far below this; what is above it is no answer for a terminal.
constexpr std::size_t kAnswerLimit = 256 << 20;

api::Request RequestOf(Call call) {
  api::Request request{.method = call.method, .path = std::move(call.path)};
  for (auto& [name, value] : call.query) {
    if (!value.empty()) request.query.emplace_back(std::move(name), std::move(value));
  }
  request.headers = std::move(call.headers);
  if (!request.headers.Get("Accept")) request.headers.Set("Accept", "application/json");
  if (call.body) {
    request.headers.Set("Content-Type", "application/json");
    request.body = SourceOf(json::serialize(*call.body));
  }
  return request;
}

Result<json::value> ParseAnswer(const std::string& text) {
  if (text.empty()) return json::value(nullptr);
  auto value = ParseJson(text, kMaxDepth);
  if (!value) return Internal("the answer is {}", value.error().message);
  return value;
}

}  // namespace

api::Headers LongWork() { return {{"Request-Timeout", "600"}}; }

std::string Escaped(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kPlain.find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

Result<std::string> TextOf(api::Response& response) {
  if (auto* const text = std::get_if<std::string>(&response.body)) return std::move(*text);
  auto* const source = std::get_if<std::unique_ptr<ByteSource>>(&response.body);
  if (source == nullptr || *source == nullptr) return Internal("the answer is a stream of events");
  return ReadAll(**source, kAnswerLimit);
}

namespace {

Result<api::Response> Sent(Client& client, const Context& context, api::Request request) {
  ASSIGN_OR_RETURN(api::Response response, client.Send(context, std::move(request)));
  if (response.status < 400) return response;
  ASSIGN_OR_RETURN(const std::string text, TextOf(response));
  return ProblemError(response.status, text, client.Name());
}

Result<json::object> ObjectOf(const Client& client, api::Response response) {
  ASSIGN_OR_RETURN(const std::string text, TextOf(response));
  ASSIGN_OR_RETURN(json::value value, ParseAnswer(text));
  if (!value.is_object()) return Internal("{} answered something unexpected", client.Name());
  return std::move(value.get_object());
}

}  // namespace

Result<api::Response> CallRaw(Client& client, const Context& context, Call call) {
  return Sent(client, context, RequestOf(std::move(call)));
}

Result<json::value> CallJson(Client& client, const Context& context, Call call) {
  ASSIGN_OR_RETURN(api::Response response, CallRaw(client, context, std::move(call)));
  ASSIGN_OR_RETURN(const std::string text, TextOf(response));
  return ParseAnswer(text);
}

Result<json::object> CallObject(Client& client, const Context& context, Call call) {
  ASSIGN_OR_RETURN(api::Response response, CallRaw(client, context, std::move(call)));
  return ObjectOf(client, std::move(response));
}

Result<json::object> SendContent(Client& client, const Context& context, Call call,
                                 std::unique_ptr<ByteSource> content) {
  api::Request request = RequestOf(std::move(call));
  request.body = std::move(content);
  ASSIGN_OR_RETURN(api::Response response, Sent(client, context, std::move(request)));
  return ObjectOf(client, std::move(response));
}

}  // namespace weir::cli
