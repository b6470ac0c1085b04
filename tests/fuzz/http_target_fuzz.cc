// Goal: a target, a URL and an address that are accepted survive being written and read again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "net/url.h"
#include "wire/http/content_coding.h"
#include "wire/http/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.starts_with('/')) {
    if (const auto target = weir::http::ParseTarget(text)) {
      WEIR_CHECK(target->path == weir::http::PathOf(text));
      for (const char c : target->path) WEIR_CHECK(c != '?');
    }
  }
  if (const auto url = weir::net::ParseUrl(text); url && !url->endpoint.address.is_unix()) {
    WEIR_CHECK(weir::net::ParseUrl(url->ToString()).value() == *url);
  }
  if (const auto address = weir::net::ParseAddress(text)) {
    WEIR_CHECK(weir::net::ParseAddress(address->ToString()).value() == *address);
  }
  weir::http::ChooseCoding(text);
  return 0;
}
