#include "datasets/history.h"

#include <optional>
#include <vector>

#include "slices/column_type.h"
#include "slices/scan_file.h"

namespace weir::datasets {
namespace {

Result<std::vector<engine::Column>> ColumnsOf(const odf::DataSchema& schema) {
  std::vector<engine::Column> columns;
  for (const odf::DataField& field : schema.fields) {
    ASSIGN_OR_RETURN(std::string type, slices::SqlOf(field.name, field.type));
    columns.push_back({.name = field.name, .type = std::move(type)});
  }
  return columns;
}

// A slice has the columns of the schema it was written under, in its order.
std::vector<std::optional<std::size_t>> SamePositions(std::size_t count) {
  std::vector<std::optional<std::size_t>> positions(count);
  for (std::size_t i = 0; i < count; ++i) positions[i] = i;
  return positions;
}

}  // namespace

Result<std::shared_ptr<const engine::ScanSource>> HistoryOf(const Context& context,
                                                            ChainStore& chains,
                                                            const odf::DatasetId& id,
                                                            const ChainRecord& record) {
  if (!record.chain.schema) return std::shared_ptr<const engine::ScanSource>();
  auto history = std::make_shared<engine::ScanSource>();
  ASSIGN_OR_RETURN(history->columns, ColumnsOf(*record.chain.schema));
  const auto positions = SamePositions(history->columns.size());
  RowPage page;
  while (true) {
    ASSIGN_OR_RETURN(const auto rows, chains.Slices(context, id, page));
    for (const SliceRow& row : rows) {
      if (row.sequence_number > record.chain.sequence_number) return history;
      const auto open = [&chains, id, slice = row.slice] {
        return chains.OpenSlice(Context::Background(), id, slice);
      };
      history->files.push_back(slices::ScanFileOf(row.slice, row.facts, positions, open));
    }
    if (rows.size() < page.limit) return history;
    page.after = rows.back().slice.offset_interval.end;
  }
}

}  // namespace weir::datasets
