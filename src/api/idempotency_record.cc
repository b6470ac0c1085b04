#include "api/idempotency_record.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <variant>

namespace weir::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kSpace = "idempotency";
constexpr std::size_t kPartSize = 512 * 1024;  // half of what a value of the store may be
constexpr std::size_t kErasedAtOnce = 20;

control::Key Expiries() { return control::Key(kSpace).With("expiry"); }

// The expiry of the record at `place`: first the time, so that a scan begins with the oldest, then
// the record's own key.
control::Key ExpiryOf(std::int64_t until, const control::Key& place) {
  const auto parts = place.Parts();
  return Expiries()
      .With(until)
      .With(std::get<std::string>(parts.at(1)))
      .With(std::get<std::string>(parts.at(2)));
}

std::string Serialize(const IdempotencyRecord& record, std::size_t parts) {
  json::object value{{"fingerprint", record.fingerprint}, {"until", record.until}};
  if (record.response) {
    value["status"] = record.response->status;
    value["parts"] = parts;
    json::array& headers = value["headers"].emplace_array();
    for (const auto& [name, text] : record.response->headers.fields()) {
      headers.push_back(json::array{name, text});
    }
  }
  return json::serialize(value);
}

Error Damaged(const control::Key& place) {
  return Corrupt("the idempotency record {} cannot be read", place.ToString());
}

std::string TextOf(const json::value& value) {
  return std::string(std::string_view(value.as_string()));
}

Result<IdempotencyRecord> Parse(const control::Key& place, const std::string& text,
                                std::size_t& parts) {
  try {
    const json::value value = json::parse(text);
    const json::object& fields = value.as_object();
    IdempotencyRecord record{
        .fingerprint = TextOf(fields.at("fingerprint")),
        .until = fields.at("until").to_number<std::int64_t>(),
    };
    if (!fields.contains("status")) return record;
    Response& response = record.response.emplace();
    response.status = fields.at("status").to_number<int>();
    parts = fields.at("parts").to_number<std::size_t>();
    for (const json::value& header : fields.at("headers").as_array()) {
      response.headers.Add(TextOf(header.at(0)), TextOf(header.at(1)));
    }
    return record;
  } catch (const std::exception&) {  // the many ways of not being what we wrote
    return Damaged(place);
  }
}

}  // namespace

control::Key IdempotencyKeyOf(std::string_view principal, std::string_view key) {
  return control::Key(kSpace).With("record").With(principal).With(key);
}

Result<std::optional<IdempotencyRecord>> ReadRecord(control::Snapshot& snapshot,
                                                    const control::Key& place) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(place));
  if (!entry) return std::optional<IdempotencyRecord>();
  std::size_t parts = 0;
  ASSIGN_OR_RETURN(IdempotencyRecord record, Parse(place, entry->value, parts));
  std::string body;
  for (std::size_t i = 0; i < parts; ++i) {
    ASSIGN_OR_RETURN(const auto part, snapshot.Get(place.With(static_cast<std::int64_t>(i))));
    if (!part) return Damaged(place);
    body += part->value;
  }
  if (record.response) record.response->body = std::move(body);
  return std::optional(std::move(record));
}

Status WriteRecord(control::Transaction& transaction, const control::Key& place,
                   const IdempotencyRecord& record) {
  RETURN_IF_ERROR(EraseRecord(transaction, place));
  std::size_t parts = 0;
  if (record.response) {
    const std::string& body = std::get<std::string>(record.response->body);
    for (std::size_t begin = 0; begin < body.size(); begin += kPartSize) {
      const auto part = place.With(static_cast<std::int64_t>(parts++));
      RETURN_IF_ERROR(transaction.Put(part, body.substr(begin, kPartSize)));
    }
  }
  RETURN_IF_ERROR(transaction.Put(ExpiryOf(record.until, place), ""));
  return transaction.Put(place, Serialize(record, parts));
}

Status EraseRecord(control::Transaction& transaction, const control::Key& place) {
  ASSIGN_OR_RETURN(const auto entry, transaction.Get(place));
  if (!entry) return Ok();
  std::size_t parts = 0;
  ASSIGN_OR_RETURN(const IdempotencyRecord record, Parse(place, entry->value, parts));
  for (std::size_t i = 0; i < parts; ++i) {
    RETURN_IF_ERROR(transaction.Delete(place.With(static_cast<std::int64_t>(i))));
  }
  RETURN_IF_ERROR(transaction.Delete(ExpiryOf(record.until, place)));
  return transaction.Delete(place);
}

Status EraseExpired(control::Transaction& transaction, std::int64_t now) {
  ASSIGN_OR_RETURN(const auto oldest, transaction.Scan(Expiries(), {.limit = kErasedAtOnce}));
  for (const control::Entry& entry : oldest) {
    const auto parts = entry.key.Parts();  // "expiry", until, principal, key
    if (std::get<std::int64_t>(parts.at(1)) > now) break;
    RETURN_IF_ERROR(EraseRecord(transaction, IdempotencyKeyOf(std::get<std::string>(parts.at(2)),
                                                              std::get<std::string>(parts.at(3)))));
    RETURN_IF_ERROR(transaction.Delete(entry.key));
  }
  return Ok();
}

}  // namespace weir::api
