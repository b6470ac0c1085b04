#include "engine/duckdb/slice_scan.h"

#include <fmt/format.h>
#include <duckdb/catalog/catalog_entry/table_function_catalog_entry.hpp>
#include <duckdb/common/multi_file/multi_file_list.hpp>
#include <duckdb/common/multi_file/multi_file_reader.hpp>
#include <duckdb/common/multi_file/multi_file_states.hpp>
#include <duckdb/parser/expression/constant_expression.hpp>
#include <duckdb/parser/parsed_data/create_table_function_info.hpp>
#include <duckdb/planner/table_filter.hpp>
#include <duckdb/storage/statistics/base_statistics.hpp>
#include <duckdb/storage/statistics/node_statistics.hpp>
#include <memory>
#include <vector>

#include "engine/duckdb/bounds.h"
#include "engine/duckdb/statement_state.h"
#include "engine/duckdb/weir_files.h"
#include "engine/sql_text.h"

namespace weir::engine {
namespace {

using duckdb::idx_t;

// The files of a scan that are still wanted. The source is shared; only the choice is ours.
class SliceList final : public duckdb::MultiFileList {
 public:
  SliceList(std::string handle, std::shared_ptr<const ScanSource> source,
            std::shared_ptr<const std::vector<std::size_t>> chosen)
      : handle_(std::move(handle)), source_(std::move(source)), chosen_(std::move(chosen)) {}

  duckdb::vector<duckdb::OpenFileInfo> GetAllFiles() const override {
    duckdb::vector<duckdb::OpenFileInfo> all;
    all.reserve(Count());
    for (idx_t i = 0; i < Count(); ++i) all.push_back(GetFile(i));
    return all;
  }

  duckdb::FileExpandResult GetExpandResult() const override {
    if (Count() == 0) return duckdb::FileExpandResult::NO_FILES;
    return Count() == 1 ? duckdb::FileExpandResult::SINGLE_FILE
                        : duckdb::FileExpandResult::MULTIPLE_FILES;
  }

  idx_t GetTotalFileCount() const override { return Count(); }

  duckdb::MultiFileCount GetFileCount(idx_t) const override {
    return duckdb::MultiFileCount(Count());
  }

  // A plan that shows its files would tell handles, and spend its time on their names.
  duckdb::vector<duckdb::OpenFileInfo> GetDisplayFileList(duckdb::optional_idx) const override {
    return {};
  }

  duckdb::unique_ptr<duckdb::NodeStatistics> GetCardinality(duckdb::ClientContext&) const override {
    idx_t rows = 0;
    for (idx_t i = 0; i < Count(); ++i) rows += source_->files[IndexOf(i)].rows;
    return duckdb::make_uniq<duckdb::NodeStatistics>(rows, rows);
  }

  duckdb::unique_ptr<duckdb::MultiFileList> DynamicFilterPushdown(
      duckdb::ClientContext&, const duckdb::MultiFileOptions&,
      const duckdb::vector<std::string>& names, const duckdb::vector<duckdb::LogicalType>& types,
      const duckdb::vector<duckdb::column_t>& column_ids,
      duckdb::TableFilterSet& filters) const override {
    if (filters.filters.empty()) return nullptr;
    if (source_->tally) NoteFilters(names, column_ids, filters);
    auto wanted = std::make_shared<std::vector<std::size_t>>();
    for (idx_t i = 0; i < Count(); ++i) {
      if (MayMatch(source_->files[IndexOf(i)], names, types, column_ids, filters)) {
        wanted->push_back(IndexOf(i));
      }
    }
    if (wanted->size() == Count()) return nullptr;
    return duckdb::make_uniq<SliceList>(handle_, source_, std::move(wanted));
  }

  duckdb::unique_ptr<duckdb::MultiFileList> Copy() const override {
    return duckdb::make_uniq<SliceList>(handle_, source_, chosen_);
  }

 protected:
  duckdb::OpenFileInfo GetFile(idx_t i) const override {
    if (i >= Count()) return {};
    return duckdb::OpenFileInfo(WeirPath(handle_, IndexOf(i)));
  }

 private:
  // No choice made yet means all of them.
  idx_t Count() const { return chosen_ ? chosen_->size() : source_->files.size(); }
  std::size_t IndexOf(idx_t i) const { return chosen_ ? (*chosen_)[i] : i; }

