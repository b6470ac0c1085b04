#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace weir::cli {
namespace {

// https://no-color.org: set and not empty, whatever it says.
bool ColorIsWelcome() {
  const char* const no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* const term = std::getenv("TERM");
  return term != nullptr && std::string_view(term) != "dumb";
}

std::string_view CodeOf(Tint tint) {
  switch (tint) {
    case Tint::kNone:
      return "";
    case Tint::kStrong:
      return "1";
    case Tint::kGood:
      return "32";
    case Tint::kBad:
      return "31";
    case Tint::kBusy:
      return "33";
    case Tint::kFaint:
      return "2";
  }
  return "";
}

}  // namespace

Terminal Terminal::OfThisProcess() {
  Terminal terminal;
  terminal.out = ::isatty(STDOUT_FILENO) == 1;
  terminal.err = ::isatty(STDERR_FILENO) == 1;
  const bool color = ColorIsWelcome();
  terminal.out_color = terminal.out && color;
  terminal.err_color = terminal.err && color;
  winsize size{};
  const int screen = terminal.out ? STDOUT_FILENO : STDERR_FILENO;
  if (::ioctl(screen, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    terminal.width = std::clamp<std::size_t>(size.ws_col, 40, 120);
  }
  return terminal;
}

std::string Tinted(std::string_view text, Tint tint, bool colored) {
  if (!colored || tint == Tint::kNone) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", CodeOf(tint), text);
}

Tint TintOfStatus(std::string_view status) {
  if (status == "active" || status == "ok" || status == "created" || status == "applies") {
    return Tint::kGood;
  }
  if (status == "error" || status == "deleted" || status == "refused") return Tint::kBad;
  if (status == "pending" || status == "configured" || status == "warning") return Tint::kBusy;
  if (status == "unchanged") return Tint::kFaint;
  return Tint::kNone;
}

}  // namespace weir::cli
