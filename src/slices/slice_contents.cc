#include "slices/slice_contents.h"

#include <arrow/record_batch.h>
#include <arrow/util/byte_size.h>

#include "odf/logical_hash.h"
#include "odf/system_names.h"
#include "slices/fact_finder.h"
#include "slices/stage.h"

namespace weir::slices {
namespace {

constexpr std::size_t kWaitingBytes = 16 << 20;

}  // namespace

Result<SliceContents> ReadContents(SliceReader& reader, const odf::SetVocab& vocab,
                                   const EachBatch& each) {
  using Rows = std::shared_ptr<arrow::RecordBatch>;
  ASSIGN_OR_RETURN(auto hasher, odf::LogicalHasher::Make(*reader.schema()));
  FactFinder facts(*reader.schema(), odf::SystemNames(vocab).event_time);
  Stage<Rows> hash(kWaitingBytes, [&](const Rows& rows) -> Status {
    facts.Add(*rows);
    return hasher->Update(*rows);
  });
  for (;;) {
    ASSIGN_OR_RETURN(Rows rows, reader.Next());
    if (!rows) break;
    RETURN_IF_ERROR(each(*rows));
    const auto bytes = static_cast<std::size_t>(arrow::util::TotalBufferSize(*rows));
    if (!hash.Push(std::move(rows), bytes)) break;
  }
  RETURN_IF_ERROR(hash.Finish());
  return SliceContents{
      .logical_hash = hasher->Finish(), .schema = reader.schema(), .facts = facts.Finish()};
}

}  // namespace weir::slices
