#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace weir {

/// The Error that the exception being handled stands for; call it in a catch block. `attempt` says
/// what was tried on which object. A std::system_error becomes what its errno means, bad_alloc
/// kExhausted, bad arguments kInvalid, and what an adapter does not know kInternal.
Error ErrorOfCurrentException(std::string_view attempt);

/// Calls foreign code at the edge where its exceptions stop:
/// `return NoExceptions("parse manifest", [&]() -> Result<Node> { return YAML::Load(text); });`
template <typename Call>
auto NoExceptions(std::string_view attempt, Call&& call) -> std::invoke_result_t<Call> {
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    return ErrorOfCurrentException(attempt);
  }
}

}  // namespace weir
