#include "slices/slice_contents.h"

#include <arrow/record_batch.h>
#include <arrow/util/byte_size.h>

#include <optional>

#include "odf/logical_hash.h"
#include "odf/system_names.h"
#include "slices/fact_finder.h"
#include "slices/stage.h"

namespace weir::slices {
namespace {

constexpr std::size_t kWaitingBytes = 16 << 20;

}  // namespace

Result<SliceContents> ReadContents(SliceReader& reader, const ContentsRequest& request) {
  using Rows = std::shared_ptr<arrow::RecordBatch>;
  ASSIGN_OR_RETURN(auto hasher, odf::LogicalHasher::Make(*reader.schema()));
  std::optional<FactFinder> facts;
  if (request.finds_facts) {
    facts.emplace(*reader.schema(), odf::SystemNames(request.vocab).event_time);
  }
  Stage<Rows> hash(kWaitingBytes, [&](const Rows& rows) -> Status {
    if (facts) facts->Add(*rows);
    return hasher->Update(*rows);
  });
  for (;;) {
    ASSIGN_OR_RETURN(Rows rows, reader.Next());
    if (!rows) break;
    RETURN_IF_ERROR(request.each(*rows));
    const auto bytes = static_cast<std::size_t>(arrow::util::TotalBufferSize(*rows));
    if (!hash.Push(std::move(rows), bytes)) break;
  }
  RETURN_IF_ERROR(hash.Finish());
  SliceContents contents{.logical_hash = hasher->Finish(), .schema = reader.schema(), .facts = {}};
  if (facts) contents.facts = facts->Finish();
  return contents;
}

}  // namespace weir::slices
