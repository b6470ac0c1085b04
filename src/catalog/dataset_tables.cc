#include "catalog/dataset_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "catalog/block_table.h"
#include "catalog/system_tables.h"
#include "datasets/history.h"
#include "datasets/state_rule.h"
#include "datasets/state_sql.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "slices/column_type.h"

namespace weir::catalog {
namespace {

using engine::ResolvedTable;

// A block to read a dataset at.
datasets::ReadPoint HeadOf(const datasets::ChainRecord& record) {
  return {.head = record.chain.head.value(),
          .sequence_number = record.chain.sequence_number,
          .vocab = record.chain.vocab};
}

enum class Part { kState, kHistory, kBlocks };

struct TableParts {
  std::string dataset;
  Part part;
};

// nullopt for a name with a part that no dataset has.
std::optional<TableParts> PartsOf(const std::string& name) {
  const std::size_t dollar = name.rfind('$');
  if (dollar == std::string::npos) return TableParts{name, Part::kState};
  std::string part = name.substr(dollar + 1);
  std::ranges::transform(part, part.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  if (part == "history") return TableParts{name.substr(0, dollar), Part::kHistory};
  if (part == "blocks") return TableParts{name.substr(0, dollar), Part::kBlocks};
  if (part == "quarantine") return TableParts{name, Part::kState};  // a dataset of its own
  return std::nullopt;
}

// Before there is a schema there are the system columns, and no row.
odf::DataSchema NoDataYet(const odf::SystemNames& names) {
  const odf::DataType time{.value = odf::DataTypeTimestamp{}};
  odf::DataSchema schema;
  schema.fields.push_back({.name = names.offset, .type = {.value = odf::DataTypeInt64{}}});
  schema.fields.push_back({.name = names.op, .type = {.value = odf::DataTypeInt32{}}});
  schema.fields.push_back({.name = names.system_time, .type = time});
  schema.fields.push_back({.name = names.event_time, .type = time});
  return schema;
}

// Columns of `schema` named in `columns`, and no row.
Result<ResolvedTable> Empty(const odf::DataSchema& schema,
                            const std::vector<std::string>& columns) {
  std::string sql = "SELECT ";
  for (const std::string& column : columns) {
    const auto field = std::ranges::find(schema.fields, column, &odf::DataField::name);
    ASSIGN_OR_RETURN(const std::string type, slices::SqlOf(column, field->type));
    if (&column != &columns.front()) sql += ", ";
    sql += fmt::format("CAST(NULL AS {}) AS {}", type, engine::Identifier(column));
  }
  return ResolvedTable{.sql = sql + " WHERE false", .scans = {}};
}

std::vector<std::string> AllColumns(const odf::DataSchema& schema) {
  std::vector<std::string> names;
  for (const odf::DataField& field : schema.fields) names.push_back(field.name);
  return names;
}

std::optional<std::uint64_t> NumberIn(const std::string& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

}  // namespace

struct DatasetTables::Point : datasets::ReadPoint {
  odf::ChainState in_force = {};
};

DatasetTables::DatasetTables(Context context, datasets::ChainStore& chains,
                             datasets::StateStore& states, std::vector<PinnedDataset> pinned)
    : context_(std::move(context)), chains_(chains), states_(states), pinned_(std::move(pinned)) {}

Result<std::optional<ResolvedTable>> DatasetTables::Resolve(
    const engine::TableName& table, const std::optional<engine::AtClause>& at) {
  if (table.schema == kSystemSchema)
    return SystemTables(context_, chains_.store()).Resolve(table.name);
  const auto parts = PartsOf(table.name);
  if (!parts) return std::optional<ResolvedTable>();
  ASSIGN_OR_RETURN(const auto found, FindAt(table, parts->dataset));
  if (!found) return std::optional<ResolvedTable>();
  ASSIGN_OR_RETURN(const Point point, PointOf(*found, at));
  if (parts->part == Part::kBlocks) {
    return std::optional(
        ResolvedTable{.sql = "SELECT * FROM scan(0)",
                      .scans = {BlockTable(context_, chains_, found->id, point.sequence_number)}});
  }
  ASSIGN_OR_RETURN(ResolvedTable resolved, parts->part == Part::kState
                                               ? State(*found, point)
                                               : HistoryTable(*found, point));
  return std::optional(std::move(resolved));
}

Result<std::optional<ResolvedTable>> DatasetTables::Outline(const engine::TableName& table) {
  if (table.schema == kSystemSchema) return SystemTables::Outline(table.name);
  ASSIGN_OR_RETURN(const auto found, FindAt(table, table.name));
  if (!found) return std::optional<ResolvedTable>();
  const odf::ChainState& chain = found->record.chain;
  const odf::SystemNames names(chain.vocab);
  odf::DataSchema schema = chain.schema ? *chain.schema : NoDataYet(names);
  if (!chain.schema && chain.schema_is_raw) {
    ASSIGN_OR_RETURN(auto schemas, chains_.Schemas(context_, found->id));
    if (!schemas.empty()) schema = std::move(schemas.back().schema);
  }
  const datasets::StateRule rule = datasets::StateRuleOf(chain);
  ASSIGN_OR_RETURN(ResolvedTable outline,
                   Empty(schema, datasets::StateColumns(
                                     {.schema = schema,
                                      .names = names,
                                      .rule = rule,
                                      .has_own_event_time = datasets::HasOwnEventTime(chain)})));
  return std::optional(std::move(outline));
}

Result<std::optional<odf::DatasetId>> DatasetTables::Find(const std::string& workspace,
                                                          const std::string& name) {
  const std::string folded = datasets::FoldName(name);
  for (const PinnedDataset& pin : pinned_) {
    const std::string alias = datasets::FoldName(pin.alias);
    if (alias == folded || alias == datasets::FoldName(workspace) + "/" + folded) {
      return std::optional(pin.id);
    }
  }
  ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
  auto entry = datasets::FindDataset(*snapshot, workspace, name);
  if (entry) return std::optional(entry->id);
  if (entry.error().code == ErrorCode::kNotFound) return std::optional<odf::DatasetId>();
  return std::move(entry).error();
}

Result<std::optional<DatasetTables::Found>> DatasetTables::FindAt(const engine::TableName& table,
                                                                  const std::string& name) {
  ASSIGN_OR_RETURN(const auto id, Find(table.schema, name));
  if (!id) return std::optional<Found>();
  auto known = records_.find(*id);
  if (known == records_.end()) {
    ASSIGN_OR_RETURN(auto record, chains_.Read(context_, *id));
    if (!record.chain.head) return Corrupt("dataset {} has no head", id->ToString());
    known = records_.emplace(*id, std::move(record)).first;
    used_[*id] = {.alias = name, .id = *id, .head = known->second.chain.head.value()};
  }
  return std::optional(Found{*id, known->second});
}

Result<DatasetTables::Point> DatasetTables::PointOf(const Found& found,
                                                    const std::optional<engine::AtClause>& at) {
  Point point{HeadOf(found.record), found.record.chain};
  const auto pin = std::ranges::find(pinned_, found.id, &PinnedDataset::id);
  const auto pinned = pin == pinned_.end() ? std::nullopt : pin->head;
  if (!at && !pinned) return point;
  const auto block = [&]() -> Result<datasets::BlockRow> {
    if (!at) return chains_.FindBlock(context_, found.id, *pinned);
    if (at->unit == "timestamp") {
      ASSIGN_OR_RETURN(const Timestamp time, ParseTimestamp(at->value));
      return chains_.FindBlock(context_, found.id, time);
    }
    if (const auto number = NumberIn(at->value)) {
      return chains_.FindBlock(context_, found.id, *number);
    }
    const auto hash = Multihash::Parse(at->value);
    if (!hash) {
      return Invalid("{} is no version: it takes a block hash or a sequence number", at->value);
    }
    return chains_.FindBlock(context_, found.id, *hash);
  }();
  if (!block) return block.error();
  if (block->sequence_number > point.sequence_number) {
    return NotFound("the chain had no block {} yet when the statement began",
                    block->sequence_number);
  }
  if (block->hash != point.head) {
    ASSIGN_OR_RETURN(point.in_force, chains_.InForce(context_, found.id, block->sequence_number));
  }
  point.head = block->hash;
  point.sequence_number = block->sequence_number;
  point.vocab = point.in_force.vocab;
  if (!at) used_[found.id].head = block->hash;
  return point;
}

// What the state is made from: where rows have a key, what is kept of it.
Result<datasets::StateEvents> DatasetTables::Events(const Found& found, const Point& point,
                                                    const datasets::StateRule& rule) {
  if (!rule.key.empty()) return states_.Read(context_, found.id, point, rule.key);
  datasets::StateEvents events;
  ASSIGN_OR_RETURN(events.history, datasets::ReadHistory(context_, chains_, found.id, point));
  if (events.history) {
    events.source = events.history->source;
    events.is_state = events.history->only_appends;
  }
  return events;
}

Result<ResolvedTable> DatasetTables::State(const Found& found, const Point& point) {
  const odf::ChainState& chain = point.in_force;
  const odf::SystemNames names(chain.vocab);
  const datasets::StateRule rule = datasets::StateRuleOf(chain);
  ASSIGN_OR_RETURN(const auto events, Events(found, point, rule));
  const odf::DataSchema schema = events.history ? events.history->schema : NoDataYet(names);
  const datasets::StateTable table{.schema = schema,
                                   .names = names,
                                   .rule = rule,
                                   .has_own_event_time = datasets::HasOwnEventTime(chain),
                                   .is_state = events.is_state};
  if (!events.source || events.source->files.empty())
    return Empty(schema, datasets::StateColumns(table));
  return ResolvedTable{.sql = datasets::StateSql(table), .scans = {events.source}};
}

Result<ResolvedTable> DatasetTables::HistoryTable(const Found& found, const Point& point) {
  ASSIGN_OR_RETURN(const auto history, datasets::ReadHistory(context_, chains_, found.id, point));
  if (!history || history->source->files.empty()) {
    const odf::DataSchema schema =
        history ? history->schema : NoDataYet(odf::SystemNames(point.vocab));
    return Empty(schema, AllColumns(schema));
  }
  return ResolvedTable{.sql = "SELECT * FROM scan(0)", .scans = {history->source}};
}

Result<bool> DatasetTables::HasSchema(const std::string& schema) {
  if (schema == kSystemSchema) return true;
  ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
  return datasets::HasDatasets(*snapshot, schema);
}

Result<std::vector<std::string>> DatasetTables::ListSchemas() {
  ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
  std::set<std::string> schemas = {"public", kSystemSchema};
  std::optional<odf::DatasetId> after;
  while (true) {
    ASSIGN_OR_RETURN(const auto entries, datasets::ListDatasets(*snapshot, after));
    for (const auto& entry : entries) schemas.insert(entry.workspace);
    if (entries.size() < 1000) return std::vector<std::string>(schemas.begin(), schemas.end());
    after = entries.back().id;
  }
}

Result<std::vector<std::string>> DatasetTables::ListTables(const std::string& schema) {
  if (schema == kSystemSchema) return SystemTables::Names();
  ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
  std::vector<std::string> names;
  std::optional<std::string> after;
  while (true) {
    ASSIGN_OR_RETURN(const auto entries, datasets::ListDatasets(*snapshot, schema, after));
    for (const auto& entry : entries) names.push_back(entry.name);
    if (entries.size() < 1000) return names;
    after = entries.back().name;
  }
}

std::vector<UsedDataset> DatasetTables::used() const {
  std::vector<UsedDataset> all;
  for (const auto& [id, dataset] : used_) all.push_back(dataset);
  return all;
}

}  // namespace weir::catalog
