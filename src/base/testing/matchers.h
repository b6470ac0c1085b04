#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <ostream>

#include "base/result.h"

namespace weir {

inline void PrintTo(ErrorCode code, std::ostream* out) { *out << NameOf(code); }

/// The code of a failure, nothing for a success: EXPECT_EQ(CodeOf(Read()), ErrorCode::kCorrupt).
template <typename T>
std::optional<ErrorCode> CodeOf(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error().code;
}

/// EXPECT_TRUE(IsOk(Write())) shows the error when there is one.
template <typename T>
testing::AssertionResult IsOk(const Result<T>& result) {
  if (result) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << NameOf(result.error().code) << ": " << result.error().message;
}

}  // namespace weir
