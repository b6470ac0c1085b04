#include "engine/duckdb/statement_state.h"

#include <array>

#include "base/hex.h"
#include "base/rng.h"

namespace weir::engine {

duckdb::shared_ptr<StatementState> StatementState::Of(duckdb::ClientContext& context) {
  auto state = context.registered_state->Get<StatementState>(kKey);
  if (!state) throw duckdb::PermissionException("nothing can be read outside of a statement");
  return state;
}

std::string StatementState::AddScan(std::shared_ptr<const ScanSource> source) {
  std::array<std::byte, 16> random{};
  SystemRng().Fill(random);
  std::string handle = ToHex(random);
  const std::lock_guard lock(mutex_);
  scans_.emplace(handle, std::move(source));
  return handle;
}

std::shared_ptr<const ScanSource> StatementState::FindScan(const std::string& handle) const {
  const std::lock_guard lock(mutex_);
  const auto found = scans_.find(handle);
  return found == scans_.end() ? nullptr : found->second;
}

void StatementState::AddGroups(const std::string& name, std::shared_ptr<const KeptGroups> groups) {
  const std::lock_guard lock(mutex_);
  groups_[name] = std::move(groups);
}

std::shared_ptr<const KeptGroups> StatementState::FindGroups(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : found->second;
}

}  // namespace weir::engine
