#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "base/context.h"
#include "base/result.h"

namespace weir::pipelines {

/// Waits under `lock` until `ready`, or until `context` has enough of it.
template <typename Ready>
Status WaitFor(const Context& context, std::condition_variable_any& changed,
               std::unique_lock<std::mutex>& lock, Ready&& ready) {
  constexpr std::chrono::hours kAsGoodAsForever{1};
  while (!ready()) {
    RETURN_IF_ERROR(context.Check());
    changed.wait_for(lock, context.cancel_token(), context.Remaining(kAsGoodAsForever), ready);
  }
  return Ok();
}

}  // namespace weir::pipelines
