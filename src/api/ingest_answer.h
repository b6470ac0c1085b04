#pragma once

#include <boost/json/object.hpp>

#include "api/route.h"
#include "base/result.h"
#include "pipelines/ingest.h"

namespace weir::api {

/// The error of an ingest or pull as an answer: what is full is the disk, and a request of the same
/// kind will not fare better soon.
Outcome ProblemOfIngest(Error error);

/// What came of an input: outcome, rows, heads, last offset and watermark.
boost::json::object ToJson(const pipelines::IngestReport& report);

}  // namespace weir::api
