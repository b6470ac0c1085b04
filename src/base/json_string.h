#pragma once

#include <string>
#include <string_view>

namespace weir {

/// Appends `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD, so
/// that the output always is.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace weir
