#include "api/ingest_answer.h"

namespace weir::api {

Outcome ProblemOfIngest(Error error) {
  if (error.code != ErrorCode::kExhausted) return error;
  return Problem{.error = std::move(error), .status = 507};
}

boost::json::object ToJson(const pipelines::IngestReport& report) {
  boost::json::object answer{{"outcome", report.is_committed ? "committed" : "upToDate"},
                             {"rows", report.rows},
                             {"oldHead", report.old_head.ToText()},
                             {"newHead", report.new_head.ToText()}};
  if (report.last_offset) answer["lastOffset"] = *report.last_offset;
  if (report.watermark) answer["watermark"] = FormatTimestamp(*report.watermark);
  return answer;
}

}  // namespace weir::api
