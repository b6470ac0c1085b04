// Goal: a head that is accepted has one reading. Method: what was read is written plainly and read
// again, as a request and as a response, and must say the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "net/http_head.h"

namespace {

using namespace weir::net;  // NOLINT: one program

constexpr std::size_t kMaxFields = 64;

std::string Write(const std::string& first_line, const Fields& fields) {
  std::string text = first_line + "\r\n";
  for (const Field& field : fields) {
    text.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  return text + "\r\n";
}

void CheckSame(const Fields& a, const Fields& b) {
  WEIR_CHECK(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    WEIR_CHECK(a[i].name == b[i].name && a[i].value == b[i].value);
  }
}

void CheckRequest(std::string_view text) {
  RequestHead head;
  if (ParseRequestHead(text, kMaxFields, head)) return;
  WEIR_CHECK(!(head.length.chunked && head.length.content_length));
  WEIR_CHECK(head.target.starts_with('/'));
  const std::string again = Write(std::string(head.method) + ' ' + std::string(head.target) +
                                      (head.minor_version == 1 ? " HTTP/1.1" : " HTTP/1.0"),
                                  head.fields);
  RequestHead second;
  WEIR_CHECK(!ParseRequestHead(again, kMaxFields, second));
  CheckSame(head.fields, second.fields);
  WEIR_CHECK(second.method == head.method && second.target == head.target);
  WEIR_CHECK(second.keep_alive == head.keep_alive);
  WEIR_CHECK(second.length.chunked == head.length.chunked);
  WEIR_CHECK(second.length.content_length == head.length.content_length);
}

void CheckResponse(std::string_view text) {
  ResponseHead head;
  if (ParseResponseHead(text, kMaxFields, head)) return;
  WEIR_CHECK(head.status >= 100 && head.status <= 999);
  const std::string again = Write(
      (head.minor_version == 1 ? "HTTP/1.1 " : "HTTP/1.0 ") + std::to_string(head.status) + " x",
      head.fields);
  ResponseHead second;
  WEIR_CHECK(!ParseResponseHead(again, kMaxFields, second));
  CheckSame(head.fields, second.fields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t end = 0;
  if (FindHeadEnd(text, end) || end == 0) return 0;
  CheckRequest(text.substr(0, end));
  CheckResponse(text.substr(0, end));
  return 0;
}
