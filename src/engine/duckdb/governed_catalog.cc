#include "engine/duckdb/governed_catalog.h"

#include <algorithm>
#include <duckdb/catalog/catalog.hpp>
#include <duckdb/catalog/catalog_entry/schema_catalog_entry.hpp>
#include <duckdb/catalog/catalog_entry/view_catalog_entry.hpp>
#include <duckdb/catalog/entry_lookup_info.hpp>
#include <duckdb/common/string_util.hpp>
#include <duckdb/parser/parsed_data/create_schema_info.hpp>
#include <duckdb/parser/parsed_data/create_view_info.hpp>
#include <duckdb/planner/tableref/bound_at_clause.hpp>
#include <duckdb/storage/database_size.hpp>
#include <duckdb/storage/storage_extension.hpp>
#include <duckdb/transaction/transaction.hpp>
#include <duckdb/transaction/transaction_manager.hpp>
#include <limits>
#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "engine/duckdb/errors.h"
#include "engine/duckdb/slice_scan.h"
#include "engine/duckdb/statement_state.h"
#include "engine/duckdb/system_schema.h"

namespace weir::engine {
namespace {

using duckdb::optional_ptr;

[[noreturn]] void Refuse() {
  throw duckdb::PermissionException("nothing is created, changed or dropped by a query");
}

std::optional<AtClause> ReadAt(optional_ptr<duckdb::BoundAtClause> at) {
  if (!at) return std::nullopt;
  AtClause clause{duckdb::StringUtil::Lower(at->Unit()), at->GetValue().ToString()};
  if (clause.unit == "timestamp") {
    const duckdb::Value text(clause.value);
    const auto time = text.DefaultCastAs(duckdb::LogicalType::TIMESTAMP_TZ);
    // Timestamp ends in the years 1677 and 2262; nothing was committed beyond them.
    constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max() / 1000;
    const auto micros = std::clamp(time.GetValue<duckdb::timestamp_tz_t>().value, -kEnd, kEnd);
    clause.value = FormatTimestamp(Timestamp(std::chrono::microseconds(micros)));
  }
  return clause;
}

// `scan(0)` in the resolver's SQL becomes the table function with this statement's handle.
std::string WithHandles(const ResolvedTable& table, StatementState& state) {
  std::string sql = table.sql;
  for (std::size_t i = 0; i < table.scans.size(); ++i) {
    const std::string call = ScanCall(*table.scans[i], state.AddScan(table.scans[i]));
    sql = duckdb::StringUtil::Replace(sql, fmt::format("scan({})", i), call);
  }
  return sql;
}

class GovernedSchema final : public duckdb::SchemaCatalogEntry {
 public:
  using SchemaCatalogEntry::SchemaCatalogEntry;

  optional_ptr<duckdb::CatalogEntry> LookupEntry(duckdb::CatalogTransaction transaction,
                                                 const duckdb::EntryLookupInfo& info) override {
    const auto wanted = info.GetCatalogType();
    if (wanted != duckdb::CatalogType::TABLE_ENTRY && wanted != duckdb::CatalogType::VIEW_ENTRY) {
      return nullptr;
    }
    return MakeView(*transaction.context, info.GetEntryName(), ReadAt(info.GetAtClause()));
  }

  void Scan(duckdb::ClientContext& context, duckdb::CatalogType wanted,
            const std::function<void(duckdb::CatalogEntry&)>& callback) override {
    // Asked once for tables and once for views; answering both would list every name twice.
    if (wanted != duckdb::CatalogType::VIEW_ENTRY) return;
    const auto state = StatementState::Of(context);
    if (state->resolver() == nullptr) return;
    const auto names = state->resolver()->ListTables(name);
    if (!names) ThrowIntoDuckDb(names.error());
    for (const std::string& table : *names) {
      if (auto view = Outline(context, table)) callback(*view);
    }
  }
  void Scan(duckdb::CatalogType, const std::function<void(duckdb::CatalogEntry&)>&) override {}

