// Goal: credentials, cursors and entity tags mean what they say or nothing. Method: the input is
// taken for each of them; what is accepted is written again, and only what we gave out opens.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "api/authenticator.h"
#include "api/cursor.h"
#include "api/etag.h"
#include "api/route_index.h"
#include "api/text_shape.h"
#include "api/utf8.h"
#include "base/check.h"

namespace {

using namespace weir::api;  // NOLINT: one program

constexpr std::string_view kToken = "a token that no fuzzer finds";

void CheckCredential(std::string_view text) {
  static const TokenAuthenticator authenticator(kToken);
  Request request;
  request.headers.Set("Authorization", std::string(text));
  WEIR_CHECK(!authenticator.Authenticate(request));
}

void CheckCursor(std::string_view text) {
  const CursorCodec cursors("key", "query");
  const auto position = cursors.Decode(text);
  WEIR_CHECK(!position || cursors.Encode(*position) == text);
  WEIR_CHECK(cursors.Decode(cursors.Encode(text)).value() == text);
}

void CheckEntityTags(std::string_view text) {
  const std::string tag = EntityTagOf(3, "content");
  const bool named = NamesEntityTag(text, tag);
  WEIR_CHECK(!named || text == "*" || text.find(tag) != text.npos);
  if (!kEntityTags.matches(text) || text == "*") return;
  const std::string more = std::string(text) + ", " + tag;
  WEIR_CHECK(kEntityTags.matches(more) && NamesEntityTag(more, tag) && NamesVersion(more, 3));
}

void CheckPath(std::string_view text) {
  const auto decoded = PercentDecode(text);
  WEIR_CHECK(!decoded || IsUtf8(*decoded));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckCredential(text);
  CheckCursor(text);
  CheckEntityTags(text);
  CheckPath(text);
  return 0;
}
