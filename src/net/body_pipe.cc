#include "net/body_pipe.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir::net {

bool BodyPipe::HasRoom() const {
  const std::lock_guard lock(mutex_);
  return !abandoned_ && bytes_.size() - start_ < capacity_;
}

bool BodyPipe::IsWanted() const {
  const std::lock_guard lock(mutex_);
  return wanted_;
}

void BodyPipe::Push(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (abandoned_) return;
  if (start_ > 0 && start_ == bytes_.size()) {
    bytes_.clear();
    start_ = 0;
  }
  bytes_.append(bytes);
  changed_.notify_one();
}

void BodyPipe::Finish() {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  changed_.notify_one();
}

void BodyPipe::Fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (!finished_ && !error_) error_ = std::move(error);
  changed_.notify_one();
}

Result<std::size_t> BodyPipe::Read(std::span<std::byte> buffer) {
  std::unique_lock lock(mutex_);
  if (bytes_.size() == start_ && !finished_ && !error_ && !std::exchange(wanted_, true)) {
    lock.unlock();
    wake_();
    lock.lock();
  }
  // The I/O thread has a deadline for the client, so this ends.
  changed_.wait(lock, [this] { return bytes_.size() > start_ || finished_ || error_; });
  const bool had_room = bytes_.size() - start_ < capacity_;
  const std::size_t count = std::min(buffer.size(), bytes_.size() - start_);
  if (count == 0 && error_) return *error_;
  std::memcpy(buffer.data(), bytes_.data() + start_, count);
  start_ += count;
  const bool has_room = bytes_.size() - start_ < capacity_;
  if (start_ >= capacity_) {
    bytes_.erase(0, start_);
    start_ = 0;
  }
  lock.unlock();
  if (!had_room && has_room) wake_();
  return count;
}

void BodyPipe::Abandon() {
  {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    bytes_.clear();
    start_ = 0;
  }
  wake_();
}

namespace {

class PipeReader final : public ByteSource {
 public:
  explicit PipeReader(std::shared_ptr<BodyPipe> pipe) : pipe_(std::move(pipe)) {}
  ~PipeReader() override { pipe_->Abandon(); }

  Result<std::size_t> Read(std::span<std::byte> buffer) override { return pipe_->Read(buffer); }
  std::optional<std::uint64_t> Size() const override { return pipe_->size(); }

 private:
  const std::shared_ptr<BodyPipe> pipe_;
};

}  // namespace

std::unique_ptr<ByteSource> ReaderOf(std::shared_ptr<BodyPipe> pipe) {
  return std::make_unique<PipeReader>(std::move(pipe));
}

}  // namespace weir::net
