#include "control/committer.h"

#include <chrono>
#include <utility>

#include "control/limits.h"
#include "control/outbox.h"

namespace weir::control {
namespace {

constexpr std::size_t kMaxBatchBytes = kMaxTransactionBytes;
constexpr std::chrono::seconds kTrimEvery{60};
constexpr std::size_t kTrimAtOnce = 64;

// A body is somebody else's code, and the writer thread everybody's.
Status RunBody(const Work& work, BatchTransaction& transaction) {
  try {
    return work.body(transaction);
  } catch (...) {
    return Internal("the body of a transaction threw an exception");
  }
}

}  // namespace

Committer::Committer(Backend& backend, WatchHub& hub, const Clock& clock, Retention retention)
    : backend_(backend),
      hub_(hub),
      clock_(clock),
      retention_(retention),
      revision_(hub.revision()) {}

std::size_t Committer::Run(std::span<Work* const> batch) {
  const Ran ran = RunOnce(batch);
  if (ran.status) return ran.count;
  if (ran.status.error().code == ErrorCode::kExhausted && ran.count > 1) {
    // One of them may be too much for the disk; the others should not fail for it.
    for (std::size_t i = 0; i < ran.count; ++i) Run(batch.subspan(i, 1));
    return ran.count;
  }
  // Also those that failed by themselves: what they saw may never have been.
  for (Work* work : batch.first(ran.count)) work->outcome = ran.status.error();
  return ran.count;
}

Committer::Ran Committer::RunOnce(std::span<Work* const> batch) {
  auto session = backend_.BeginWrite();
  if (!session) return {batch.size(), std::move(session).error()};
  Overlay overlay(**session, clock_.Now());
  const std::size_t count = RunBodies(batch, overlay);
  if (overlay.empty()) return {count, Ok()};
  return {count, Commit(**session, std::move(overlay))};
}

std::size_t Committer::RunBodies(std::span<Work* const> batch, Overlay& overlay) {
  std::size_t count = 0;
  for (Work* work : batch) {
    if (count > 0 && overlay.bytes() > kMaxBatchBytes) break;
    ++count;
    BatchTransaction transaction(overlay);
    const Status status = RunBody(*work, transaction);
    if (status) {
      work->outcome = overlay.Seal();
    } else {
      work->outcome = status.error();
    }
    if (!work->outcome) overlay.Undo();
  }
  return count;
}

Status Committer::Commit(WriteSession& session, Overlay overlay) {
  const Revision base = session.state().revision;
  const Timestamp now = overlay.now();
  const bool is_long_ago = now - last_trim_ > kTrimEvery || now < last_trim_;
  if (is_long_ago) RETURN_IF_ERROR(TrimEvents(session, overlay));
  BatchWrites writes = std::move(overlay).Take();
  const StoreState& state = writes.state;
  if (is_long_ago || state.log_changes > retention_.changes || state.log_bytes > retention_.bytes) {
    RETURN_IF_ERROR(TrimLog(session, writes, now));
  }
  RETURN_IF_ERROR(session.Write(writes));
  RETURN_IF_ERROR(session.Commit());
  if (is_long_ago) last_trim_ = now;
  revision_.store(writes.state.revision, std::memory_order_release);
  // A gap is another process's commits, which the backend's own thread is about to fetch.
  (void)hub_.Publish(base, writes.commits, writes.state.revision);
  return Ok();
}

Status Committer::TrimEvents(WriteSession& session, Overlay& overlay) const {
  ASSIGN_OR_RETURN(const auto oldest, session.ReadEvents(std::nullopt, 0, kTrimAtOnce));
  const auto trims = EventTrims(session.state().position, oldest, retention_, overlay.now());
  for (const auto& [topic, position] : trims) {
    RETURN_IF_ERROR(DropEvents(overlay, topic, position));
  }
  RETURN_IF_ERROR(overlay.Seal());
  return Ok();
}

Status Committer::TrimLog(WriteSession& session, BatchWrites& writes, Timestamp now) const {
  // Faster than the log grows, and bounded, so that no one transaction pays for it all.
  const std::size_t at_once = kTrimAtOnce + 2 * writes.commits.size();
  StoreState& state = writes.state;
  ASSIGN_OR_RETURN(const auto oldest, session.ListCommits(state.floor, at_once));
  writes.log_trim = LogTrim(state, oldest, retention_, now);
  for (const CommitInfo& commit : oldest) {
    if (commit.revision > writes.log_trim) break;
    state.floor = commit.revision;
    state.log_changes -= commit.changes;
    state.log_bytes -= commit.bytes;
  }
  return Ok();
}

}  // namespace weir::control
