#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "control/backup/records.h"

namespace weir::backup {

/// Gathers records into chunks of 64 KiB to 1 MiB (or of one record, if that is larger), which end
/// where the caller says that an end is wanted.
class ChunkBuilder {
 public:
  using Store = std::function<Status(std::string_view content, std::uint64_t records)>;

  ChunkBuilder(ChunkKind kind, Store store) : header_(HeaderOf(kind)), store_(std::move(store)) {}

  template <typename Record>
  Status Add(const Record& record, bool ends_chunk) {
    if (records_ == 0) content_ = header_;
    AppendRecord(content_, record);
    ++records_;
    const bool is_full = content_.size() >= kLargest;
    return is_full || (ends_chunk && content_.size() >= kSmallest) ? Finish() : Ok();
  }

  /// Stores what was added since the last chunk.
  Status Finish() {
    if (records_ == 0) return Ok();
    return store_(content_, std::exchange(records_, 0));
  }

 private:
  static constexpr std::size_t kSmallest = 64 << 10;
  static constexpr std::size_t kLargest = 1 << 20;

  const std::string_view header_;
  const Store store_;
  std::string content_;
  std::uint64_t records_ = 0;
};

}  // namespace weir::backup
