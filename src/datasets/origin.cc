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

Result<std::optional<std::string>> FindPushTarget(control::Snapshot& snapshot,
                                                  const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto pushed, snapshot.Get(PushedKey(id)));
  if (pushed) return std::optional(pushed->value);
  ASSIGN_OR_RETURN(auto origin, FindOrigin(snapshot, id));
  if (origin) return std::optional(std::move(origin->url));
  return std::optional<std::string>();
}

Status NotePushTarget(const Context& context, control::Store& store, const odf::DatasetId& id,
                      const std::string& url) {
  const auto noted = store.Transact(context, [&](control::Transaction& transaction) {
    return transaction.Put(PushedKey(id), url);
  });
  return noted ? Ok() : Status(noted.error());
}

Status CheckUnnamed(const Context& context, control::Store& store, const odf::DatasetId& id,
                    const std::optional<DatasetEntry>& wanted) {
  ASSIGN_OR_RETURN(const auto snapshot, store.Read(context));
  const auto entry = FindDataset(*snapshot, id);
  if (!entry) return entry.error().code == ErrorCode::kNotFound ? Ok() : Status(entry.error());
  if (wanted && wanted->id == id) return Ok();
  return AlreadyExists("dataset {} is here already, as {} in workspace {}", id.ToString(),
                       entry->name, entry->workspace);
}

Status NoteOrigin(const Context& context, control::Store& store, const odf::DatasetId& id,
                  const std::string& url, bool has_new_blocks) {
  const auto noted = store.Transact(context, [&](control::Transaction& transaction) -> Status {
    ASSIGN_OR_RETURN(const auto before, FindOrigin(transaction, id));
    const bool trusted = before ? before->trusted : !has_new_blocks;
    return PutOrigin(transaction, id, {.url = url, .trusted = trusted});
  });
  return noted ? Ok() : Status(noted.error());
}

Status MarkUnwanted(control::Transaction& transaction, const Clock& clock,
                    const odf::DatasetId& id) {
  const json::object gone{{"at", Nanos(clock.Now())}};
  return transaction.Put(GoneKey(id), json::serialize(gone));
}

Status MarkUnwanted(const Context& context, control::Store& store, const Clock& clock,
                    const odf::DatasetId& id) {
  const auto marked = store.Transact(context, [&](control::Transaction& transaction) {
    return MarkUnwanted(transaction, clock, id);
  });
  return marked ? Ok() : Status(marked.error());
}

}  // namespace weir::datasets
