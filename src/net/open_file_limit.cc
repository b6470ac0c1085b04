#include "net/open_file_limit.h"

#include <sys/resource.h>

#include <algorithm>

namespace weir::net {
namespace {

constexpr rlim_t kOtherFiles = 1'024;

}  // namespace

void RaiseOpenFileLimit(std::size_t connections) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min(limit.rlim_max, static_cast<rlim_t>(connections) + kOtherFiles);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace weir::net
