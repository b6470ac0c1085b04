#include "wire/http/request_decoder.h"

#include <utility>

#include "wire/http/target.h"
#include "wire/http/unpacker.h"

namespace weir::http {
namespace {

api::Headers HeadersOf(const net::RequestHead& head) {
  api::Headers headers;
  for (const net::Field& field : head.fields) headers.Add(field.name, std::string(field.value));
  return headers;
}

api::Problem UnknownCoding(std::string_view coding) {
  api::Problem problem{
      .error = Unimplemented("the content coding \"{}\"", coding)
                   .WithHint("send the body as it is, or packed with gzip or zstd"),
      .status = 415};
  problem.headers.Set("Accept-Encoding", "gzip, zstd");
  return problem;
}

}  // namespace

std::variant<api::Request, api::Problem> Decode(net::HttpRequest& request,
                                                const HttpDoorOptions& options) {
  const net::RequestHead& head = request.head;
  const auto method = api::ParseMethod(head.method);
  if (!method) return api::Problem{.error = Unimplemented("the method {}", head.method)};
  Result<Target> target = ParseTarget(head.target);
  if (!target) return api::Problem{.error = target.error()};
  api::Request decoded{.method = *method,
                       .path = std::move(target->path),
                       .query = std::move(target->query),
                       .headers = HeadersOf(head),
                       .body = std::move(request.body),
                       .door = request.peer.is_unix ? api::Door::kSocket : api::Door::kNetwork,
                       .peer = request.peer.address};
  const auto encoding = decoded.headers.Get("Content-Encoding");
  if (!encoding || decoded.body == nullptr) return decoded;
  const auto coding = ParseCoding(*encoding);
  if (!coding) return UnknownCoding(*encoding);
  if (*coding != Coding::kIdentity) {
    decoded.body = Unpacked(std::move(decoded.body), *coding, options.max_inflation);
    decoded.headers.Remove("Content-Length");  // it spoke of the packed body
  }
  decoded.headers.Remove("Content-Encoding");
  return decoded;
}

}  // namespace weir::http
