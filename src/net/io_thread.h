#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <string_view>
#include <thread>

#include "net/alarm_sweep.h"
#include "net/edge.h"
#include "net/http_date.h"

namespace weir::net {

/// One thread of IoThreads, with what its connections share. Only for sources of net/.
class IoThread {
 public:
  IoThread();
  ~IoThread();

  void Stop();

  Executor executor() { return context_.get_executor(); }
  asio::io_context& context() { return context_; }

  // On this thread only.
  AlarmSweep& alarms() { return alarms_; }
  std::string_view date() { return date_.Now(); }

 private:
  asio::io_context context_{1};
  AlarmSweep alarms_{context_.get_executor()};
  HttpDate date_;
  asio::executor_work_guard<Executor> work_{context_.get_executor()};
  std::thread thread_;
};

}  // namespace weir::net
