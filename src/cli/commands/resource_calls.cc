#include "cli/commands/resource_calls.h"

#include <boost/json/array.hpp>

namespace weir::cli {

Result<Listed> ListAll(Client& client, const Context& context, Call call) {
  Listed listed;
  call.query.emplace_back("limit", "1000");
  call.query.emplace_back("cursor", "");
  while (true) {
    ASSIGN_OR_RETURN(boost::json::object page, CallObject(client, context, call));
    for (boost::json::value& item : page.at("items").as_array()) {
      listed.items.push_back(std::move(item.as_object()));
    }
    if (const auto* const revision = page.if_contains("revision");
        revision != nullptr && listed.revision == 0) {
      listed.revision = revision->to_number<std::int64_t>();
    }
    const auto* const next = page.if_contains("nextCursor");
    if (next == nullptr) return listed;
    call.query.back().second = next->as_string();
  }
}

Result<Record> GetOne(Client& client, const Context& context, const Target& target,
                      const std::string& at) {
  return CallObject(
      client, context,
      {.path = target.Path(), .query = {{"workspace", target.workspace}, {"at", at}}});
}

}  // namespace weir::cli
