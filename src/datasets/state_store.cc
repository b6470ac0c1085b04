#include "datasets/state_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "engine/sql_text.h"
#include "odf/system_names.h"

namespace weir::datasets {
namespace {

// The one table of the statement that makes a base.
class Events final : public engine::NameResolver {
 public:
  explicit Events(std::shared_ptr<const engine::ScanSource> source) : source_(std::move(source)) {}

  Result<std::optional<engine::ResolvedTable>> Resolve(
      const engine::TableName& table, const std::optional<engine::AtClause>&) override {
    if (table.name != "events") return std::optional<engine::ResolvedTable>();
    return std::optional(engine::ResolvedTable{.sql = "SELECT * FROM scan(0)", .scans = {source_}});
  }
  Result<bool> HasSchema(const std::string&) override { return false; }
  Result<std::vector<std::string>> ListSchemas() override { return std::vector<std::string>(); }
  Result<std::vector<std::string>> ListTables(const std::string&) override {
    return std::vector<std::string>();
  }

 private:
  std::shared_ptr<const engine::ScanSource> source_;
};

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
      "SELECT * FROM (SELECT * FROM events QUALIFY row_number() OVER (PARTITION BY {0} ORDER BY "
      "{1} "
      "DESC) = 1) WHERE {2} NOT IN (1, 2) ORDER BY {0}",
      columns, engine::Identifier(names.offset), engine::Identifier(names.op));
}

std::vector<std::string> NamesOf(const odf::DataSchema& schema) {
  std::vector<std::string> names;
  for (const odf::DataField& field : schema.fields) names.push_back(field.name);
  return names;
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
  auto source = std::make_shared<engine::ScanSource>();
  source->columns = history->source->columns;
  source->files = base->ScanFiles(base, history->schema);
  const auto newer = std::ranges::upper_bound(history->sequences, base->record().sequence_number);
  source->files.insert(source->files.end(),
                       history->source->files.begin() + (newer - history->sequences.begin()),
                       history->source->files.end());
  return StateEvents{.history = history,
                     .source = std::move(source),
                     .is_state = newer == history->sequences.end()};
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
  const auto names = files_.List(DirectoryOf(id));
  if (!names && names.error().code == ErrorCode::kNotFound) return 0;
  if (!names) return names.error();
  std::uint64_t bytes = 0;
  for (const std::string& name : *names) {
    const auto info = files_.Stat(DirectoryOf(id) / name);
    // A base that a newer one replaces goes while we look.
    if (!info && info.error().code != ErrorCode::kNotFound) return info.error();
    if (info) bytes += info->size;
  }
  return bytes;
}

std::filesystem::path StateStore::DirectoryOf(const odf::DatasetId& id) const {
  return directory_ / id.ToMultibase();
}

Result<std::shared_ptr<StateBase>> StateStore::BaseOf(const Context& context,
                                                      const odf::DatasetId& id) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = bases_.find(id); known != bases_.end()) return known->second;
  }
  auto loaded = StateBase::Load(context, files_, DirectoryOf(id));
  if (!loaded) RETURN_IF_ERROR(context.Check());
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
  for (std::size_t i = 0; i < history->sequences.size(); ++i) {
    const bool counts = !*serves || history->sequences[i] > base->record().sequence_number;
    if (counts) newer += history->source->files[i].rows;
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
  Events table(events.source);
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
