#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "base/context.h"
#include "base/guarded_by.h"
#include "base/result.h"

namespace weir::control {

/// The connections that views read through: opened when needed, kept for the next one, no more than
/// `most` at a time. Thread-safe. Views keep it alive, so they may outlast the backend.
template <typename Connection>
class ConnectionPool {
 public:
  using Opener = std::function<Result<std::unique_ptr<Connection>>()>;

  ConnectionPool(std::size_t most, Opener open) : most_(most), open_(std::move(open)) {}

  /// Waits for a free connection until the context's deadline; kExhausted when all stay in use.
  Result<std::unique_ptr<Connection>> Take(const Context& context) {
    ASSIGN_OR_RETURN(auto connection, TakeIdle(context));
    if (connection) return connection;
    auto opened = open_();
    if (!opened) Return(nullptr);
    return opened;
  }

  /// Null: the connection is not worth keeping.
  void Return(std::unique_ptr<Connection> connection) {
    {
      const std::lock_guard lock(mutex_);
      --in_use_;
      if (connection) idle_.push_back(std::move(connection));
    }
    returned_.notify_one();
  }

  /// Closes those not in use: the server they spoke to is gone.
  void CloseIdle() {
    std::vector<std::unique_ptr<Connection>> closing;
    const std::lock_guard lock(mutex_);
    closing.swap(idle_);
  }

 private:
  static constexpr std::chrono::seconds kLongestWait{10};

  // Null: there is room to open another one.
  Result<std::unique_ptr<Connection>> TakeIdle(const Context& context) {
    std::unique_lock lock(mutex_);
    const auto has_room = [&] { return in_use_ < most_; };
    const auto deadline = std::chrono::steady_clock::now() + context.Remaining(kLongestWait);
    if (!returned_.wait_until(lock, context.cancel_token(), deadline, has_room)) {
      RETURN_IF_ERROR(context.Check());
      return Exhausted("{} readers of the control store are open already", most_);
    }
    ++in_use_;
    std::unique_ptr<Connection> connection;
    if (!idle_.empty()) {
      connection = std::move(idle_.back());
      idle_.pop_back();
    }
    return connection;
  }

  const std::size_t most_;
  const Opener open_;
  std::mutex mutex_;
  std::condition_variable_any returned_;
  std::vector<std::unique_ptr<Connection>> idle_ WEIR_GUARDED_BY(mutex_);
  std::size_t in_use_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::control
