// Goal: no bytes make an unpacked body crash, loop or grow without end. Method: the first byte
// chooses the coding; what unpacks whole is packed again and must come out the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/stream.h"
#include "wire/http/packer.h"
#include "wire/http/unpacker.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;  // NOLINT: one function
  if (size == 0) return 0;
  const auto coding = data[0] % 2 == 0 ? http::Coding::kGzip : http::Coding::kZstd;
  const std::string packed(reinterpret_cast<const char*>(data + 1), size - 1);
  constexpr std::size_t kLimit = 4 << 20;
  const auto text = ReadAll(*http::Unpacked(SourceOf(packed), coding, 100), kLimit);
  if (!text) return 0;
  const std::string again = http::Pack(*text, coding, http::Effort::kFast);
  // A limitless ratio: what the fuzzer finds may well be its own bomb.
  WEIR_CHECK(ReadAll(*http::Unpacked(SourceOf(again), coding, 1e9), kLimit).value() == *text);
  return 0;
}
