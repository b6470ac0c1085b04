#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::cli {

enum class Tint { kNone, kStrong, kGood, kBad, kBusy, kFaint };

/// What is at the other end of stdout and stderr.
struct Terminal {
  bool out = false;        ///< stdout is a terminal
  bool err = false;        ///< stderr is a terminal
  bool out_color = false;  ///< and may be coloured: NO_COLOR is not set, TERM is not dumb
  bool err_color = false;
  std::size_t width = 100;  ///< columns; of no terminal: 100

  static Terminal OfThisProcess();
};

/// `text` in a colour, if `colored`.
std::string Tinted(std::string_view text, Tint tint, bool colored);

/// The colour of a status word such as "active" or "error".
Tint TintOfStatus(std::string_view status);

}  // namespace weir::cli
