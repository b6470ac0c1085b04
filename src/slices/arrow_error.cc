#include "slices/arrow_error.h"

#include <algorithm>
#include <string>

namespace weir::slices {
namespace {

// What Arrow says, in a line.
std::string WordsOf(const arrow::Status& status) {
  std::string words = status.message();
  std::ranges::replace(words, '\n', ' ');
  while (words.ends_with(' ')) words.pop_back();
  return words;
}

}  // namespace

Error ErrorOf(const arrow::Status& status, std::string_view attempt) {
  if (status.IsOutOfMemory() || status.IsCapacityError()) {
    return Exhausted("{}: {}", attempt, WordsOf(status));
  }
  if (status.IsNotImplemented()) return Unimplemented("{}: {}", attempt, WordsOf(status));
  return Corrupt("{}: {}", attempt, WordsOf(status));
}

}  // namespace weir::slices
