#include "control/batch_transaction.h"

#include <algorithm>
#include <utility>

#include "control/leases.h"
#include "control/limits.h"

namespace weir::control {
namespace {

bool IsSpaceName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxSpaceBytes &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == '.';
         });
}

Status CheckKey(const Key& key) {
  if (!IsSpaceName(key.space())) {
    return Invalid("'{}' is no name of a space", key.space())
        .WithHint("1 to 64 of a-z, 0-9, '-', '_' and '.'");
  }
  if (key.space() == kOwnSpace) return Invalid("space {} is the store's own", kOwnSpace);
  if (key.space().size() + key.tuple().size() > kMaxKeyBytes) {
    return Exhausted("a key of {} bytes in space {}; at most {} are kept",
                     key.space().size() + key.tuple().size(), key.space(), kMaxKeyBytes);
  }
  return Ok();
}

Status Check(const Expect& expect, const Key& key, const std::optional<Entry>& entry) {
  switch (expect.kind) {
    case Expect::Kind::kAnything:
      return Ok();
    case Expect::Kind::kAbsent:
      if (entry) return AlreadyExists("{}", key.ToString());
      return Ok();
    case Expect::Kind::kPresent:
      if (!entry) return Conflict("{} is not there", key.ToString());
      return Ok();
    case Expect::Kind::kRevision:
      if (!entry) {
        return Conflict("{} is not there; revision {} was expected", key.ToString(),
                        expect.revision);
      }
      if (entry->revision != expect.revision) {
        return Conflict("{} is at revision {}; {} was expected", key.ToString(), entry->revision,
                        expect.revision);
      }
      return Ok();
  }
  return Internal("an expectation of kind {}", static_cast<int>(expect.kind));
}

}  // namespace

Status BatchTransaction::Put(const Key& key, std::string value, Expect expect) {
  RETURN_IF_ERROR(CheckKey(key));
  if (value.size() > kMaxValueBytes) {
    return Exhausted("a value of {} bytes for {}; at most {} are kept", value.size(),
                     key.ToString(), kMaxValueBytes);
  }
  if (expect.kind != Expect::Kind::kAnything) {
    ASSIGN_OR_RETURN(const auto entry, overlay_.Get(key));
    RETURN_IF_ERROR(Check(expect, key, entry));
  }
  RETURN_IF_ERROR(Charge(key.space().size() + key.tuple().size() + value.size()));
  overlay_.Put(key, std::move(value));
  return Ok();
}

Status BatchTransaction::Delete(const Key& key, Expect expect) {
  RETURN_IF_ERROR(CheckKey(key));
  ASSIGN_OR_RETURN(const auto entry, overlay_.Get(key));
  RETURN_IF_ERROR(Check(expect, key, entry));
  if (!entry) return Ok();
  RETURN_IF_ERROR(Charge(key.space().size() + key.tuple().size()));
  overlay_.Delete(key);
  return Ok();
}

Status BatchTransaction::Emit(const std::string& topic, std::string payload) {
  if (topic.empty() || topic.size() > kMaxNameBytes) {
    return Invalid("a topic's name has 1 to {} bytes", kMaxNameBytes);
  }
  if (payload.size() > kMaxValueBytes) {
    return Exhausted("an event of {} bytes for topic {}; at most {} are kept", payload.size(),
                     topic, kMaxValueBytes);
  }
  RETURN_IF_ERROR(Charge(topic.size() + payload.size()));
  overlay_.Emit(topic, std::move(payload));
  return Ok();
}

Status BatchTransaction::Fence(const Lease& lease) { return CheckHeld(overlay_, lease); }

Status BatchTransaction::Charge(std::size_t bytes) {
  if (bytes_ + bytes + kBytesPerWrite > kMaxTransactionBytes) {
    return Exhausted("a transaction of more than {} bytes", kMaxTransactionBytes)
        .WithHint("Split it into several");
  }
  bytes_ += bytes + kBytesPerWrite;
  return Ok();
}

}  // namespace weir::control