  using Created = optional_ptr<duckdb::CatalogEntry>;
  using Transaction = duckdb::CatalogTransaction;
  Created CreateIndex(Transaction, duckdb::CreateIndexInfo&, duckdb::TableCatalogEntry&) override {
    Refuse();
  }
  Created CreateFunction(Transaction, duckdb::CreateFunctionInfo&) override { Refuse(); }
  Created CreateTable(Transaction, duckdb::BoundCreateTableInfo&) override { Refuse(); }
  Created CreateView(Transaction, duckdb::CreateViewInfo&) override { Refuse(); }
  Created CreateSequence(Transaction, duckdb::CreateSequenceInfo&) override { Refuse(); }
  Created CreateTableFunction(Transaction, duckdb::CreateTableFunctionInfo&) override { Refuse(); }
  Created CreateCopyFunction(Transaction, duckdb::CreateCopyFunctionInfo&) override { Refuse(); }
  Created CreatePragmaFunction(Transaction, duckdb::CreatePragmaFunctionInfo&) override {
    Refuse();
  }
  Created CreateCollation(Transaction, duckdb::CreateCollationInfo&) override { Refuse(); }
  Created CreateType(Transaction, duckdb::CreateTypeInfo&) override { Refuse(); }
  void DropEntry(duckdb::ClientContext&, duckdb::DropInfo&) override { Refuse(); }
  void Alter(Transaction, duckdb::AlterInfo&) override { Refuse(); }

 private:
  optional_ptr<duckdb::CatalogEntry> MakeView(duckdb::ClientContext& context,
                                              const std::string& table,
                                              const std::optional<AtClause>& at) {
    const auto state = StatementState::Of(context);
    if (state->resolver() == nullptr) return nullptr;
    return AsView(*state, table, state->resolver()->Resolve({name, table}, at));
  }

  optional_ptr<duckdb::CatalogEntry> Outline(duckdb::ClientContext& context,
                                             const std::string& table) {
    const auto state = StatementState::Of(context);
    return AsView(*state, table, state->resolver()->Outline({name, table}));
  }

  optional_ptr<duckdb::CatalogEntry> AsView(StatementState& state, const std::string& table,
                                            const Result<std::optional<ResolvedTable>>& resolved) {
    if (!resolved) ThrowIntoDuckDb(resolved.error());
    if (!*resolved) return nullptr;
    duckdb::CreateViewInfo info(catalog.GetName(), name, table);
    info.query = duckdb::CreateViewInfo::ParseSelect(WithHandles(**resolved, state));
    auto view = duckdb::make_shared_ptr<duckdb::ViewCatalogEntry>(catalog, *this, info);
    state.Keep(view);
    return view.get();
  }
};

class GovernedCatalog final : public duckdb::Catalog {
 public:
  using Catalog::Catalog;

  void Initialize(bool) override {}
  std::string GetCatalogType() override { return kCatalogName; }
  bool SupportsTimeTravel() const override { return true; }
  // `system` is a database of DuckDB's too; what that lacks is found here (system_schema.h).
  bool CheckAmbiguousCatalogOrSchema(duckdb::ClientContext& context,
                                     const std::string& schema) override {
    return !duckdb::StringUtil::CIEquals(schema, kSystemSchema) &&
           Catalog::CheckAmbiguousCatalogOrSchema(context, schema);
  }
  std::string GetDefaultSchema() const override { return "public"; }

  optional_ptr<duckdb::SchemaCatalogEntry> LookupSchema(
      duckdb::CatalogTransaction transaction, const duckdb::EntryLookupInfo& info,
      duckdb::OnEntryNotFound if_not_found) override {
    const std::string name = duckdb::StringUtil::Lower(info.GetEntryName());
    if (HasSchema(*transaction.context, name)) return &SchemaNamed(name);
    if (if_not_found == duckdb::OnEntryNotFound::RETURN_NULL) return nullptr;
    throw duckdb::CatalogException("there is no schema %s", name);
  }

  void ScanSchemas(duckdb::ClientContext& context,
                   std::function<void(duckdb::SchemaCatalogEntry&)> callback) override {
    for (const std::string& schema : SchemasOf(context)) callback(SchemaNamed(schema));
  }

  optional_ptr<duckdb::CatalogEntry> CreateSchema(duckdb::CatalogTransaction,
                                                  duckdb::CreateSchemaInfo&) override {
    Refuse();
  }
  void DropSchema(duckdb::ClientContext&, duckdb::DropInfo&) override { Refuse(); }
  duckdb::PhysicalOperator& PlanCreateTableAs(duckdb::ClientContext&,
                                              duckdb::PhysicalPlanGenerator&,
                                              duckdb::LogicalCreateTable&,
                                              duckdb::PhysicalOperator&) override {
    Refuse();
  }
  duckdb::PhysicalOperator& PlanInsert(duckdb::ClientContext&, duckdb::PhysicalPlanGenerator&,
                                       duckdb::LogicalInsert&,
                                       optional_ptr<duckdb::PhysicalOperator>) override {
    Refuse();
  }
  duckdb::PhysicalOperator& PlanDelete(duckdb::ClientContext&, duckdb::PhysicalPlanGenerator&,
                                       duckdb::LogicalDelete&, duckdb::PhysicalOperator&) override {
    Refuse();
  }
  duckdb::PhysicalOperator& PlanUpdate(duckdb::ClientContext&, duckdb::PhysicalPlanGenerator&,
                                       duckdb::LogicalUpdate&, duckdb::PhysicalOperator&) override {
    Refuse();
  }
  duckdb::DatabaseSize GetDatabaseSize(duckdb::ClientContext&) override { return {}; }
  bool InMemory() override { return true; }
  std::string GetDBPath() override { return ""; }

