#include "catalog/block_table.h"

#include <arrow/api.h>

#include <algorithm>
#include <map>
#include <vector>

#include "catalog/memory_table.h"

namespace weir::catalog {
namespace {

constexpr std::uint64_t kPageBlocks = 5'000;

std::shared_ptr<arrow::Schema> TableSchema() {
  const auto time = arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
  return arrow::schema(
      {arrow::field("sequence", arrow::int64(), false), arrow::field("hash", arrow::utf8(), false),
       arrow::field("system_time", time, false), arrow::field("event", arrow::utf8(), false),
       arrow::field("size", arrow::int64(), false), arrow::field("watermark", time),
       arrow::field("first_offset", arrow::int64()), arrow::field("last_offset", arrow::int64()),
       arrow::field("records", arrow::int64()), arrow::field("data_size", arrow::int64())});
}

std::int64_t Number(std::uint64_t number) { return static_cast<std::int64_t>(number); }

std::int64_t Micros(Timestamp time) {
  return std::chrono::floor<std::chrono::microseconds>(time).time_since_epoch().count();
}

Error OfArrow(const arrow::Status& status) {
  return Exhausted("a table of blocks: {}", status.message());
}

// Blocks `first`..`last` and the slices they bring, as rows.
class Page {
 public:
  Page(const Context& context, datasets::ChainStore& chains, const odf::DatasetId& id)
      : context_(context), chains_(chains), id_(id) {}

  Result<std::shared_ptr<const ReadableFile>> Make(std::uint64_t first, std::uint64_t last) {
    datasets::RowPage page{.limit = last - first + 1};
    if (first > 0) page.after = first - 1;
    ASSIGN_OR_RETURN(const auto blocks, chains_.Blocks(context_, id_, page));
    RETURN_IF_ERROR(FindSlices(blocks));
    auto made =
        arrow::RecordBatchBuilder::Make(TableSchema(), arrow::default_memory_pool(), kPageBlocks);
    if (!made.ok()) return OfArrow(made.status());
    builder_ = std::move(*made);
    for (const datasets::BlockRow& block : blocks) {
      if (const auto added = Add(block); !added.ok()) return OfArrow(added);
    }
    auto rows = builder_->Flush();
    if (!rows.ok()) return OfArrow(rows.status());
    return FileOfRows(**rows);
  }

 private:
  // Slices come in the order of their blocks, so those of the page stand together.
  Status FindSlices(const std::vector<datasets::BlockRow>& blocks) {
    const auto adds = [](const auto& block) {
      return block.event == "AddData" || block.event == "ExecuteTransform";
    };
    const auto first = std::ranges::find_if(blocks, adds);
    if (first == blocks.end()) return Ok();
    ASSIGN_OR_RETURN(const auto before, LastOffsetBefore(first->sequence_number));
    datasets::RowPage page{.after = before};
    for (bool more = true; more;) {
      ASSIGN_OR_RETURN(auto rows, chains_.Slices(context_, id_, page));
      more =
          rows.size() == page.limit && rows.back().sequence_number < blocks.back().sequence_number;
      if (more) page.after = rows.back().slice.offset_interval.end;
      for (auto& row : rows) slices_.emplace(row.sequence_number, row.slice);
    }
    return Ok();
  }

  // Halving over offsets: the slice that holds one tells the number of its block.
  Result<std::optional<std::uint64_t>> LastOffsetBefore(std::uint64_t sequence_number) {
    ASSIGN_OR_RETURN(const auto record, chains_.Read(context_, id_));
    if (!record.chain.last_offset) return std::optional<std::uint64_t>();
    std::uint64_t low = 0;  // rows below it belong to earlier blocks
    std::uint64_t high = *record.chain.last_offset + 1;
    while (low < high) {
      const std::uint64_t middle = low + (high - low) / 2;
      ASSIGN_OR_RETURN(const auto slice, chains_.FindSlice(context_, id_, middle));
      if (slice.sequence_number < sequence_number) {
        low = slice.slice.offset_interval.end + 1;
      } else {
        high = std::min(middle, slice.slice.offset_interval.start);
      }
    }
    return low == 0 ? std::optional<std::uint64_t>() : std::optional(low - 1);
  }

  template <typename Builder>
  Builder& At(int column) {
    return *builder_->GetFieldAs<Builder>(column);
  }

  arrow::Status Add(const datasets::BlockRow& block) {
    using Numbers = arrow::Int64Builder;
    using Times = arrow::TimestampBuilder;
    using Texts = arrow::StringBuilder;
    ARROW_RETURN_NOT_OK(At<Numbers>(0).Append(Number(block.sequence_number)));
    ARROW_RETURN_NOT_OK(At<Texts>(1).Append(block.hash.ToText()));
    ARROW_RETURN_NOT_OK(At<Times>(2).Append(Micros(block.system_time)));
    ARROW_RETURN_NOT_OK(At<Texts>(3).Append(block.event));
    ARROW_RETURN_NOT_OK(At<Numbers>(4).Append(Number(block.size)));
    ARROW_RETURN_NOT_OK(block.watermark ? At<Times>(5).Append(Micros(*block.watermark))
                                        : At<Times>(5).AppendNull());
    const auto slice = slices_.find(block.sequence_number);
    if (slice == slices_.end()) {
      for (int column = 6; column < 10; ++column) {
        ARROW_RETURN_NOT_OK(At<Numbers>(column).AppendNull());
      }
      return arrow::Status::OK();
    }
    const odf::OffsetInterval& offsets = slice->second.offset_interval;
    ARROW_RETURN_NOT_OK(At<Numbers>(6).Append(Number(offsets.start)));
    ARROW_RETURN_NOT_OK(At<Numbers>(7).Append(Number(offsets.end)));
    ARROW_RETURN_NOT_OK(At<Numbers>(8).Append(Number(offsets.end - offsets.start + 1)));
    return At<Numbers>(9).Append(Number(slice->second.size));
  }

  const Context& context_;
  datasets::ChainStore& chains_;
  const odf::DatasetId& id_;
  std::map<std::uint64_t, odf::DataSlice> slices_;
  std::unique_ptr<arrow::RecordBatchBuilder> builder_;
};

}  // namespace

std::shared_ptr<const engine::ScanSource> BlockTable(const Context& context,
                                                     datasets::ChainStore& chains,
                                                     const odf::DatasetId& id, std::uint64_t last) {
  auto source = std::make_shared<engine::ScanSource>();
  source->columns = ColumnsOf(*TableSchema());
  for (std::uint64_t first = 0; first <= last; first += kPageBlocks) {
    const std::uint64_t end = std::min(first + kPageBlocks - 1, last);
    engine::ScanFile file;
    file.rows = end - first + 1;
    file.bounds.push_back({Number(first), Number(end)});
    file.open = [context, &chains, id, first, end] {
      return Page(context, chains, id).Make(first, end);
    };
    source->files.push_back(std::move(file));
  }
  return source;
}

}  // namespace weir::catalog
