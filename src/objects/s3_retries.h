#pragma once

#include <arrow/filesystem/s3fs.h>

#include <algorithm>
#include <cstdint>

namespace weir::objects {

/// Which S3 requests are tried again: those the server or the network failed, with pauses of 100
/// ms, 200 ms and so on up to 5 s.
class S3Retries final : public arrow::fs::S3RetryStrategy {
 public:
  explicit S3Retries(int max_attempts) : max_attempts_(max_attempts) {}

  bool ShouldRetry(const AWSErrorDetail& error, std::int64_t attempted) override {
    return error.should_retry && attempted + 1 < max_attempts_;
  }

  std::int64_t CalculateDelayBeforeNextRetry(const AWSErrorDetail& /*error*/,
                                             std::int64_t attempted) override {
    constexpr std::int64_t kFirstMs = 100;
    constexpr std::int64_t kLongestMs = 5000;
    return std::min(kLongestMs, kFirstMs << std::min<std::int64_t>(attempted, 10));
  }

 private:
  const int max_attempts_;
};

}  // namespace weir::objects
