#include "pipelines/contracts/set_aside.h"

namespace weir::pipelines {

Status SetAsideRows::Add(SetAsideRow row) {
  bytes_ += row.record.size() + row.reason.size() + sizeof(SetAsideRow);
  if (rows_.size() >= kMostRows || bytes_ > kMostBytes) {
    return Exhausted(
               "more than {} rows ({} MiB) of one batch fail its checks: too many to put in "
               "quarantine, so the batch is refused",
               rows_.size(), bytes_ >> 20)
        .WithHint("see whether the checks fit the data, or send it in smaller parts");
  }
  rows_.push_back(std::move(row));
  return Ok();
}

void SetAsideRows::Clear() {
  rows_.clear();
  bytes_ = 0;
}

}  // namespace weir::pipelines
