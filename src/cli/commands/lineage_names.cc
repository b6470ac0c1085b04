#include "cli/commands/lineage_names.h"

#include <algorithm>
#include <boost/json/value.hpp>
#include <cctype>

namespace weir::cli {

namespace json = boost::json;

LineageNames::LineageNames(const json::object& lineage) {
  for (const json::value& each : MemberArray(lineage, "datasets")) {
    const json::object& dataset = each.as_object();
    const std::string id = MemberText(dataset, "id");
    datasets_.push_back(&dataset);
    by_id_.emplace(id, &dataset);
    for (const json::value& input : MemberArray(dataset, "inputs")) {
      const std::string read = MemberText(input.as_object(), "id");
      std::vector<std::string>& readers = readers_[read];
      if (std::ranges::find(readers, id) == readers.end()) readers.push_back(id);
      aliases_.emplace(read, MemberText(input.as_object(), "alias"));
    }
  }
}

const json::object* LineageNames::Find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

std::string LineageNames::NameOf(const json::object& dataset) const {
  const std::string name = MemberText(dataset, "name");
  const std::string workspace = MemberText(dataset, "workspace");
  if (name.empty()) return MemberText(dataset, "id");
  return workspace == MemberText(start(), "workspace") ? name : workspace + "/" + name;
}

std::string LineageNames::NameOf(const std::string& id) const {
  if (const json::object* dataset = Find(id)) return NameOf(*dataset);
  const auto alias = aliases_.find(id);
  return alias == aliases_.end() ? id : alias->second;
}

const std::vector<std::string>& LineageNames::ReadersOf(const std::string& id) const {
  static const std::vector<std::string> none;
  const auto found = readers_.find(id);
  return found == readers_.end() ? none : found->second;
}

std::string MemberText(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

const json::array& MemberArray(const json::object& object, std::string_view name) {
  static const json::array none;
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->as_array() : none;
}

std::string KindWords(const json::object& source) {
  std::string words = MemberText(source, "kind");
  std::ranges::transform(words, words.begin(), [](unsigned char letter) {
    return letter == '_' ? ' ' : static_cast<char>(std::tolower(letter));
  });
  const json::value* const masking = source.if_contains("masking");
  return masking != nullptr && masking->as_bool() ? words + " (masked)" : words;
}

}  // namespace weir::cli
