#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "datasets/chain_store.h"
#include "engine/engine.h"

namespace weir::pipelines {

/// The state of one dataset under every name: what catalog does for all of them.
class OneTable final : public engine::NameResolver {
 public:
  OneTable(Context context, datasets::ChainStore& chains, const odf::DatasetId& id,
           std::vector<std::string> key)
      : context_(std::move(context)), chains_(chains), id_(id), key_(std::move(key)) {}

  Result<std::optional<engine::ResolvedTable>> Resolve(
      const engine::TableName& table, const std::optional<engine::AtClause>& at) override;
  Result<bool> HasSchema(const std::string&) override { return true; }
  Result<std::vector<std::string>> ListSchemas() override { return std::vector<std::string>(); }
  Result<std::vector<std::string>> ListTables(const std::string&) override {
    return std::vector<std::string>();
  }

 private:
  const Context context_;
  datasets::ChainStore& chains_;
  const odf::DatasetId id_;
  const std::vector<std::string> key_;
};

}  // namespace weir::pipelines
