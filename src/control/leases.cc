#include "control/leases.h"

#include <optional>
#include <utility>

#include "control/limits.h"
#include "control/record.h"

namespace weir::control {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kLongest = std::chrono::hours(24 * 365);

struct LeaseRecord {
  std::int64_t epoch = 0;
  std::string holder;  // empty: free
  Timestamp expires;

  bool IsHeldAt(Timestamp now) const { return !holder.empty() && now < expires; }
};

Key KeyOf(const std::string& name) { return Key(kOwnSpace).With("lease").With(name); }

Result<LeaseRecord> Read(Overlay& overlay, const std::string& name) {
  ASSIGN_OR_RETURN(const auto entry, overlay.Get(KeyOf(name)));
  if (!entry) return LeaseRecord{};
  RecordReader reader(entry->value);
  const auto epoch = reader.Number();
  const auto expires = reader.Number();
  auto holder = reader.Text();
  if (!epoch || !expires || !holder || !reader.AtEnd()) {
    return Corrupt("the record of lease {} is no lease", name);
  }
  return LeaseRecord{*epoch, *std::move(holder), Timestamp(std::chrono::nanoseconds(*expires))};
}

void Write(Overlay& overlay, const std::string& name, const LeaseRecord& record) {
  overlay.Put(KeyOf(name), RecordWriter()
                               .Number(record.epoch)
                               .Number(record.expires.time_since_epoch().count())
                               .Text(record.holder)
                               .Take());
}

Status CheckName(std::string_view what, const std::string& name) {
  if (!name.empty() && name.size() <= kMaxNameBytes) return Ok();
  return Invalid("a {}'s name has 1 to {} bytes", what, kMaxNameBytes);
}

Status CheckTtl(milliseconds ttl) {
  if (ttl > milliseconds::zero() && ttl <= kLongest) return Ok();
  return Invalid("a lease of {} ms; it lasts more than 0 ms and at most a year", ttl.count());
}

Result<LeaseRecord> ReadHeld(Overlay& overlay, const Lease& lease) {
  ASSIGN_OR_RETURN(LeaseRecord record, Read(overlay, lease.name));
  if (record.epoch != lease.epoch || record.holder != lease.holder) {
    return Conflict("lease {} is no longer held by {} in epoch {}: it is now in epoch {}",
                    lease.name, lease.holder, lease.epoch, record.epoch);
  }
  if (!record.IsHeldAt(overlay.now())) {
    return Conflict("lease {} of {} has expired", lease.name, lease.holder);
  }
  return record;
}

}  // namespace

Result<Lease> AcquireLease(Overlay& overlay, const std::string& name, const std::string& holder,
                           milliseconds ttl) {
  RETURN_IF_ERROR(CheckName("lease", name));
  RETURN_IF_ERROR(CheckName("holder", holder));
  RETURN_IF_ERROR(CheckTtl(ttl));
  ASSIGN_OR_RETURN(LeaseRecord record, Read(overlay, name));
  const bool held = record.IsHeldAt(overlay.now());
  if (held && record.holder != holder) {
    return Conflict("lease {} is held by {}", name, record.holder);
  }
  if (!held) ++record.epoch;
  record.holder = holder;
  record.expires = overlay.now() + ttl;
  Write(overlay, name, record);
  return Lease{name, holder, record.epoch};
}

Status RenewLease(Overlay& overlay, const Lease& lease, milliseconds ttl) {
  RETURN_IF_ERROR(CheckTtl(ttl));
  ASSIGN_OR_RETURN(LeaseRecord record, ReadHeld(overlay, lease));
  record.expires = overlay.now() + ttl;
  Write(overlay, lease.name, record);
  return Ok();
}

Status ReleaseLease(Overlay& overlay, const Lease& lease) {
  ASSIGN_OR_RETURN(LeaseRecord record, ReadHeld(overlay, lease));
  record.holder.clear();
  Write(overlay, lease.name, record);
  return Ok();
}

Status CheckHeld(Overlay& overlay, const Lease& lease) {
  RETURN_IF_ERROR(ReadHeld(overlay, lease));
  return Ok();
}

}  // namespace weir::control
