#include "pipelines/fetch_event_time.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>

#include <variant>

#include "engine/sql_text.h"
#include "pipelines/time_format.h"

namespace weir::pipelines {
namespace {

// The engine's regular expressions take linear time whatever the pattern.
Result<std::optional<Timestamp>> FromPath(const Context& context, engine::Workbench& bench,
                                          const odf::EventTimeSourceFromPath& source,
                                          const std::string& path) {
  ASSIGN_OR_RETURN(const std::string format, TimeFormat(source.timestamp_format.value_or("")));
  const std::string found = fmt::format("nullif(regexp_extract({}, {}, 1), '')",
                                        engine::Literal(path), engine::Literal(source.pattern));
  const std::string time =
      format.empty() ? fmt::format("TRY_CAST({} AS TIMESTAMPTZ)::TIMESTAMP", found)
                     : fmt::format("try_strptime({}, {})", found, engine::Literal(format));
  ASSIGN_OR_RETURN(const auto rows, bench.Query(context, fmt::format("SELECT epoch_us({})", time)));
  ASSIGN_OR_RETURN(const auto batch, rows->Next());
  if (!batch || batch->num_rows() != 1 || batch->column(0)->IsNull(0)) {
    return Invalid("the pattern {} finds no time in {}", source.pattern, path)
        .WithHint("its first group is the time, as timestampFormat says or RFC 3339");
  }
  const auto micros = static_cast<const arrow::Int64Array&>(*batch->column(0)).Value(0);
  return std::optional(Timestamp(std::chrono::microseconds(micros)));
}

}  // namespace

Result<std::optional<Timestamp>> FetchedEventTime(const Context& context, engine::Workbench& bench,
                                                  const std::optional<odf::EventTimeSource>& source,
                                                  const std::string& path,
                                                  const std::optional<Timestamp>& modified) {
  if (!source) return std::optional<Timestamp>();
  if (const auto* from_path = std::get_if<odf::EventTimeSourceFromPath>(&source->value)) {
    return FromPath(context, bench, *from_path, path);
  }
  const bool is_modified = std::holds_alternative<odf::EventTimeSourceFromMetadata>(source->value);
  return is_modified ? modified : std::optional<Timestamp>();
}

}  // namespace weir::pipelines
