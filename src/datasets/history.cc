#include "datasets/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/keccak.h"
#include "engine/sql_text.h"
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

constexpr std::uint64_t kMostGroupBytes = 128 << 20;  // a query may want one slice of a group only

// Slices that follow each other, to be hashed together before they are first read.
using Group = std::shared_ptr<const std::vector<odf::DataSlice>>;

// As many of `rows` from the first as fit.
Group GroupOf(std::span<const SliceRow> rows) {
  auto group = std::make_shared<std::vector<odf::DataSlice>>();
  std::uint64_t bytes = 0;
  for (const SliceRow& row : rows.first(std::min(rows.size(), kMostKeccakLanes))) {
    bytes += row.slice.size;
    if (!group->empty() && bytes > kMostGroupBytes) break;
    group->push_back(row.slice);
  }
  return group;
}

// What is asked again and again of one chain.
class Chain {
 public:
  Chain(const Context& context, ChainStore& chains, const odf::DatasetId& id)
      : context_(context), chains_(chains), id_(id) {}

  Result<bool> Has(std::uint64_t sequence_number, const Multihash& hash) const {
    const auto block = chains_.FindBlock(context_, id_, sequence_number);
    if (!block && block.error().code != ErrorCode::kNotFound) return block.error();
    return block && block->hash == hash;
  }

  Result<std::vector<SliceRow>> SlicesFrom(std::uint64_t offset, std::size_t limit) const {
    RowPage page{.limit = limit};
    if (offset > 0) page.after = offset - 1;
    return chains_.Slices(context_, id_, page);
  }

  // The last row of blocks up to `block`, which lies within the slices of `part`. Numbers of blocks
  // rise with offsets, so it is found by halving.
  Result<std::uint64_t> LastOffsetIn(const HistoryPart& part, std::uint64_t block) const {
    std::uint64_t last = part.first_offset;  // a row of a block that counts
    std::uint64_t beyond = part.last_offset + 1;
    while (last + 1 < beyond) {
      const std::uint64_t middle = last + (beyond - last) / 2;
      ASSIGN_OR_RETURN(const SliceRow row, chains_.FindSlice(context_, id_, middle));
      if (row.sequence_number <= block) {
        last = std::min(row.slice.offset_interval.end, part.last_offset);
      } else {
        beyond = std::max(row.slice.offset_interval.start, last + 1);
      }
    }
    return last;
  }

  // A slice, which is the one at `index` of `group`, as a file of a relation with `width` columns,
  // which `schemas` finds in it.
  engine::ScanFile FileOf(const SliceRow& row, const Group& group, std::size_t index,
                          const Schemas& schemas, std::size_t width) const {
    const auto open = [&chains = chains_, id = id_, group, index] {
      return chains.OpenCheckedSlice(Context::Background(), id, {*group, index});
    };
    // Facts of a file that has other columns than its schema says nothing of which is which.
    const bool fits = row.facts.columns.size() == schemas.width();
    const Positions unknown(width);
    return slices::ScanFileOf(row.slice, row.facts, fits ? schemas.positions() : unknown, open);
  }

 private:
  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId& id_;
};

std::string OffsetsUpTo(const std::string& column, std::uint64_t last) {
  return fmt::format("{} <= {}", engine::Identifier(column), last);
}

// One ReadHistory.
class Reading {
 public:
  Reading(const Context& context, ChainStore& chains, const odf::DatasetId& id,
          const ReadPoint& point)
      : context_(context), chains_(chains), id_(id), point_(point), chain_(context, chains, id) {}

  Result<std::shared_ptr<const History>> Read() {
    auto known = chains_.histories().Find(id_);
    if (PackStore* const packs = chains_.histories().packs()) {
      ASSIGN_OR_RETURN(packed_, packs->Find(context_, id_));
    }
    if (known && known->head == point_.head && known->packed == packed_) return known;
    ASSIGN_OR_RETURN(auto rows, chains_.Schemas(context_, id_));
    Schemas schemas(std::move(rows), point_);
    if (schemas.empty()) return std::shared_ptr<const History>();
    if (known) {
      bool stands = known->schema == schemas.newest().schema;
      if (stands) {
        ASSIGN_OR_RETURN(stands, chain_.Has(known->sequence_number, known->head));
      }
      if (!stands) known.reset();
    }
    return Lay(known.get(), schemas);
  }

