#pragma once

#include <cstdint>
#include <string>

#include "api/services.h"
#include "base/context.h"
#include "base/result.h"
#include "odf/dataset_id.h"

namespace weir::api {

/// The number of the block of `id` that a request names by its number, its hash, or, with
/// `or_time`, a time (RFC 3339) at which it was the newest. kInvalid when it is none of these,
/// kNotFound when there is no such block; a number is not looked up.
Result<std::uint64_t> BlockNumber(const Services& services, const Context& context,
                                  const odf::DatasetId& id, const std::string& which, bool or_time);

}  // namespace weir::api
