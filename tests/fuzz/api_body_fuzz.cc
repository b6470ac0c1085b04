// Goal: a body that is accepted has one reading, and no body takes the checks off their feet.
// Method: what was read is written and read again, and held against every shape of the API.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/components.h"
#include "api/schema_check.h"
#include "api/utf8.h"
#include "base/check.h"
#include "base/json_reader.h"

namespace {

using namespace weir;  // NOLINT: one program

constexpr std::size_t kMostViolations = 20;

const boost::json::object& Shapes() {
  static const boost::json::object shapes = api::Components();
  return shapes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto read = ParseJson(text);
  if (!read) return 0;
  const auto again = ParseJson(boost::json::serialize(*read));
  WEIR_CHECK(again && *again == *read);
  WEIR_CHECK(api::IsUtf8(text));
  for (const auto& [name, shape] : Shapes()) {
    const auto violations = api::Check(*read, shape.as_object(), Shapes());
    WEIR_CHECK(violations.size() <= kMostViolations);
    for (const api::Violation& violation : violations) WEIR_CHECK(!violation.message.empty());
  }
  return 0;
}