 private:
  // From the first row on: packed slices, slices that `known` has, and the index for the rest.
  Result<std::shared_ptr<const History>> Lay(const History* known, Schemas& schemas) {
    history_.head = point_.head;
    history_.sequence_number = point_.sequence_number;
    history_.schema = schemas.newest().schema;
    history_.packed = packed_;
    history_.offset_column = odf::SystemNames(point_.vocab).offset;
    if (known) {
      source_->columns = known->source->columns;
    } else {
      ASSIGN_OR_RETURN(source_->columns, ColumnsOf(history_.schema));
    }
    ASSIGN_OR_RETURN(const PackedFiles packed, PackedOnChain(known));
    auto next_packed = packed.begin();
    std::size_t next_known = 0;
    for (bool more = true; more && !IsAtEnd();) {
      while (next_packed != packed.end() && (*next_packed)->record().first_offset < next_) {
        ++next_packed;
      }
      while (known && next_known < known->parts.size() &&
             (known->parts[next_known].first_offset < next_ || known->parts[next_known].packed)) {
        ++next_known;
      }
      const bool has_known = known && next_known < known->parts.size();
      if (next_packed != packed.end() && (*next_packed)->record().first_offset == next_) {
        Add(*next_packed);
      } else if (has_known && known->parts[next_known].first_offset == next_) {
        Add(known->parts[next_known], known->source->files[next_known]);
      } else {
        std::optional<std::uint64_t> end;
        if (next_packed != packed.end()) end = (*next_packed)->record().first_offset;
        if (has_known) {
          end = std::min(end.value_or(known->parts[next_known].first_offset),
                         known->parts[next_known].first_offset);
        }
        ASSIGN_OR_RETURN(more, AddFromIndex(end, schemas));
      }
    }
    RETURN_IF_ERROR(CheckPoint());
    RETURN_IF_ERROR(Cut());
    return Finish();
  }

  static bool IsIn(const History& known, const PackedFile& file) {
    const auto part = std::ranges::lower_bound(known.parts, file.record().first_offset, {},
                                               &HistoryPart::first_offset);
    return part != known.parts.end() && part->packed.get() == &file;
  }

  // Those whose rows this chain has. What belongs to a chain that was replaced is dropped.
  Result<PackedFiles> PackedOnChain(const History* known) {
    PackedFiles on_chain;
    PackedFiles strays;
    if (!packed_) return on_chain;
    for (const auto& file : *packed_) {
      const PackedRecord& record = file->record();
      if (known && IsIn(*known, *file)) {  // its head was asked for then, and `known` still stands
        on_chain.push_back(file);
        continue;
      }
      ASSIGN_OR_RETURN(const bool stands, chain_.Has(record.last_block, record.head));
      (stands ? on_chain : strays).push_back(file);
    }
    if (!strays.empty()) (void)chains_.histories().packs()->Drop(context_, id_, strays);
    return on_chain;
  }

  // Whether the last part has all there is up to the point.
  bool IsAtEnd() const {
    return is_past_point_ ||
           (!history_.parts.empty() && history_.parts.back().last_block >= point_.sequence_number);
  }

  void Add(HistoryPart part, engine::ScanFile file) {
    if (part.first_block > point_.sequence_number) {
      is_past_point_ = true;
      return;
    }
    history_.only_appends = history_.only_appends && part.only_appends;
    next_ = part.last_offset + 1;
    history_.parts.push_back(std::move(part));
    source_->files.push_back(std::move(file));
  }

