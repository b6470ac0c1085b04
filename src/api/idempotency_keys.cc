#include "api/idempotency_keys.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

#include "api/idempotency_record.h"
#include "api/signature.h"

namespace weir::api {
namespace {

using std::chrono::seconds;

constexpr seconds kKept = std::chrono::hours(24);
// After a crash a running record stands in the way until it is over; a request has no more time
// than this, and mostly much less.
constexpr seconds kLongestRequest = std::chrono::minutes(10);
constexpr seconds kMargin{5};
constexpr seconds kBookkeeping{5};

std::int64_t SecondsNow(const Clock& clock) {
  return std::chrono::duration_cast<seconds>(clock.Now().time_since_epoch()).count();
}

// Writing down what came of a request must not fail because the request used up its time.
Context ToFinish(const Context& context) {
  return Context::Background()
      .WithPrincipal(context.principal())
      .WithRequestId(context.request_id())
      .WithTimeout(kBookkeeping);
}

Problem UsedForAnother(std::string_view key) {
  return {
      .error = Invalid("the Idempotency-Key {} was used for another request", key)
                   .WithHint("make a new key for each request, and keep it for its repetitions"),
      .status = 422};
}

Problem StillRunning(std::string_view key, std::int64_t retry_after) {
  return {.error = Conflict("a request with the Idempotency-Key {} is still running", key)
                       .WithHint(fmt::format("send it again in {} s", retry_after)),
          .headers = {{"Retry-After", std::to_string(retry_after)}}};
}

}  // namespace

struct IdempotencyKeys::Begun {
  std::optional<IdempotencyRecord> before;  ///< none: it is ours to run
  control::Revision revision = 0;
};

IdempotencyKeys::IdempotencyKeys(control::Store& store, const Clock& clock, std::string signing_key)
    : store_(store), clock_(clock), signing_key_(std::move(signing_key)) {}

Outcome IdempotencyKeys::Run(const Context& context, std::string_view key, std::string_view request,
                             const std::function<Outcome()>& handle) const {
  const std::string fingerprint = Sign(signing_key_, fmt::format("request:{}", request));
  auto begun = Begin(context, key, fingerprint);
  if (!begun) return std::move(begun).error();
  if (begun->before) {
    IdempotencyRecord& before = *begun->before;
    if (!SameSignature(before.fingerprint, fingerprint)) return UsedForAnother(key);
    if (before.running()) {
      return StillRunning(key, std::max<std::int64_t>(1, before.until - SecondsNow(clock_)));
    }
    before.response->headers.Set("Idempotency-Replayed", "true");
    return std::move(*before.response);
  }
  Outcome outcome = handle();
  const bool keep = outcome.ok() && outcome.response().status < 300 &&
                    std::holds_alternative<std::string>(outcome.response().body);
  // If it cannot be kept, the effect still stands and the client still learns of it; a repetition
  // then waits for the running record to end.
  if (!keep || !Keep(ToFinish(context), key, fingerprint, outcome.response())) {
    Forget(ToFinish(context), key, begun->revision);
  }
  return outcome;
}

Result<IdempotencyKeys::Begun> IdempotencyKeys::Begin(const Context& context, std::string_view key,
                                                      const std::string& fingerprint) const {
  const auto place = IdempotencyKeyOf(context.principal().name, key);
  const std::int64_t now = SecondsNow(clock_);
  const auto time_left = std::chrono::ceil<seconds>(context.Remaining(kLongestRequest));
  Begun begun;
  ASSIGN_OR_RETURN(
      begun.revision, store_.Transact(context, [&](control::Transaction& transaction) -> Status {
        begun.before.reset();
        RETURN_IF_ERROR(EraseExpired(transaction, now));
        ASSIGN_OR_RETURN(begun.before, ReadRecord(transaction, place));
        if (begun.before && begun.before->until > now) return Ok();
        begun.before.reset();
        return WriteRecord(
            transaction, place,
            {.fingerprint = fingerprint, .until = now + (time_left + kMargin).count()});
      }));
  return begun;
}

Status IdempotencyKeys::Keep(const Context& context, std::string_view key,
                             const std::string& fingerprint, const Response& response) const {
  IdempotencyRecord record{.fingerprint = fingerprint, .until = SecondsNow(clock_) + kKept.count()};
  Response& kept = record.response.emplace();
  kept.status = response.status;
  kept.headers = response.headers;
  kept.body = std::get<std::string>(response.body);
  const auto place = IdempotencyKeyOf(context.principal().name, key);
  const auto written = store_.Transact(context, [&](control::Transaction& transaction) {
    return WriteRecord(transaction, place, record);
  });
  if (!written) return written.error();
  return Ok();
}

void IdempotencyKeys::Forget(const Context& context, std::string_view key,
                             control::Revision begun) const {
  const auto place = IdempotencyKeyOf(context.principal().name, key);
  // Only our own running record: if we took longer than we said, it may be another's by now. When
  // the store does not answer, the record ends by itself.
  (void)store_.Transact(context, [&](control::Transaction& transaction) -> Status {
    ASSIGN_OR_RETURN(const auto entry, transaction.Get(place));
    if (!entry || entry->revision != begun) return Ok();
    return EraseRecord(transaction, place);
  });
}

}  // namespace weir::api
