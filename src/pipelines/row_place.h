#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace weir::pipelines {

/// How messages call the n-th row of an input, counting from 1: `row 3`, as the program that wrote
/// the file counts. Null: by line or record.
using RowPlace = std::function<std::string(std::uint64_t)>;

}  // namespace weir::pipelines
