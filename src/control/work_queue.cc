#include "control/work_queue.h"

#include <algorithm>
#include <utility>

namespace weir::control {

Result<Revision> WorkQueue::Submit(const Context& context,
                                   std::function<Status(BatchTransaction&)> body) {
  RETURN_IF_ERROR(context.Check());
  const auto deadline = std::chrono::steady_clock::now() + context.Remaining(options_.longest_wait);
  auto item = std::make_shared<Item>();
  item->body = std::move(body);
  std::unique_lock lock(mutex_);
  RETURN_IF_ERROR(WaitForRoom(lock, context, deadline));
  waiting_.push_back(item);
  if (waiting_.size() == 1) work_.notify_one();
  RETURN_IF_ERROR(WaitForOutcome(lock, context, deadline, item));
  return std::move(item->outcome);
}

Status WorkQueue::WaitForRoom(std::unique_lock<std::mutex>& lock, const Context& context,
                              SteadyTime deadline) {
  const auto has_room = [&] { return closed_ || waiting_.size() < options_.max_waiting; };
  if (!room_.wait_until(lock, context.cancel_token(), deadline, has_room)) {
    RETURN_IF_ERROR(context.Check());
    return Exhausted("{} transactions wait for the control store already", options_.max_waiting)
        .WithHint("Try again later");
  }
  if (closed_) return Unavailable("the control store is closed");
  return Ok();
}

Status WorkQueue::WaitForOutcome(std::unique_lock<std::mutex>& lock, const Context& context,
                                 SteadyTime deadline, const std::shared_ptr<Item>& item) {
  const auto is_done = [&] { return item->stage == Stage::kDone; };
  if (item->changed.wait_until(lock, context.cancel_token(), deadline, is_done)) return Ok();
  if (item->stage == Stage::kWaiting) {
    std::erase(waiting_, item);
    room_.notify_one();
    RETURN_IF_ERROR(context.Check());
    return Deadline("the control store did not come to the transaction in time");
  }
  item->changed.wait(lock, is_done);
  return Ok();
}

std::vector<Work*> WorkQueue::Take(std::size_t limit) {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
  std::vector<Work*> works;
  while (!waiting_.empty() && works.size() < limit) {
    waiting_.front()->stage = Stage::kTaken;
    works.push_back(waiting_.front().get());
    taken_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  room_.notify_all();
  return works;
}

void WorkQueue::Finish(std::size_t ran) {
  std::vector<std::shared_ptr<Item>> done;
  {
    const std::lock_guard lock(mutex_);
    for (; taken_.size() > ran; taken_.pop_back()) {
      taken_.back()->stage = Stage::kWaiting;
      waiting_.push_front(std::move(taken_.back()));
    }
    done.swap(taken_);
    for (const auto& item : done) item->stage = Stage::kDone;
  }
  for (const auto& item : done) item->changed.notify_all();
}

void WorkQueue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  work_.notify_all();
  room_.notify_all();
}

}  // namespace weir::control
