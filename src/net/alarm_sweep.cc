#include "net/alarm_sweep.h"

#include <utility>
#include <vector>

namespace weir::net {
namespace {

constexpr std::chrono::milliseconds kInterval{50};

}  // namespace

Alarm::Alarm(AlarmSweep& sweep, std::function<void()> on_expired)
    : sweep_(sweep), on_expired_(std::move(on_expired)) {
  sweep_.Add(this);
}

Alarm::~Alarm() { sweep_.Remove(this); }

void AlarmSweep::Add(Alarm* alarm) {
  alarms_.insert(alarm);
  if (!std::exchange(ticking_, true)) Tick();
}

void AlarmSweep::Remove(Alarm* alarm) {
  alarms_.erase(alarm);
  if (alarms_.empty()) timer_.cancel();  // so that the thread can end
}

void AlarmSweep::Tick() {
  timer_.expires_after(kInterval);
  timer_.async_wait([this](ErrorCodeOfAsio) {
    if (alarms_.empty()) {
      ticking_ = false;
      return;
    }
    const auto now = std::chrono::steady_clock::now();
    std::vector<Alarm*> expired;
    for (Alarm* alarm : alarms_) {
      if (alarm->at_ <= now) expired.push_back(alarm);
    }
    for (Alarm* alarm : expired) {
      // A callback may have ended another connection, and its alarm with it.
      if (!alarms_.contains(alarm)) continue;
      alarm->Clear();
      alarm->on_expired_();
    }
    Tick();
  });
}

}  // namespace weir::net