  void Add(const std::shared_ptr<PackedFile>& packed) {
    const PackedRecord& record = packed->record();
    Add({.first_block = record.first_block,
         .last_block = record.last_block,
         .first_offset = record.first_offset,
         .last_offset = record.last_offset,
         .only_appends = record.only_appends,
         .packed = packed},
        PackedFile::AsScanFile(packed, history_.schema));
  }

  // A page of slices, those before offset `end`. False: there is nothing more.
  Result<bool> AddFromIndex(std::optional<std::uint64_t> end, Schemas& schemas) {
    constexpr std::size_t kPage = 1000;
    ASSIGN_OR_RETURN(const auto rows, chain_.SlicesFrom(next_, kPage));
    Group group;
    std::size_t index = 0;  // of the row in its group
    for (const SliceRow& row : rows) {
      if (!group || ++index == group->size()) {
        group = GroupOf(std::span(rows).subspan(&row - rows.data()));
        index = 0;
      }
      const odf::OffsetInterval& offsets = row.slice.offset_interval;
      if (end && offsets.start >= *end) {
        if (&row != &rows.front()) return true;
        return Corrupt("the index of {} has no slice at offset {}", id_.ToString(), next_)
            .WithHint("weir doctor --rebuild-index makes it anew");
      }
      schemas.MoveTo(row.sequence_number);
      const bool fits = row.facts.columns.size() == schemas.width();
      Add({.first_block = row.sequence_number,
           .last_block = row.sequence_number,
           .first_offset = offsets.start,
           .last_offset = offsets.end,
           .only_appends = fits && HoldsOnlyAppends(row.facts, schemas.op())},
          chain_.FileOf(row, group, index, schemas, source_->columns.size()));
      if (is_past_point_) return false;
    }
    return rows.size() == kPage;
  }

  // The last part may have rows of later blocks.
  Status Cut() {
    if (history_.parts.empty()) return Ok();
    HistoryPart& last = history_.parts.back();
    if (last.last_block <= point_.sequence_number) return Ok();
    ASSIGN_OR_RETURN(const std::uint64_t end, chain_.LastOffsetIn(last, point_.sequence_number));
    last.last_offset = end;
    last.last_block = point_.sequence_number;
    last.is_cut = true;
    source_->files.back().rows = end - last.first_offset + 1;
    source_->where = OffsetsUpTo(history_.offset_column, end);
    return Ok();
  }

  std::shared_ptr<const History> Finish() {
    if (PackStore* const packs = chains_.histories().packs()) source_->tally = packs->TallyOf(id_);
    history_.source = std::move(source_);
    auto read = std::make_shared<const History>(std::move(history_));
    const auto kept = chains_.histories().Find(id_);
    const bool is_cut = !read->parts.empty() && read->parts.back().is_cut;
    const bool is_newer = !kept || kept->sequence_number < read->sequence_number ||
                          kept->packed != read->packed || !OnChain(*kept);
    if (is_newer && !is_cut) chains_.histories().Keep(id_, read);
    return read;
  }

  bool OnChain(const History& kept) const {
    const auto stands = chain_.Has(kept.sequence_number, kept.head);
    return stands && *stands;
  }

  // The chain may have been replaced while it was read.
  Status CheckPoint() const {
    ASSIGN_OR_RETURN(const bool stands, chain_.Has(point_.sequence_number, point_.head));
    if (stands) return Ok();
    return Conflict("dataset {} has no block {} any more", id_.ToString(), point_.head.ToText())
        .WithHint("its chain was replaced meanwhile; try again");
  }

  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId& id_;
  const ReadPoint& point_;
  const Chain chain_;
  std::shared_ptr<const PackedFiles> packed_;
  History history_;
  std::shared_ptr<engine::ScanSource> source_ = std::make_shared<engine::ScanSource>();
  std::uint64_t next_ = 0;  // the offset that comes next
  bool is_past_point_ = false;
};

// Some of the parts of a history.
class Selecting {
 public:
  Selecting(const Context& context, ChainStore& chains, const odf::DatasetId& id,
            const History& history)
      : chains_(chains),
        id_(id),
        history_(history),
        chain_(context, chains, id),
        context_(context) {}

