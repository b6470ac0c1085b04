#include "datasets/pull_failure.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/json_reader.h"
#include "datasets/json_values.h"
#include "datasets/keys.h"

namespace weir::datasets {

namespace json = boost::json;

Result<std::optional<PullFailure>> FindPullFailure(control::Snapshot& snapshot,
                                                   const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(PullFailureKey(id)));
  if (!entry) return std::optional<PullFailure>();
  try {
    const json::object object = Must(ParseJson(entry->value)).as_object();
    return std::optional(PullFailure{.time = Must(ParseTimestamp(TextAt(object.at("time")))),
                                     .code = std::string(TextAt(object.at("code"))),
                                     .message = std::string(TextAt(object.at("message")))});
  } catch (const std::exception& failure) {
    return Corrupt("the failure of dataset {}: {}", id.ToString(), failure.what());
  }
}

Status NotePull(const Context& context, control::Store& store, const odf::DatasetId& id,
                Timestamp now, const std::optional<Error>& error) {
  const auto noted = store.Transact(context, [&](control::Transaction& transaction) -> Status {
    ASSIGN_OR_RETURN(const auto known, FindPullFailure(transaction, id));
    if (!error) return known ? transaction.Delete(PullFailureKey(id)) : Ok();
    const std::string code(NameOf(error->code));
    if (known && known->code == code && known->message == error->message) return Ok();
    const json::object object{
        {"time", FormatTimestamp(now)}, {"code", code}, {"message", error->message}};
    return transaction.Put(PullFailureKey(id), json::serialize(object));
  });
  return noted ? Ok() : Status(noted.error());
}

}  // namespace weir::datasets
