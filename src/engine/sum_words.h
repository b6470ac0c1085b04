#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/exact_sum.h"

namespace weir::engine {

/// Words of exact sums, which live as long as it does. One thread at a time.
class SumWords {
 public:
  ExactSum::Allocate Allocator() { return {.make = Make, .where = this}; }

 private:
  static std::int64_t* Make(void* where, std::size_t count) {
    auto& pieces = static_cast<SumWords*>(where)->pieces_;
    pieces.push_back(std::make_unique<std::int64_t[]>(count));
    return pieces.back().get();
  }

  std::vector<std::unique_ptr<std::int64_t[]>> pieces_;
};

}  // namespace weir::engine
