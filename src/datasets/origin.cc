#include "datasets/origin.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/json_reader.h"
#include "datasets/json_values.h"
#include "datasets/keys.h"

namespace weir::datasets {

namespace json = boost::json;

Result<std::optional<Origin>> FindOrigin(control::Snapshot& snapshot, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(OriginKey(id)));
  if (!entry) return std::optional<Origin>();
  try {
    const json::object object = Must(ParseJson(entry->value)).as_object();
    return std::optional(Origin{.url = std::string(TextAt(object.at("url"))),
                                .trusted = object.at("trusted").as_bool()});
  } catch (const std::exception& failure) {
    return Corrupt("the origin of dataset {}: {}", id.ToString(), failure.what());
  }
}

Status PutOrigin(control::Transaction& transaction, const odf::DatasetId& id,
                 const Origin& origin) {
  const json::object object{{"url", origin.url}, {"trusted", origin.trusted}};
  return transaction.Put(OriginKey(id), json::serialize(object));
}

Result<bool> IsTrusted(control::Snapshot& snapshot, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto origin, FindOrigin(snapshot, id));
  return !origin || origin->trusted;
}

}  // namespace weir::datasets
