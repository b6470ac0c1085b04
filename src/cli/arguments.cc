#include "cli/arguments.h"

namespace weir::cli {

bool Arguments::Has(std::string_view name) const { return given_.find(name) != given_.end(); }

std::string Arguments::Text(std::string_view name) const {
  if (const auto found = given_.find(name); found != given_.end()) return found->second.back();
  const auto fallback = fallbacks_.find(name);
  return fallback == fallbacks_.end() ? std::string() : fallback->second;
}

std::vector<std::string> Arguments::All(std::string_view name) const {
  const auto found = given_.find(name);
  return found == given_.end() ? std::vector<std::string>() : found->second;
}

void Arguments::Add(std::string_view name, std::string value) {
  auto found = given_.find(name);
  if (found == given_.end())
    found = given_.emplace(std::string(name), std::vector<std::string>()).first;
  found->second.push_back(std::move(value));
}

void Arguments::SetFallback(std::string_view name, std::string value) {
  fallbacks_.insert_or_assign(std::string(name), std::move(value));
}

}  // namespace weir::cli
