#pragma once

#include <chrono>
#include <functional>
#include <set>

#include "net/edge.h"

namespace weir::net {

class AlarmSweep;

/// A moment after which a callback is called, once, on the I/O thread. Setting it costs a store, so
/// every single read and write has one.
class Alarm {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Alarm(AlarmSweep& sweep, std::function<void()> on_expired);
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  void Set(Time at) { at_ = at; }
  void Set(std::chrono::milliseconds from_now) {
    at_ = std::chrono::steady_clock::now() + from_now;
  }
  void Clear() { at_ = Time::max(); }

 private:
  friend class AlarmSweep;
  AlarmSweep& sweep_;
  std::function<void()> on_expired_;
  Time at_ = Time::max();
};

/// Looks at all alarms of an I/O thread every 50 ms while there are any: thousands of clients
/// cost less so than a timer for each. Belongs to its thread.
class AlarmSweep {
 public:
  explicit AlarmSweep(Executor executor) : timer_(executor) {}

 private:
  friend class Alarm;
  void Add(Alarm* alarm);
  void Remove(Alarm* alarm);
  void Tick();

  Timer timer_;
  bool ticking_ = false;
  std::set<Alarm*> alarms_;
};

}  // namespace weir::net
