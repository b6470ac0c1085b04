#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/guarded_by.h"
#include "base/stream.h"

namespace weir::net {

/// A request body on its way from the I/O thread to the handler that reads it on a worker.
///
/// Bounded: the I/O thread stops reading the socket while the pipe is full, and so the client is
/// slowed down. The I/O thread calls everything but Read, a worker calls Read; thread-safe.
class BodyPipe {
 public:
  /// `wake` is called, from the worker, when the reader waits or has made room.
  BodyPipe(std::size_t capacity, std::optional<std::uint64_t> size, std::function<void()> wake)
      : capacity_(capacity), size_(size), wake_(std::move(wake)) {}

  // The I/O thread's side.
  bool HasRoom() const;   ///< false too once nobody reads any more
  bool IsWanted() const;  ///< the reader has had to wait
  /// Takes all of `bytes`, also when that is more than there was room for.
  void Push(std::string_view bytes);
  void Finish();           ///< the body has ended
  void Fail(Error error);  ///< the body will not come to its end

  // The worker's side.
  Result<std::size_t> Read(std::span<std::byte> buffer);
  void Abandon();  ///< nobody reads any more
  std::optional<std::uint64_t> size() const { return size_; }

 private:
  const std::size_t capacity_;
  const std::optional<std::uint64_t> size_;
  const std::function<void()> wake_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string bytes_ WEIR_GUARDED_BY(mutex_);
  std::size_t start_ WEIR_GUARDED_BY(mutex_) = 0;
  bool wanted_ WEIR_GUARDED_BY(mutex_) = false;
  bool abandoned_ WEIR_GUARDED_BY(mutex_) = false;
  bool finished_ WEIR_GUARDED_BY(mutex_) = false;
  std::optional<Error> error_ WEIR_GUARDED_BY(mutex_);
};

/// The reader's end of `pipe`; destroying it abandons the pipe.
std::unique_ptr<ByteSource> ReaderOf(std::shared_ptr<BodyPipe> pipe);

}  // namespace weir::net
