#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "api/route.h"
#include "base/result.h"
#include "pipelines/ingest.h"

namespace weir::api {

/// The error of an ingest or pull as an answer: what is full is the disk, and a request of the same
/// kind will not fare better soon.
Outcome ProblemOfIngest(Error error);

/// What checks have done to rows that came; nothing where they had no reason to.
void AddChecks(boost::json::object& answer, std::uint64_t quarantined,
               const std::vector<std::string>& warnings);

/// What came of an input: outcome, rows, heads, last offset, watermark and what checks did.
boost::json::object ToJson(const pipelines::IngestReport& report);

}  // namespace weir::api
