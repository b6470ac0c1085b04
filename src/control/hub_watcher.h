#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "control/watch_hub.h"

namespace weir::control {

/// A Watcher at a WatchHub. A commit is delivered whole, so that whoever stops anywhere can resume
/// from the revision it saw last.
class HubWatcher final : public Watcher {
 public:
  HubWatcher(std::shared_ptr<WatchHub> hub, std::shared_ptr<WatchCursor> cursor)
      : hub_(std::move(hub)), cursor_(std::move(cursor)) {}
  ~HubWatcher() override;

  Result<std::vector<WatchEvent>> Poll(std::size_t max_events) override;
  Result<std::vector<WatchEvent>> Next(const Context& context, std::size_t max_events) override;
  void OnReady(std::function<void()> ready) override;

 private:
  struct Page {
    std::vector<CommitPtr> commits;
    bool caught_up = false;
  };

  Result<std::vector<WatchEvent>> PollPages(std::size_t max_events);
  Result<Page> NextPage();
  Result<Page> PageOfRing();
  Result<Page> PageOfLog(Revision after);
  void Collect(const Commit& commit, std::vector<WatchEvent>& events) const;
  std::vector<WatchEvent> Finish(std::vector<WatchEvent> events, bool caught_up);
  bool IsDue() const;  // hub's mutex held

  const std::shared_ptr<WatchHub> hub_;
  const std::shared_ptr<WatchCursor> cursor_;
  std::mutex polling_;  // one Poll at a time; it keeps the events of several callers in order
};

}  // namespace weir::control