  void NoteFilters(const duckdb::vector<std::string>& names,
                   const duckdb::vector<duckdb::column_t>& column_ids,
                   const duckdb::TableFilterSet& filters) const {
    for (const auto& [position, filter] : filters.filters) {
      if (position >= column_ids.size() || column_ids[position] >= names.size()) continue;
      source_->tally->Note(names[column_ids[position]]);
    }
  }

  static bool MayMatch(const ScanFile& file, const duckdb::vector<std::string>& names,
                       const duckdb::vector<duckdb::LogicalType>& types,
                       const duckdb::vector<duckdb::column_t>& column_ids,
                       const duckdb::TableFilterSet& filters) {
    for (const auto& [position, filter] : filters.filters) {
      if (position >= column_ids.size()) continue;
      const auto column = column_ids[position];
      if (column >= names.size() || column >= file.bounds.size()) continue;
      auto statistics = StatisticsOf(file.bounds[column], types[column]);
      if (statistics && filter->CheckStatistics(*statistics) ==
                            duckdb::FilterPropagateResult::FILTER_ALWAYS_FALSE) {
        return false;
      }
    }
    return true;
  }

  std::string handle_;
  std::shared_ptr<const ScanSource> source_;
  std::shared_ptr<const std::vector<std::size_t>> chosen_;
};

// Takes names and types from the source, and its files as the list.
class SliceReader final : public duckdb::MultiFileReader {
 public:
  static duckdb::unique_ptr<duckdb::MultiFileReader> Make(const duckdb::TableFunction&) {
    return duckdb::make_uniq<SliceReader>();
  }

  duckdb::shared_ptr<duckdb::MultiFileList> CreateFileList(duckdb::ClientContext& context,
                                                           const duckdb::vector<std::string>& paths,
                                                           const duckdb::FileGlobInput&) override {
    const auto state = StatementState::Of(context);
    const std::string handle = paths.size() == 1 ? state->HandleOf(paths[0]) : std::string();
    source_ = state->FindScan(handle);
    if (!source_) throw duckdb::PermissionException("this statement has no such scan");
    for (const Column& column : source_->columns) {
      types_.push_back(duckdb::TransformStringToLogicalType(column.type, context));
    }
    return duckdb::make_shared_ptr<SliceList>(handle, source_, nullptr);
  }

  bool Bind(duckdb::MultiFileOptions&, duckdb::MultiFileList&,
            duckdb::vector<duckdb::LogicalType>& types, duckdb::vector<std::string>& names,
            duckdb::MultiFileReaderBindData& bind_data) override {
    for (std::size_t i = 0; i < source_->columns.size(); ++i) {
      names.push_back(source_->columns[i].name);
      types.push_back(types_[i]);
      duckdb::MultiFileColumnDefinition column(names.back(), types.back());
      column.identifier = duckdb::Value(names.back());
      // A file that lacks the column reads as if it held nulls.
      column.default_expression =
          duckdb::make_uniq<duckdb::ConstantExpression>(duckdb::Value(types.back()));
      bind_data.schema.push_back(std::move(column));
    }
    bind_data.mapping = duckdb::MultiFileColumnMappingMode::BY_NAME;
    return true;
  }

  duckdb::unique_ptr<duckdb::MultiFileReader> Copy() const override {
    auto copy = duckdb::make_uniq<SliceReader>();
    copy->source_ = source_;
    copy->types_ = types_;
    return copy;
  }

 private:
  std::shared_ptr<const ScanSource> source_;
  duckdb::vector<duckdb::LogicalType> types_;
};

}  // namespace

std::string ScanCall(const ScanSource& source, const std::string& handle) {
  const std::string call = fmt::format("{}({})", kScanFunction, Literal(handle));
  if (source.where.empty()) return call;
  return fmt::format("(SELECT * FROM {} WHERE {})", call, source.where);
}

void RegisterSliceScan(duckdb::DatabaseInstance&, duckdb::Connection& connection) {
  connection.BeginTransaction();
  auto& catalog = duckdb::Catalog::GetSystemCatalog(*connection.context);
  auto& entry = catalog.GetEntry<duckdb::TableFunctionCatalogEntry>(*connection.context,
                                                                    DEFAULT_SCHEMA, "parquet_scan");
  duckdb::TableFunctionSet scans(kScanFunction);
  for (auto function : entry.functions.functions) {
    function.name = kScanFunction;
    function.get_multi_file_reader = SliceReader::Make;
    function.serialize = nullptr;
    function.deserialize = nullptr;
    scans.AddFunction(function);
  }
  duckdb::CreateTableFunctionInfo info(scans);
  catalog.CreateTableFunction(*connection.context, info);
  connection.Commit();
}

}  // namespace weir::engine
