#include "tests/sim/control_model.h"

#include <algorithm>
#include <array>
#include <utility>

#include "control/leases.h"
#include "control/outbox.h"
#include "control/record.h"

namespace weir::control {
namespace {

using std::chrono::milliseconds;

constexpr std::array kNames{"a", "b", "c"};

// How a step is done in the store.
struct Runner {
  BatchTransaction& transaction;

  Status operator()(const Operation::Put& step) const {
    return transaction.Put(step.key, step.value, step.expect);
  }
  Status operator()(const Operation::Delete& step) const {
    return transaction.Delete(step.key, step.expect);
  }
  Status operator()(const Operation::Emit& step) const {
    return transaction.Emit(step.topic, step.payload);
  }
  Status operator()(const Operation::Fence& step) const { return transaction.Fence(step.lease); }
  Status operator()(const Operation::Fail&) const { return Denied("the client changed its mind"); }
  Status operator()(const Operation::Acquire& step) const {
    RETURN_IF_ERROR(AcquireLease(transaction.overlay(), step.name, step.holder, step.ttl));
    return Ok();
  }
  Status operator()(const Operation::Renew& step) const {
    return RenewLease(transaction.overlay(), step.lease, step.ttl);
  }
  Status operator()(const Operation::Release& step) const {
    return ReleaseLease(transaction.overlay(), step.lease);
  }
  Status operator()(const Operation::Acknowledge& step) const {
    return AcknowledgeEvents(transaction.overlay(), step.topic, step.consumer, step.position);
  }
};

std::string RandomName(Rng& rng) { return kNames[rng.Below(kNames.size())]; }

Key RandomKey(Rng& rng) {
  const Key key = Key(rng.Below(2) == 0 ? "things" : "others").With(RandomName(rng));
  return rng.Below(2) == 0 ? key : key.With(static_cast<std::int64_t>(rng.Below(4)));
}

std::string RandomValue(Rng& rng) {
  const std::size_t size = rng.Below(20) == 0 ? 20'000 : rng.Below(300);
  return std::string(size, static_cast<char>('a' + rng.Below(26)));
}

}  // namespace

Status Operation::Run(BatchTransaction& transaction) const {
  for (const Step& step : steps) {
    RETURN_IF_ERROR(std::visit(Runner{transaction}, step));
  }
  return Ok();
}

Result<Revision> ControlModel::Execute(const Operation& operation, Timestamp now) {
  ControlModel after = *this;
  after.touched_.clear();
  after.emitted_ = false;
  for (const Operation::Step& step : operation.steps) {
    RETURN_IF_ERROR(std::visit([&](const auto& exact) { return after.Apply(exact, now); }, step));
  }
  Changes changes;
  for (const auto& [key, before] : after.touched_) {
    const auto found = after.entries_.find(key);
    const bool is_there = found != after.entries_.end();
    if (!is_there && !before) continue;
    changes[key] = is_there ? std::optional(found->second.bytes) : std::nullopt;
  }
  if (!changes.empty() || after.emitted_) {
    after.history_[++after.revision_] = std::move(changes);
  }
  *this = std::move(after);
  return revision_;
}

Status ControlModel::Check(const Key& key, const Expect& expect) const {
  const auto found = entries_.find(key);
  const bool is_there = found != entries_.end();
  switch (expect.kind) {
    case Expect::Kind::kAnything:
      return Ok();
    case Expect::Kind::kAbsent:
      return is_there ? Status(AlreadyExists("it")) : Ok();
    case Expect::Kind::kPresent:
      return is_there ? Ok() : Status(Conflict("it"));
    case Expect::Kind::kRevision:
      return is_there && found->second.revision == expect.revision ? Ok() : Status(Conflict("it"));
  }
  return Internal("it");
}

Status ControlModel::Apply(const Operation::Put& put, Timestamp) {
  RETURN_IF_ERROR(Check(put.key, put.expect));
  const auto found = entries_.find(put.key);
  touched_.try_emplace(put.key,
                       found == entries_.end() ? std::nullopt : std::optional(found->second));
  entries_[put.key] = {put.value, revision_ + 1};
  return Ok();
}

Status ControlModel::Apply(const Operation::Delete& erase, Timestamp) {
  RETURN_IF_ERROR(Check(erase.key, erase.expect));
  const auto found = entries_.find(erase.key);
  if (found == entries_.end()) return Ok();
  touched_.try_emplace(erase.key, found->second);
  entries_.erase(found);
  return Ok();
}

Status ControlModel::Apply(const Operation::Emit& emit, Timestamp) {
  events_.push_back({++position_, emit.topic, emit.payload});
  emitted_ = true;
  return Ok();
}

bool ControlModel::IsHeld(const Lease& lease, Timestamp now) const {
  const auto found = leases_.find(lease.name);
  return found != leases_.end() && found->second.epoch == lease.epoch &&
         found->second.holder == lease.holder && !lease.holder.empty() &&
         now < found->second.expires;
}

Status ControlModel::Apply(const Operation::Fence& fence, Timestamp now) {
  return IsHeld(fence.lease, now) ? Ok() : Status(Conflict("it"));
}

Status ControlModel::Apply(const Operation::Fail&, Timestamp) { return Denied("it"); }

Status ControlModel::Apply(const Operation::Acquire& acquire, Timestamp now) {
  LeaseState state = leases_[acquire.name];
  const bool held = !state.holder.empty() && now < state.expires;
  if (held && state.holder != acquire.holder) return Conflict("it");
  if (!held) ++state.epoch;
  state.holder = acquire.holder;
  state.expires = now + acquire.ttl;
  Record(acquire.name, state);
  return Ok();
}

Status ControlModel::Apply(const Operation::Renew& renew, Timestamp now) {
  if (!IsHeld(renew.lease, now)) return Conflict("it");
  LeaseState state = leases_[renew.lease.name];
  state.expires = now + renew.ttl;
  Record(renew.lease.name, state);
  return Ok();
}

Status ControlModel::Apply(const Operation::Release& release, Timestamp now) {
  if (!IsHeld(release.lease, now)) return Conflict("it");
  LeaseState state = leases_[release.lease.name];
  state.holder.clear();
  Record(release.lease.name, state);
  return Ok();
}

void ControlModel::Record(const std::string& name, const LeaseState& state) {
  leases_[name] = state;
  entries_[Key(kOwnSpace).With("lease").With(name)] = {
      RecordWriter()
          .Number(state.epoch)
          .Number(state.expires.time_since_epoch().count())
          .Text(state.holder)
          .Take(),
      revision_};
}

Status ControlModel::Apply(const Operation::Acknowledge& acknowledge, Timestamp) {
  const auto name = std::pair(acknowledge.topic, acknowledge.consumer);
  const auto found = positions_.find(name);
  const std::int64_t before = found == positions_.end() ? 0 : found->second;
  if (acknowledge.position < before) return Conflict("it");
  if (acknowledge.position == before && before != 0) return Ok();
  positions_[name] = acknowledge.position;
  entries_[Key(kOwnSpace).With("consumer").With(name.first).With(name.second)] = {
      RecordWriter().Number(acknowledge.position).Take(), revision_};
  TrimEvents(acknowledge.topic);
  return Ok();
}

void ControlModel::TrimEvents(const std::string& topic) {
  std::int64_t done = position_;
  for (const auto& [name, position] : positions_) {
    if (name.first == topic) done = std::min(done, position);
  }
  std::erase_if(events_,
                [&](const Event& event) { return event.topic == topic && event.position <= done; });
}

Operation ControlModel::Random(Rng& rng) const {
  const auto lease = [&] {
    const std::string name = RandomName(rng);
    const auto found = leases_.find(name);
    const std::int64_t epoch = found == leases_.end() ? 1 : found->second.epoch;
    const std::string holder = found == leases_.end() ? "x" : found->second.holder;
    return Lease{name, holder, epoch - (rng.Below(4) == 0 ? 1 : 0)};
  };
  const auto expect = [&](const Key& key) -> Expect {
    const auto found = entries_.find(key);
    switch (rng.Below(8)) {
      case 0:
        return Expect::Absent();
      case 1:
        return Expect::Present();
      case 2:
        return Expect::At(found == entries_.end() ? 1 : found->second.revision);
      default:
        return Expect::Anything();
    }
  };
  const milliseconds ttl(1 + rng.Below(10'000));
  switch (rng.Below(16)) {
    case 0:
      return {{Operation::Acquire{RandomName(rng), RandomName(rng), ttl}}};
    case 1:
      return {{Operation::Renew{lease(), ttl}}};
    case 2:
      return {{Operation::Release{lease()}}};
    case 3: {
      // Events of the batch that is being made are not there to be acknowledged yet.
      const auto position = static_cast<std::int64_t>(rng.Below(position_ + 1));
      return {{Operation::Acknowledge{RandomName(rng), RandomName(rng), position}}};
    }
    default:
      break;
  }
  Operation operation;
  for (std::uint64_t steps = rng.Below(6); steps > 0; --steps) {
    const Key key = RandomKey(rng);
    const std::uint64_t kind = rng.Below(20);
    if (kind < 12) {
      operation.steps.emplace_back(Operation::Put{key, RandomValue(rng), expect(key)});
    } else if (kind < 16) {
      operation.steps.emplace_back(Operation::Delete{key, expect(key)});
    } else if (kind < 18) {
      operation.steps.emplace_back(Operation::Emit{RandomName(rng), RandomValue(rng)});
    } else if (kind < 19) {
      operation.steps.emplace_back(Operation::Fence{lease()});
    } else {
      operation.steps.emplace_back(Operation::Fail{});
    }
  }
  return operation;
}

}  // namespace weir::control
