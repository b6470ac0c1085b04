#include "slices/arrow_error.h"

namespace weir::slices {

Error ErrorOf(const arrow::Status& status, std::string_view attempt) {
  if (status.IsOutOfMemory() || status.IsCapacityError()) {
    return Exhausted("{}: {}", attempt, status.message());
  }
  if (status.IsNotImplemented()) return Unimplemented("{}: {}", attempt, status.message());
  return Corrupt("{}: {}", attempt, status.message());
}

}  // namespace weir::slices
