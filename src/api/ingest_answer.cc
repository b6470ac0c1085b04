#include "api/ingest_answer.h"

#include <boost/json/array.hpp>

namespace weir::api {

Outcome ProblemOfIngest(Error error) {
  if (error.code != ErrorCode::kExhausted) return error;
  return Problem{.error = std::move(error), .status = 507};
}

void AddChecks(boost::json::object& answer, std::uint64_t quarantined,
               const std::vector<std::string>& warnings) {
  if (quarantined > 0) answer["quarantined"] = quarantined;
  if (warnings.empty()) return;
  answer["warnings"] = boost::json::array(warnings.begin(), warnings.end());
}

boost::json::object ToJson(const pipelines::IngestReport& report) {
  boost::json::object answer{{"outcome", report.is_committed ? "committed" : "upToDate"},
                             {"rows", report.rows},
                             {"oldHead", report.old_head.ToText()},
                             {"newHead", report.new_head.ToText()}};
  if (report.last_offset) answer["lastOffset"] = *report.last_offset;
  if (report.watermark) answer["watermark"] = FormatTimestamp(*report.watermark);
  AddChecks(answer, report.quarantined, report.warnings);
  return answer;
}

}  // namespace weir::api
