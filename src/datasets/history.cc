#include "datasets/history.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "odf/system_names.h"
#include "slices/column_type.h"
#include "slices/scan_file.h"

namespace weir::datasets {
namespace {

using Positions = std::vector<std::optional<std::size_t>>;

std::optional<std::size_t> PositionOf(const odf::DataSchema& schema, std::string_view name) {
  const auto found = std::ranges::find(schema.fields, name, &odf::DataField::name);
  if (found == schema.fields.end()) return std::nullopt;
  return found - schema.fields.begin();
}

Result<std::vector<engine::Column>> ColumnsOf(const odf::DataSchema& schema) {
  std::vector<engine::Column> columns;
  for (const odf::DataField& field : schema.fields) {
    ASSIGN_OR_RETURN(std::string type, slices::SqlOf(field.name, field.type));
    columns.push_back({.name = field.name, .type = std::move(type)});
  }
  return columns;
}

// Whether the facts of a slice rule out everything but appends.
bool HoldsOnlyAppends(const slices::SliceFacts& facts, std::optional<std::size_t> op) {
  if (!op || *op >= facts.columns.size()) return false;
  const engine::ColumnBounds& bounds = facts.columns[*op].bounds;
  return bounds.min == engine::Bound(std::int64_t{0}) &&
         bounds.max == engine::Bound(std::int64_t{0});
}

// Schemas that a chain had, and how columns of the newest are found under each.
class Schemas {
 public:
  Schemas(std::vector<SetSchema> rows, const ReadPoint& point)
      : rows_(std::move(rows)), op_name_(odf::SystemNames(point.vocab).op) {
    std::erase_if(
        rows_, [&](const SetSchema& row) { return row.sequence_number > point.sequence_number; });
  }

  bool empty() const { return rows_.empty(); }
  const SetSchema& newest() const { return rows_.back(); }

  /// For the slice of block `sequence_number`. Blocks come in their order.
  void MoveTo(std::uint64_t sequence_number) {
    std::size_t next = current_.value_or(0);
    while (next + 1 < rows_.size() && rows_[next + 1].sequence_number < sequence_number) ++next;
    if (next == current_) return;
    current_ = next;
    positions_.clear();
    for (const odf::DataField& field : newest().schema.fields) {
      positions_.push_back(PositionOf(rows_[next].schema, field.name));
    }
    op_ = PositionOf(rows_[next].schema, op_name_);
  }

  const Positions& positions() const { return positions_; }
  std::optional<std::size_t> op() const { return op_; }
  std::size_t width() const { return rows_[current_.value_or(0)].schema.fields.size(); }

 private:
  std::vector<SetSchema> rows_;
  std::string op_name_;
  std::optional<std::size_t> current_;
  Positions positions_;
  std::optional<std::size_t> op_;
};

// One ReadHistory.
class Reading {
 public:
  Reading(const Context& context, ChainStore& chains, const odf::DatasetId& id,
          const ReadPoint& point)
      : context_(context), chains_(chains), id_(id), point_(point) {}

  Result<std::shared_ptr<const History>> Read() {
    const auto known = chains_.histories().Find(id_);
    if (known && known->head == point_.head) return known;
    ASSIGN_OR_RETURN(auto rows, chains_.Schemas(context_, id_));
    Schemas schemas(std::move(rows), point_);
    if (schemas.empty()) return std::shared_ptr<const History>();
    const bool same_columns = known && known->schema == schemas.newest().schema;
    if (same_columns) {
      ASSIGN_OR_RETURN(const bool stands, IsOnChain(known->sequence_number, known->head));
      if (stands) {
        return known->sequence_number > point_.sequence_number ? CutBack(*known)
                                                               : GoOn(*known, schemas);
      }
    }
    History fresh;
    auto source = std::make_shared<engine::ScanSource>();
    fresh.schema = schemas.newest().schema;
    ASSIGN_OR_RETURN(source->columns, ColumnsOf(fresh.schema));
    return Finish(std::move(fresh), std::move(source), schemas);
  }

 private:
  Result<bool> IsOnChain(std::uint64_t sequence_number, const Multihash& hash) const {
    const auto block = chains_.FindBlock(context_, id_, sequence_number);
    if (!block && block.error().code != ErrorCode::kNotFound) return block.error();
    return block && block->hash == hash;
  }

