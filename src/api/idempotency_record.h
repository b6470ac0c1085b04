#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/response.h"
#include "base/result.h"
#include "control/store.h"

namespace weir::api {

/// What the store holds about one use of an idempotency key (docs/formats/idempotency-keys.md).
struct IdempotencyRecord {
  std::string fingerprint;
  std::int64_t until = 0;  ///< seconds since 1970: of a running request its end, else of the record
  std::optional<Response> response = {};  ///< none while it runs

  bool running() const { return !response.has_value(); }
};

/// Where the records of a principal's key live. Parts of the body follow under the same key.
control::Key IdempotencyKeyOf(std::string_view principal, std::string_view key);

/// nullopt when there is none.
Result<std::optional<IdempotencyRecord>> ReadRecord(control::Snapshot& snapshot,
                                                    const control::Key& place);

/// Replaces what is at `place`. The body of a response must be a string.
Status WriteRecord(control::Transaction& transaction, const control::Key& place,
                   const IdempotencyRecord& record);

Status EraseRecord(control::Transaction& transaction, const control::Key& place);

/// Erases a few of the records whose time is over by `now`, so that the space does not grow.
Status EraseExpired(control::Transaction& transaction, std::int64_t now);

}  // namespace weir::api
