#include "base/exception_error.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "base/errno_error.h"
#include "base/testing/matchers.h"

namespace weir {
namespace {

template <typename Exception>
Result<int> Throwing(const Exception& exception) {
  return NoExceptions("try it", [&]() -> Result<int> { throw exception; });
}

TEST(NoExceptions, PassesOnValuesAndErrors) {
  EXPECT_EQ(NoExceptions("try it", []() -> Result<int> { return 7; }).value(), 7);
  EXPECT_EQ(CodeOf(NoExceptions("try it", []() -> Status { return NotFound("x"); })),
            ErrorCode::kNotFound);
}

TEST(NoExceptions, TurnsEachExceptionIntoTheErrorItMeans) {
  EXPECT_EQ(CodeOf(Throwing(std::bad_alloc())), ErrorCode::kExhausted);
  EXPECT_EQ(CodeOf(Throwing(std::invalid_argument("x"))), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Throwing(std::out_of_range("x"))), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Throwing(std::logic_error("x"))), ErrorCode::kInternal);
  EXPECT_EQ(CodeOf(Throwing(7)), ErrorCode::kInternal);
  const auto denied = std::make_error_code(std::errc::permission_denied);
  EXPECT_EQ(CodeOf(Throwing(std::filesystem::filesystem_error("x", denied))), ErrorCode::kDenied);
  EXPECT_EQ(Throwing(std::runtime_error("boom")).error().message, "try it: boom");
}

TEST(ErrnoError, SaysWhatTheCallerCanDo) {
  const std::vector<std::pair<int, ErrorCode>> table = {{ENOENT, ErrorCode::kNotFound},
                                                        {ENOTDIR, ErrorCode::kNotFound},
                                                        {EACCES, ErrorCode::kDenied},
                                                        {EPERM, ErrorCode::kDenied},
                                                        {EROFS, ErrorCode::kDenied},
                                                        {EEXIST, ErrorCode::kAlreadyExists},
                                                        {ENOTEMPTY, ErrorCode::kAlreadyExists},
                                                        {ENOSPC, ErrorCode::kExhausted},
                                                        {EDQUOT, ErrorCode::kExhausted},
                                                        {EMFILE, ErrorCode::kExhausted},
                                                        {ENAMETOOLONG, ErrorCode::kInvalid},
                                                        {EIO, ErrorCode::kUnavailable}};
  for (const auto& [number, code] : table) {
    EXPECT_EQ(ErrnoError(number, "open /x").code, code) << number;
  }
  EXPECT_EQ(ErrnoError(ENOENT, "open /x").message, "open /x: No such file or directory");
}

}  // namespace
}  // namespace weir
