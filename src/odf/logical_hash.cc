#include "odf/logical_hash.h"

#include <arrow/record_batch.h>
#include <arrow/type.h>

#include "base/sha3.h"
#include "base/sha3_group.h"
#include "odf/column_bytes.h"
#include "odf/hash_layout.h"

namespace weir::odf {

struct LogicalHasher::State {
  std::shared_ptr<arrow::Schema> schema;
  Sha3 record;
  Sha3Group columns;
};

LogicalHasher::LogicalHasher(std::unique_ptr<State> state) : state_(std::move(state)) {}
LogicalHasher::~LogicalHasher() = default;

Result<std::unique_ptr<LogicalHasher>> LogicalHasher::Make(const arrow::Schema& schema) {
  ASSIGN_OR_RETURN(const HashLayout layout, HashLayoutOf(schema));
  auto state = std::make_unique<State>();
  state->schema = arrow::schema(schema.fields());
  state->record.Update(AsBytes(layout.record));
  for (const std::string& type : layout.columns) {
    state->columns.Append(state->columns.AddStream(), AsBytes(type));
  }
  return std::unique_ptr<LogicalHasher>(new LogicalHasher(std::move(state)));
}

Status LogicalHasher::Update(const arrow::RecordBatch& batch) {
  if (!batch.schema()->Equals(*state_->schema, /*check_metadata=*/false)) {
    return Invalid("a batch of another schema cannot be hashed with the others");
  }
  std::vector<ColumnBytes> columns;
  AppendColumnBytes(batch, columns);
  std::vector<ByteView> pieces;
  pieces.reserve(columns.size());
  for (const ColumnBytes& column : columns) pieces.push_back(column.View());
  state_->columns.AppendEach(pieces);
  return Ok();
}

Multihash LogicalHasher::Finish() {
  for (const Digest& digest : state_->columns.Finish()) state_->record.Update(digest);
  return Multihash(Multihash::kArrow0Sha3_256, state_->record.Finish());
}

}  // namespace weir::odf
