#include "base/worker_pool.h"

#include <pthread.h>

#include <exception>
#include <utility>

#include "base/check.h"

namespace weir {
namespace {

// The pool whose task this thread is running.
thread_local const WorkerPool* current_pool = nullptr;

void NameThisThread(const std::string& name) {
  constexpr std::size_t kLongest = 15;  // Linux's limit
  pthread_setname_np(pthread_self(), name.substr(0, kLongest).c_str());
}

}  // namespace

WorkerPool::WorkerPool(Options options, Logger& log) : options_(std::move(options)), log_(log) {
  WEIR_CHECK(options_.threads > 0);
  WEIR_CHECK(options_.queue > 0);
  threads_.reserve(options_.threads);
  for (std::size_t i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Work(); });
}

WorkerPool::~WorkerPool() { Stop(StopMode::kDrop); }

Status WorkerPool::Submit(const Context& context, Task task, WhenFull when_full) {
  RETURN_IF_ERROR(context.Check());
  std::unique_lock lock(mutex_);
  const auto has_room = [this] { return stopping_ || queue_.size() < options_.queue; };
  if (!has_room()) {
    if (when_full == WhenFull::kRefuse || current_pool == this) {
      return Exhausted("{} tasks wait for {} {} threads already", queue_.size(), options_.threads,
                       options_.name);
    }
    const std::stop_token& cancel = context.cancel_token();
    ++wanting_room_;
    if (context.deadline()) {
      room_came_.wait_until(lock, cancel, *context.deadline(), has_room);
    } else {
      room_came_.wait(lock, cancel, has_room);
    }
    --wanting_room_;
    if (!has_room()) {
      RETURN_IF_ERROR(context.Check());
      return Deadline("no room among the {} threads in time", options_.name);
    }
  }
  if (stopping_) return Unavailable("the {} threads are stopping", options_.name);
  queue_.push_back(std::move(task));
  const bool wake = MayWake();
  lock.unlock();
  if (wake) work_came_.notify_one();
  return Ok();
}

// One thread is woken at a time, and wakes the next when it finds more to do than it can take:
// otherwise many small tasks would spend more on waking threads than on themselves.
bool WorkerPool::MayWake() {
  if (queue_.empty() || idle_ == 0 || waking_) return false;
  waking_ = true;
  return true;
}

void WorkerPool::WaitForWork(std::unique_lock<std::mutex>& lock) {
  while (!stopping_ && queue_.empty()) {
    ++idle_;
    work_came_.wait(lock);
    --idle_;
    waking_ = false;
  }
}

void WorkerPool::Work() {
  NameThisThread(options_.name);
  current_pool = this;
  for (;;) {
    Task task;
    bool wake = false;
    bool is_awaited = false;
    {
      std::unique_lock lock(mutex_);
      WaitForWork(lock);
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
      ++running_;
      wake = MayWake();
      is_awaited = wanting_room_ > 0;
    }
    if (wake) work_came_.notify_one();
    if (is_awaited) room_came_.notify_one();
    RunOne(std::move(task));
    const std::lock_guard lock(mutex_);
    --running_;
  }
}

void WorkerPool::RunOne(Task task) {
  try {
    task();
  } catch (const std::exception& exception) {
    log_.Error("task_failed", {{"pool", options_.name}, {"error", exception.what()}});
  } catch (...) {
    log_.Error("task_failed", {{"pool", options_.name}, {"error", "an unknown exception"}});
  }
}

void WorkerPool::Stop(StopMode mode) {
  WEIR_CHECK(current_pool != this);
  std::deque<Task> dropped;  // destroyed without the lock: a task may own anything
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (mode == StopMode::kDrop) dropped.swap(queue_);
  }
  work_came_.notify_all();
  room_came_.notify_all();
  dropped.clear();
  const std::lock_guard lock(stop_mutex_);
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::size_t WorkerPool::queued() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

std::size_t WorkerPool::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

}  // namespace weir
