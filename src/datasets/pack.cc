#include "datasets/pack.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <variant>

#include "datasets/history.h"
#include "datasets/one_table.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"

namespace weir::datasets {
namespace {

constexpr std::uint64_t kLeastFilters = 8;  // before what is asked for says more than the key

// Of any strategy that has one, also of those that keep every row.
std::vector<std::string> PrimaryKeyOf(const odf::MergeStrategy& strategy) {
  return std::visit(
      [](const auto& merge) -> std::vector<std::string> {
        if constexpr (requires { merge.primary_key; }) return merge.primary_key;
        return {};
      },
      strategy.value);
}

std::vector<std::string> PrimaryKeyOf(const odf::ChainState& chain) {
  if (chain.polling_source) return PrimaryKeyOf(chain.polling_source->merge);
  for (const auto& [name, source] : chain.push_sources) return PrimaryKeyOf(source.merge);
  return {};
}

bool HasColumn(const odf::DataSchema& schema, const std::string& name) {
  return std::ranges::find(schema.fields, name, &odf::DataField::name) != schema.fields.end();
}

// One PackNext.
class Packing {
 public:
  Packing(const Context& context, ChainStore& chains, PackStore& packs, engine::Engine& engine,
          const odf::DatasetId& id)
      : context_(context), chains_(chains), packs_(packs), engine_(engine), id_(id) {}

  Result<std::optional<Packed>> Run(const PackLimits& limits) {
    ASSIGN_OR_RETURN(const auto record, chains_.Read(context_, id_));
    if (!record.chain.has_data) return std::optional<Packed>();
    const ReadPoint head{.head = record.chain.head.value(),
                         .sequence_number = record.chain.sequence_number,
                         .vocab = record.chain.vocab};
    ASSIGN_OR_RETURN(history_, ReadHistory(context_, chains_, id_, head));
    // Rows without an offset cannot be told apart again.
    if (!history_ || !HasColumn(history_->schema, history_->offset_column)) {
      return std::optional<Packed>();
    }
    const auto run = NextPack(Units(), limits);
    if (!run) return std::optional<Packed>();
    ASSIGN_OR_RETURN(PackedRecord made, RecordOf(*run));
    ASSIGN_OR_RETURN(auto written, Write(*run, record.chain));
    if (written.size() != 1 || written[0].row.facts.rows != Rows(made)) {
      for (const CachedFile& file : written) (void)Remove(file);
      return Internal("packing {} rows of {} gave others", Rows(made), id_.ToString());
    }
    made.file = std::move(written[0]);
    const Packed packed{.files = 1,
                        .slices = made.slices - packed_before_,
                        .rows = Rows(made),
                        .bytes = made.file.row.slice.size};
    RETURN_IF_ERROR(Keep(std::move(made)));
    return std::optional(packed);
  }

 private:
  std::vector<PackUnit> Units() const {
    std::vector<PackUnit> units;
    for (std::size_t i = 0; i < history_->parts.size(); ++i) {
      const HistoryPart& part = history_->parts[i];
      units.push_back({.rows = part.last_offset - part.first_offset + 1,
                       .bytes = history_->source->files[i].size,
                       .is_packed = part.packed != nullptr});
    }
    return units;
  }

  static std::uint64_t Rows(const PackedRecord& record) {
    return record.last_offset - record.first_offset + 1;
  }

  Result<PackedRecord> RecordOf(const PackRun& run) {
    const HistoryPart& first = history_->parts[run.begin];
    const HistoryPart& last = history_->parts[run.end - 1];
    PackedRecord made{.first_offset = first.first_offset,
                      .last_offset = last.last_offset,
                      .first_block = first.first_block,
                      .last_block = last.last_block,
                      .only_appends = true,
                      .columns = NamesOf(history_->schema)};
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const HistoryPart& part = history_->parts[i];
      made.only_appends = made.only_appends && part.only_appends;
      made.slices += part.packed ? part.packed->record().slices : 1;
      if (part.packed) packed_before_ += part.packed->record().slices;
    }
    ASSIGN_OR_RETURN(const BlockRow block, chains_.FindBlock(context_, id_, made.last_block));
    made.head = block.hash;
    return made;
  }

  Result<std::vector<CachedFile>> Write(const PackRun& run, const odf::ChainState& chain) {
    auto source = std::make_shared<engine::ScanSource>();
    source->columns = history_->source->columns;
    source->files.assign(history_->source->files.begin() + static_cast<std::ptrdiff_t>(run.begin),
                         history_->source->files.begin() + static_cast<std::ptrdiff_t>(run.end));
    OneTable table(std::move(source));
    std::string order;
    for (const std::string& column : PackOrder(chain, packs_.TallyOf(id_)->counts())) {
      if (HasColumn(history_->schema, column)) order += engine::Identifier(column) + ", ";
    }
    order += engine::Identifier(history_->offset_column);
    ASSIGN_OR_RETURN(
        const auto rows,
        engine_.Run(context_, {.sql = "SELECT * FROM rows ORDER BY " + order, .resolver = &table}));
    return WriteCachedFiles(context_, packs_.files(), packs_.DirectoryOf(id_),
                            std::to_string(history_->parts[run.begin].first_offset), *rows,
                            std::numeric_limits<std::uint64_t>::max());
  }

  // Unless the chain was replaced while its slices were read.
  Status Keep(PackedRecord made) {
    const CachedFile file = made.file;
    const auto head = chains_.FindBlock(context_, id_, history_->sequence_number);
    if (!head || head->hash != history_->head) {
      (void)Remove(file);
      return Conflict("the chain of {} was replaced while it was packed", id_.ToString());
    }
    return packs_.Put(context_, id_, std::move(made));
  }

  Status Remove(const CachedFile& file) {
    return packs_.files().Remove(packs_.DirectoryOf(id_) / file.name);
  }

  const Context& context_;
  ChainStore& chains_;
  PackStore& packs_;
  engine::Engine& engine_;
  const odf::DatasetId& id_;
  std::shared_ptr<const History> history_;
  std::uint64_t packed_before_ = 0;  // slices of the packed ones that are written again
};

}  // namespace

void Packed::Add(const Packed& other) {
  files += other.files;
  slices += other.slices;
  rows += other.rows;
  bytes += other.bytes;
}

std::vector<std::string> PackOrder(const odf::ChainState& chain,
                                   const engine::FilterTally::Counts& filters) {
  const odf::SystemNames names(chain.vocab);
  const std::string* most = nullptr;
  std::uint64_t times = kLeastFilters - 1;
  for (const auto& [column, count] : filters) {
    // Filters on these are mostly our own.
    const bool is_ours =
        column == names.offset || column == names.op || column == names.system_time;
    if (is_ours || count <= times) continue;
    most = &column;
    times = count;
  }
  return most != nullptr ? std::vector<std::string>{*most} : PrimaryKeyOf(chain);
}

Result<std::optional<Packed>> PackNext(const Context& context, ChainStore& chains, PackStore& packs,
                                       engine::Engine& engine, const odf::DatasetId& id,
                                       const PackLimits& limits) {
  return Packing(context, chains, packs, engine, id).Run(limits);
}

}  // namespace weir::datasets
