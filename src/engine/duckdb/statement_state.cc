#include "engine/duckdb/statement_state.h"

#include <array>

#include "base/hex.h"
#include "base/rng.h"

namespace weir::engine {
namespace {

std::string NewHandle() {
  std::array<std::byte, 16> random{};
  SystemRng().Fill(random);
  return ToHex(random);
}

}  // namespace

duckdb::shared_ptr<StatementState> StatementState::Of(duckdb::ClientContext& context) {
  auto state = context.registered_state->Get<StatementState>(kKey);
  if (!state) throw duckdb::PermissionException("nothing can be read outside of a statement");
  return state;
}

std::string StatementState::AddScan(std::shared_ptr<const ScanSource> source) {
  std::string handle = NewHandle();
  const std::lock_guard lock(mutex_);
  scans_.emplace(handle, std::move(source));
  return handle;
}

void StatementState::SetScan(const std::string& name, std::shared_ptr<const ScanSource> source) {
  std::string handle = NewHandle();
  const std::lock_guard lock(mutex_);
  std::string& known = names_[name];
  scans_.erase(known);
  scans_.emplace(handle, std::move(source));
  known = std::move(handle);
}

std::string StatementState::HandleOf(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(name);
  return found == names_.end() ? name : found->second;
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

void StatementState::DropGroups() {
  const std::lock_guard lock(mutex_);
  groups_.clear();
}

std::shared_ptr<const KeptGroups> StatementState::FindGroups(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : found->second;
}

}  // namespace weir::engine
