#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace weir::datasets {

/// The names of a statement that reads one relation: `rows`, and no other.
class OneTable final : public engine::NameResolver {
 public:
  explicit OneTable(std::shared_ptr<const engine::ScanSource> source)
      : source_(std::move(source)) {}

  Result<std::optional<engine::ResolvedTable>> Resolve(
      const engine::TableName& table, const std::optional<engine::AtClause>&) override {
    if (table.name != "rows") return std::optional<engine::ResolvedTable>();
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

}  // namespace weir::datasets
