#pragma once

#include <array>
#include <ctime>
#include <string_view>

namespace weir::net {

/// The Date header's value (RFC 9110, IMF-fixdate), written anew once a second. One thread.
class HttpDate {
 public:
  std::string_view Now();  ///< valid until the next call

 private:
  std::time_t second_ = 0;
  std::array<char, 32> text_{};
  std::size_t size_ = 0;
};

}  // namespace weir::net
