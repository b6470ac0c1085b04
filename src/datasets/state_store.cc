#include "datasets/state_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "datasets/cached_files.h"
#include "datasets/lost_files.h"
#include "datasets/one_table.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"

namespace weir::datasets {
namespace {

bool HasColumns(const odf::DataSchema& schema, const std::vector<std::string>& names) {
  return std::ranges::all_of(names, [&](const std::string& name) {
    return std::ranges::find(schema.fields, name, &odf::DataField::name) != schema.fields.end();
  });
}

std::string StatementOf(const odf::SystemNames& names, const std::vector<std::string>& key) {
  std::vector<std::string> quoted;
  for (const std::string& column : key) quoted.push_back(engine::Identifier(column));
  const std::string columns = fmt::format("{}", fmt::join(quoted, ", "));
  return fmt::format(
      "SELECT * FROM (SELECT * FROM rows QUALIFY row_number() OVER (PARTITION BY {0} ORDER BY "
      "{1} "
      "DESC) = 1) WHERE {2} NOT IN (1, 2) ORDER BY {0}",
      columns, engine::Identifier(names.offset), engine::Identifier(names.op));
}

bool IsThere(const Files& files, const std::filesystem::path& directory, const StateBase& base) {
  const StateRecord& record = base.record();
  for (std::size_t i = 0; i < record.files.size(); ++i) {
    const auto path = directory / record.names[i];
    if (!datasets::IsThere(files, path, record.files[i].slice.size)) return false;
  }
  return true;
}

}  // namespace

StateStore::StateStore(ChainStore& chains, Files& files, std::filesystem::path directory,
                       StateStoreOptions options)
    : chains_(chains), files_(files), directory_(std::move(directory)), options_(options) {}

Result<StateEvents> StateStore::Read(const Context& context, const odf::DatasetId& id,
                                     const ReadPoint& point, const std::vector<std::string>& key) {
  ASSIGN_OR_RETURN(const auto history, ReadHistory(context, chains_, id, point));
  if (!history) return StateEvents{};
  ASSIGN_OR_RETURN(const std::shared_ptr<const StateBase> base, BaseOf(context, id));
  const auto serves = base ? Serves(context, id, *base, point, key) : Result<bool>(false);
  if (!serves) return serves.error();
  if (!*serves) return StateEvents{.history = history, .source = history->source};
  uses_.Note(id);
  auto source = std::make_shared<engine::ScanSource>();
  source->columns = history->source->columns;
  source->where = history->source->where;
  source->tally = history->source->tally;
  source->files = base->ScanFiles(base, history->schema);
  // A packed slice may begin before the base: the last event of a key decides, and what the base
  // has seen too decides nothing else.
  const auto newer = std::ranges::find_if(history->parts,
                                          [&](const HistoryPart& part) {
                                            return part.last_block > base->record().sequence_number;
                                          }) -
                     history->parts.begin();
  source->files.insert(source->files.end(), history->source->files.begin() + newer,
                       history->source->files.end());
  return StateEvents{.history = history,
                     .source = std::move(source),
                     .is_state = newer == std::ssize(history->parts)};
}

Result<bool> StateStore::Serves(const Context& context, const odf::DatasetId& id,
                                const StateBase& base, const ReadPoint& point,
                                const std::vector<std::string>& key) {
  const StateRecord& record = base.record();
  if (record.key != key || record.sequence_number > point.sequence_number) return false;
  const odf::SystemNames names(point.vocab);
  const auto has = [&](const std::string& name) {
    return std::ranges::find(record.columns, name) != record.columns.end();
  };
  if (!has(names.offset) || !has(names.op)) return false;
  const auto block = chains_.FindBlock(context, id, record.sequence_number);
  if (!block && block.error().code != ErrorCode::kNotFound) return block.error();
  return block && block->hash == record.head;
}

Result<std::uint64_t> StateStore::KeptBytes(const odf::DatasetId& id) const {
  return BytesIn(files_, DirectoryOf(id));
}

Result<std::vector<CacheEntry>> StateStore::Entries() const {
  return EntriesBelow(files_, directory_, uses_);
}

Status StateStore::Evict(const Context&, const odf::DatasetId& id) {
  const std::lock_guard not_while_one_is_made(refreshing_);
  const std::lock_guard nor_loaded(loading_);
  std::shared_ptr<StateBase> gone;
  {
    const std::lock_guard lock(mutex_);
    const auto known = bases_.find(id);
    if (known != bases_.end()) gone = std::exchange(known->second, nullptr);
  }
  if (!gone) return files_.RemoveTree(DirectoryOf(id));
  gone->Retire();
  return gone->Forget();
}

std::filesystem::path StateStore::DirectoryOf(const odf::DatasetId& id) const {
  return directory_ / id.ToMultibase();
}

Result<std::shared_ptr<StateBase>> StateStore::BaseOf(const Context& context,
                                                      const odf::DatasetId& id) {
  const auto find = [&]() -> std::optional<std::shared_ptr<StateBase>> {
    const std::lock_guard lock(mutex_);
    const auto known = bases_.find(id);
    return known == bases_.end() ? std::nullopt : std::optional(known->second);
  };
  if (const auto known = find()) {
    if (!*known || IsThere(files_, DirectoryOf(id), **known)) return *known;
    const std::lock_guard lock(mutex_);
    if (auto& kept = bases_[id]; kept == *known) std::exchange(kept, nullptr)->Retire();
    return std::shared_ptr<StateBase>();
  }
  // What is loaded is tidied up too, which nobody may do beside one who writes.
  const std::lock_guard one_at_a_time(loading_);
  if (const auto known = find()) return *known;
  auto loaded = StateBase::Load(context, files_, DirectoryOf(id));
  if (!loaded) RETURN_IF_ERROR(context.Check());
  if (!loaded && IsDamage(loaded.error())) (void)files_.RemoveTree(DirectoryOf(id));
  // Whatever else keeps it from being read, the history says the same.
  const std::lock_guard lock(mutex_);
  return bases_.emplace(id, loaded ? *std::move(loaded) : nullptr).first->second;
}

Result<bool> StateStore::Pays(const Context& context, const odf::DatasetId& id,
                              const ReadPoint& point, const std::vector<std::string>& key) {
  ASSIGN_OR_RETURN(const auto base, BaseOf(context, id));
  const auto serves = base ? Serves(context, id, *base, point, key) : Result<bool>(false);
  if (!serves) return serves.error();
  ASSIGN_OR_RETURN(const auto history, ReadHistory(context, chains_, id, point));
  if (!history || !HasColumns(history->schema, key)) return false;
  const odf::SystemNames names(point.vocab);
  if (!HasColumns(history->schema, {names.offset, names.op})) return false;
  std::uint64_t newer = 0;
  for (const HistoryPart& part : history->parts) {
    const bool counts = !*serves || part.last_block > base->record().sequence_number;
    if (counts) newer += part.last_offset - part.first_offset + 1;
  }
  // So that all rewriting together costs a few times what was written.
  const std::uint64_t least =
      *serves ? std::max(options_.least_rows, base->rows() / 4) : options_.least_rows;
  return newer >= least;
}

Result<bool> StateStore::Refresh(const Context& context, engine::Engine& engine,
                                 const odf::DatasetId& id, const ReadPoint& point,
                                 const std::vector<std::string>& key) {
  const std::lock_guard one_at_a_time(refreshing_);
  ASSIGN_OR_RETURN(const bool pays, Pays(context, id, point, key));
  if (!pays) return false;
  ASSIGN_OR_RETURN(const StateEvents events, Read(context, id, point, key));
  OneTable table(events.source);
  ASSIGN_OR_RETURN(const auto rows,
                   engine.Run(context, {.sql = StatementOf(odf::SystemNames(point.vocab), key),
                                        .resolver = &table}));
  ASSIGN_OR_RETURN(auto base, StateBase::Write(context, files_, DirectoryOf(id), *rows,
                                               {.head = point.head,
                                                .sequence_number = point.sequence_number,
                                                .key = key,
                                                .columns = NamesOf(events.history->schema)},
                                               options_.rows_of_file));
  const std::lock_guard lock(mutex_);
  auto& kept = bases_[id];
  if (kept) kept->Retire();
  kept = std::move(base);
  return true;
}

}  // namespace weir::datasets
