#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <vector>

#include "cli/call.h"
#include "cli/records.h"
#include "cli/targets.h"

namespace weir::cli {

/// Every record of a paged list, page after page.
struct Listed {
  std::vector<Record> items = {};
  std::int64_t revision = 0;  ///< of the first page: watch from here to miss nothing
};
Result<Listed> ListAll(Client& client, const Context& context, Call call);

/// One resource as it is, or as it was at `at` (a version or a time; empty: now).
Result<Record> GetOne(Client& client, const Context& context, const Target& target,
                      const std::string& at = {});

}  // namespace weir::cli
