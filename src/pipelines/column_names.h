#pragma once

#include <strings.h>

#include <string>

namespace weir::pipelines {

/// The engine takes names of columns that differ only in case for one.
inline bool SameColumnName(const std::string& left, const std::string& right) {
  return strcasecmp(left.c_str(), right.c_str()) == 0;
}

}  // namespace weir::pipelines