  Result<std::shared_ptr<const History>> GoOn(const History& known, Schemas& schemas) {
    return Finish(known, std::make_shared<engine::ScanSource>(*known.source), schemas);
  }

  // An earlier block under the same columns: the first files of what is known.
  Result<std::shared_ptr<const History>> CutBack(const History& known) {
    RETURN_IF_ERROR(CheckPoint());
    auto cut = std::make_shared<History>(known);
    const auto end = std::ranges::upper_bound(known.sequences, point_.sequence_number);
    const auto count = end - known.sequences.begin();
    cut->head = point_.head;
    cut->sequence_number = point_.sequence_number;
    cut->sequences.resize(static_cast<std::size_t>(count));
    auto source = std::make_shared<engine::ScanSource>();
    source->columns = known.source->columns;
    source->files.assign(known.source->files.begin(), known.source->files.begin() + count);
    cut->source = std::move(source);
    return std::shared_ptr<const History>(std::move(cut));
  }

  // Reads the rows of the index that `history` lacks, and keeps it when it is the newest.
  Result<std::shared_ptr<const History>> Finish(History history,
                                                std::shared_ptr<engine::ScanSource> source,
                                                Schemas& schemas) {
    RowPage page;
    if (!source->files.empty()) page.after = history.last_offset;
    for (bool more = true; more;) {
      ASSIGN_OR_RETURN(const auto rows, chains_.Slices(context_, id_, page));
      more = rows.size() == page.limit;
      for (const SliceRow& row : rows) {
        if (row.sequence_number > point_.sequence_number) {
          more = false;
          break;
        }
        Add(row, schemas, history, *source);
      }
      if (more) page.after = rows.back().slice.offset_interval.end;
    }
    RETURN_IF_ERROR(CheckPoint());
    history.head = point_.head;
    history.sequence_number = point_.sequence_number;
    history.source = std::move(source);
    auto read = std::make_shared<const History>(std::move(history));
    const auto kept = chains_.histories().Find(id_);
    if (!kept || kept->sequence_number < read->sequence_number || !OnChain(*kept)) {
      chains_.histories().Keep(id_, read);
    }
    return read;
  }

  bool OnChain(const History& kept) const {
    const auto stands = IsOnChain(kept.sequence_number, kept.head);
    return stands && *stands;
  }

  void Add(const SliceRow& row, Schemas& schemas, History& history,
           engine::ScanSource& source) const {
    schemas.MoveTo(row.sequence_number);
    const auto open = [&chains = chains_, id = id_, slice = row.slice] {
      return chains.OpenCheckedSlice(Context::Background(), id, slice);
    };
    // Facts of a file that has other columns than its schema says nothing of which is which.
    const bool fits = row.facts.columns.size() == schemas.width();
    const Positions unknown(source.columns.size());
    source.files.push_back(
        slices::ScanFileOf(row.slice, row.facts, fits ? schemas.positions() : unknown, open));
    history.sequences.push_back(row.sequence_number);
    history.last_offset = row.slice.offset_interval.end;
    history.only_appends =
        history.only_appends && fits && HoldsOnlyAppends(row.facts, schemas.op());
  }

  // The chain may have been replaced while it was read.
  Status CheckPoint() const {
    ASSIGN_OR_RETURN(const bool stands, IsOnChain(point_.sequence_number, point_.head));
    if (stands) return Ok();
    return Conflict("dataset {} has no block {} any more", id_.ToString(), point_.head.ToText())
        .WithHint("its chain was replaced meanwhile; try again");
  }

  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId& id_;
  const ReadPoint& point_;
};

}  // namespace

Result<std::shared_ptr<const engine::ScanSource>> HistoryOf(const Context& context,
                                                            ChainStore& chains,
                                                            const odf::DatasetId& id,
                                                            const ChainRecord& record) {
  const ReadPoint point{.head = record.chain.head.value(),
                        .sequence_number = record.chain.sequence_number,
                        .vocab = record.chain.vocab};
  ASSIGN_OR_RETURN(const auto history, ReadHistory(context, chains, id, point));
  return history ? history->source : nullptr;
}

Result<std::shared_ptr<const History>> ReadHistory(const Context& context, ChainStore& chains,
                                                   const odf::DatasetId& id,
                                                   const ReadPoint& point) {
  return Reading(context, chains, id, point).Read();
}

}  // namespace weir::datasets
