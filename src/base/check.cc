#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace weir {

void CheckFailed(const char* expression, const char* file, int line, std::string_view detail) {
  std::fprintf(stderr, "weir: broken invariant: %s at %s:%d%s%.*s\n", expression, file, line,
               detail.empty() ? "" : ": ", static_cast<int>(detail.size()), detail.data());
  std::fflush(stderr);
  std::abort();
}

}  // namespace weir