  Result<std::optional<std::uint64_t>> LastOffset(std::uint64_t block) const {
    const auto beyond =
        std::ranges::upper_bound(history_.parts, block, {}, &HistoryPart::first_block);
    if (beyond == history_.parts.begin()) return std::optional<std::uint64_t>();
    const HistoryPart& part = *std::prev(beyond);
    if (part.last_block <= block) return std::optional(part.last_offset);
    ASSIGN_OR_RETURN(const std::uint64_t last, chain_.LastOffsetIn(part, block));
    return std::optional(last);
  }

  Result<std::shared_ptr<const engine::ScanSource>> Between(std::optional<std::uint64_t> after,
                                                            std::uint64_t last) {
    source_->columns = history_.source->columns;
    source_->tally = history_.source->tally;
    if (after) {
      ASSIGN_OR_RETURN(const auto before, LastOffset(*after));
      if (before) first_ = *before + 1;
    }
    ASSIGN_OR_RETURN(const auto end, LastOffset(last));
    if (!end || *end < first_) return Done();
    last_ = *end;
    for (std::size_t i = 0; i < history_.parts.size(); ++i) {
      const HistoryPart& part = history_.parts[i];
      if (part.last_offset < first_ || part.first_offset > last_) continue;
      RETURN_IF_ERROR(Add(part, history_.source->files[i]));
    }
    return Done();
  }

 private:
  // A handful of slices is read one by one: a packed one may have to be read whole for them.
  static constexpr std::size_t kFewSlices = 32;

  Status Add(const HistoryPart& part, const engine::ScanFile& file) {
    const bool is_within = part.first_offset >= first_ && part.last_offset <= last_;
    if (!is_within) {
      ASSIGN_OR_RETURN(const bool added, AddSlices(part));
      if (added) return Ok();
    }
    source_->files.push_back(file);
    if (!is_within || part.is_cut) is_cut_ = true;
    return Ok();
  }

  // The slices of `part` that are wanted; false: they are too many.
  Result<bool> AddSlices(const HistoryPart& part) {
    const std::uint64_t end = std::min(part.last_offset, last_);
    ASSIGN_OR_RETURN(const auto rows,
                     chain_.SlicesFrom(std::max(part.first_offset, first_), kFewSlices + 1));
    if (rows.size() > kFewSlices && rows.back().slice.offset_interval.start <= end) return false;
    ASSIGN_OR_RETURN(auto schemas, chains_.Schemas(context_, id_));
    Schemas known(std::move(schemas), {.sequence_number = history_.sequence_number});
    for (const SliceRow& row : rows) {
      if (row.slice.offset_interval.start > end) break;
      known.MoveTo(row.sequence_number);
      source_->files.push_back(
          chain_.FileOf(row, GroupOf({&row, 1}), 0, known, source_->columns.size()));
    }
    return true;
  }

  std::shared_ptr<const engine::ScanSource> Done() {
    if (is_cut_) {
      const std::string column = engine::Identifier(history_.offset_column);
      source_->where = fmt::format("{} BETWEEN {} AND {}", column, first_, last_);
    }
    return std::move(source_);
  }

  ChainStore& chains_;
  const odf::DatasetId& id_;
  const History& history_;
  const Chain chain_;
  const Context& context_;
  std::shared_ptr<engine::ScanSource> source_ = std::make_shared<engine::ScanSource>();
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
  bool is_cut_ = false;
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

Result<std::optional<std::uint64_t>> LastOffsetAt(const Context& context, ChainStore& chains,
                                                  const odf::DatasetId& id, const History& history,
                                                  std::uint64_t block) {
  return Selecting(context, chains, id, history).LastOffset(block);
}

Result<std::shared_ptr<const engine::ScanSource>> EventsBetween(
    const Context& context, ChainStore& chains, const odf::DatasetId& id, const History& history,
    std::optional<std::uint64_t> after, std::uint64_t last) {
  return Selecting(context, chains, id, history).Between(after, last);
}

}  // namespace weir::datasets
