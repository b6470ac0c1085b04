// Goal: any JSON is a manifest's event or an error, and an event survives its own JSON and bytes.
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "odf/codec.h"
#include "odf/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;  // NOLINT: one function
  boost::system::error_code failed;
  const auto json =
      boost::json::parse(std::string_view(reinterpret_cast<const char*>(data), size), failed);
  if (failed) return 0;
  const auto event = odf::MetadataEventFromJson(json);
  if (!event) return 0;
  WEIR_CHECK(odf::MetadataEventFromJson(odf::ToJson(*event)).value() == *event);
  const Bytes bytes = odf::EncodeBlock({.event = *event});
  WEIR_CHECK(odf::DecodeBlock(bytes).value().block.event == *event);
  return 0;
}
