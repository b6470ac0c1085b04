#pragma once

#include <boost/json/object.hpp>
#include <functional>

#include "api/call.h"
#include "api/route.h"
#include "base/context.h"
#include "base/result.h"

namespace weir::api {

/// Something that takes a while: gives its result, and says now and then how far it is. The report
/// may be called from any thread, as often as it likes.
using Report = std::function<void(boost::json::object)>;
using Work = std::function<Result<boost::json::object>(const Context&, const Report&)>;

/// Does `work`, and answers with its result. A client that accepts application/x-ndjson gets lines
/// as it goes: {"progress": {...}} twice a second, and at the end {"result": {...}}, or
/// {"problem": {...}} with the `status` it would have had. Such work has no deadline, and ends when
/// the client leaves. What `work` uses outlives the router.
Outcome DoWork(const Call& call, Work work);

/// The answer of a route that does so; `shape` is that of the result.
Answer WorkAnswer(std::string_view shape, std::string description);

}  // namespace weir::api
