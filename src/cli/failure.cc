#include "cli/failure.h"

namespace weir::cli {

std::string FailureText(const Error& error, const Terminal& terminal) {
  std::string text =
      Tinted(fmt::format("error ({}):", NameOf(error.code)), Tint::kBad, terminal.err_color);
  text += " " + error.message + "\n";
  if (!error.hint.empty()) {
    text += Tinted("  hint:", Tint::kStrong, terminal.err_color) + " " + error.hint + "\n";
  }
  return text;
}

}  // namespace weir::cli
