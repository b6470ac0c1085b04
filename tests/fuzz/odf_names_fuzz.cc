// Goal: any text is a reference or an error, and a reference reads back from what it is written as.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "odf/names.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;  // NOLINT: one function
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto ref = odf::ParseDatasetRef(text)) {
    WEIR_CHECK(odf::ParseDatasetRef(odf::ToString(*ref)).value() == *ref);
  }
  if (const auto remote = odf::ParseRemoteRef(text)) {
    WEIR_CHECK(odf::ParseRemoteRef(odf::ToString(*remote)).value() == *remote);
  }
  odf::MatchesPattern(text.substr(0, size / 2), text.substr(size / 2));
  return 0;
}
