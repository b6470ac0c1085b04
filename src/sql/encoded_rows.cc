#include "sql/encoded_rows.h"

#include <arrow/api.h>

#include <algorithm>
#include <cstring>

#include "base/exception_error.h"

namespace weir::sql {
namespace {

constexpr std::int64_t kRowsAtOnce = 4'096;

}  // namespace

Result<std::unique_ptr<EncodedRows>> EncodedRows::Make(std::unique_ptr<engine::RowStream> rows,
                                                       RowFormat format, std::string before,
                                                       std::string after) {
  std::unique_ptr<EncodedRows> made(new EncodedRows());
  ASSIGN_OR_RETURN(made->encoder_, MakeRowEncoder(format, rows->schema()));
  made->rows_ = std::move(rows);
  made->pending_ = std::move(before);
  made->after_ = std::move(after);
  RETURN_IF_ERROR(made->encoder_->Begin(made->pending_));
  return made;
}

Result<std::size_t> EncodedRows::Read(std::span<std::byte> buffer) {
  while (position_ == pending_.size() && !ended_) {
    pending_.clear();
    position_ = 0;
    RETURN_IF_ERROR(EncodeMore());
  }
  const std::size_t count = std::min(buffer.size(), pending_.size() - position_);
  std::memcpy(buffer.data(), pending_.data() + position_, count);
  position_ += count;
  return count;
}

Result<bool> EncodedRows::Prepare(std::size_t bytes) {
  while (!ended_ && pending_.size() < bytes) RETURN_IF_ERROR(EncodeMore());
  return ended_;
}

std::string EncodedRows::TakeAll() {
  pending_.erase(0, position_);
  position_ = 0;
  return std::exchange(pending_, {});
}

Status EncodedRows::EncodeMore() {
  return NoExceptions("encode rows", [&]() -> Status {
    if (!batch_) {
      ASSIGN_OR_RETURN(batch_, rows_->Next());
      next_row_ = 0;
    }
    if (!batch_) {
      ended_ = true;
      RETURN_IF_ERROR(encoder_->End(pending_));
      pending_ += after_;
      rows_.reset();
      return Ok();
    }
    const std::int64_t count = std::min(kRowsAtOnce, batch_->num_rows() - next_row_);
    RETURN_IF_ERROR(encoder_->Add(*batch_, next_row_, count, pending_));
    next_row_ += count;
    if (next_row_ >= batch_->num_rows()) batch_.reset();
    return Ok();
  });
}

}  // namespace weir::sql
