#include "datasets/dataset_name.h"

#include <algorithm>
#include <string_view>

namespace weir::datasets {
namespace {

bool IsNameLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

bool IsDatasetName(std::string_view name) {
  const auto is_end = [](char c) { return IsNameLetter(c) && c != '-' && c != '.'; };
  return !name.empty() && is_end(name.front()) && is_end(name.back()) &&
         std::all_of(name.begin(), name.end(), IsNameLetter);
}

constexpr resources::NameRule kRule{"[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?", 63,
                                    &IsDatasetName};

}  // namespace

const resources::NameRule& DatasetNameRule() { return kRule; }

}  // namespace weir::datasets
