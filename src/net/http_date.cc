#include "net/http_date.h"

namespace weir::net {

std::string_view HttpDate::Now() {
  if (const std::time_t now = std::time(nullptr); now != second_) {
    second_ = now;
    std::tm parts{};
    gmtime_r(&now, &parts);
    // The program never calls setlocale, so the names are the standard's.
    size_ = std::strftime(text_.data(), text_.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  }
  return {text_.data(), size_};
}

}  // namespace weir::net
