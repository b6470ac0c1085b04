// Times from manifests, flags and requests. What is accepted prints as a text of the same time.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/clock.h"
#include "base/uuid.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = weir::ParseTimestamp(text)) {
    WEIR_CHECK(weir::ParseTimestamp(weir::FormatTimestamp(*time)).value() == *time);
  }
  if (const auto uuid = weir::Uuid::Parse(text)) {
    WEIR_CHECK(weir::Uuid::Parse(uuid->ToString()).value() == *uuid);
  }
  return 0;
}