 private:
  static bool HasSchema(duckdb::ClientContext& context, const std::string& name) {
    if (name == GetDefaultName()) return true;
    // Outside of a statement (attaching, committing) there is nothing to see.
    const auto state = context.registered_state->Get<StatementState>(StatementState::kKey);
    if (!state || state->resolver() == nullptr) return false;
    const auto has = state->resolver()->HasSchema(name);
    if (!has) ThrowIntoDuckDb(has.error());
    return *has;
  }

  static std::vector<std::string> SchemasOf(duckdb::ClientContext& context) {
    const auto state = context.registered_state->Get<StatementState>(StatementState::kKey);
    if (!state || state->resolver() == nullptr) return {GetDefaultName()};
    auto schemas = state->resolver()->ListSchemas();
    if (!schemas) ThrowIntoDuckDb(schemas.error());
    return std::move(schemas).value();
  }
  static std::string GetDefaultName() { return "public"; }

  duckdb::SchemaCatalogEntry& SchemaNamed(const std::string& name) {
    const std::lock_guard lock(mutex_);
    auto& schema = schemas_[name];
    if (!schema) {
      duckdb::CreateSchemaInfo info;
      info.schema = name;
      schema = duckdb::make_uniq<GovernedSchema>(*this, info);
    }
    return *schema;
  }

  std::mutex mutex_;
  // Never shrinks while the instance lives: DuckDB holds references across statements.
  std::unordered_map<std::string, duckdb::unique_ptr<GovernedSchema>> schemas_;
};

// DuckDB wants a transaction in every database; ours has nothing to commit.
class NoTransactions final : public duckdb::TransactionManager {
 public:
  using TransactionManager::TransactionManager;

  duckdb::Transaction& StartTransaction(duckdb::ClientContext& context) override {
    auto transaction = duckdb::make_uniq<duckdb::Transaction>(*this, context);
    const std::lock_guard lock(mutex_);
    auto& started = *transaction;
    running_[&started] = std::move(transaction);
    return started;
  }
  duckdb::ErrorData CommitTransaction(duckdb::ClientContext&,
                                      duckdb::Transaction& transaction) override {
    RollbackTransaction(transaction);
    return {};
  }
  void RollbackTransaction(duckdb::Transaction& transaction) override {
    const std::lock_guard lock(mutex_);
    running_.erase(&transaction);
  }
  void Checkpoint(duckdb::ClientContext&, bool) override {}

 private:
  std::mutex mutex_;
  std::unordered_map<duckdb::Transaction*, duckdb::unique_ptr<duckdb::Transaction>> running_;
};

duckdb::unique_ptr<duckdb::Catalog> Attach(optional_ptr<duckdb::StorageExtensionInfo>,
                                           duckdb::ClientContext&,
                                           duckdb::AttachedDatabase& database, const std::string&,
                                           duckdb::AttachInfo&, duckdb::AttachOptions&) {
  return duckdb::make_uniq<GovernedCatalog>(database);
}

duckdb::unique_ptr<duckdb::TransactionManager> MakeTransactions(
    optional_ptr<duckdb::StorageExtensionInfo>, duckdb::AttachedDatabase& database,
    duckdb::Catalog&) {
  return duckdb::make_uniq<NoTransactions>(database);
}

}  // namespace

void RegisterGovernedCatalog(duckdb::DBConfig& config) {
  auto extension = duckdb::make_shared_ptr<duckdb::StorageExtension>();
  extension->attach = Attach;
  extension->create_transaction_manager = MakeTransactions;
  duckdb::StorageExtension::Register(config, kCatalogName, std::move(extension));
  config.replacement_scans.emplace_back(FindInSystemSchema);
}

}  // namespace weir::engine
