// Goal: no bytes make the block reader crash, read outside the buffer or loop. Method: whatever is
// read is written and read again, and must be the same block.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "odf/codec.h"
#include "odf/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;  // NOLINT: one function
  const ByteView bytes(reinterpret_cast<const std::byte*>(data), size);
  const auto decoded = odf::DecodeBlock(bytes);
  if (!decoded) return 0;
  odf::ToJson(decoded->block);
  const auto again = odf::DecodeBlock(odf::EncodeBlock(decoded->block));
  WEIR_CHECK(again.has_value() && again->block == decoded->block);
  return 0;
}
