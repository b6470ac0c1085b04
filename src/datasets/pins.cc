#include "datasets/pins.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/rng.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

constexpr std::chrono::seconds kLetGoWithin{5};

// When a pin ends; the beginning of time for a record that is none.
Timestamp EndOf(const control::Entry& pin) {
  std::int64_t nanos = 0;
  std::from_chars(pin.value.data(), pin.value.data() + pin.value.size(), nanos);
  return Timestamp(std::chrono::nanoseconds(nanos));
}

std::string NewName() { return fmt::format("{:016x}", SystemRng().Next()); }

}  // namespace

Result<std::unique_ptr<Pin>> Pin::Take(const Context& context, control::Store& store,
                                       const odf::DatasetId& id, Timestamp now) {
  return Put(context, store, PinKey(id, NewName()), now);
}

Result<std::unique_ptr<Pin>> Pin::TakeOfAll(const Context& context, control::Store& store,
                                            Timestamp now) {
  return Put(context, store, PinsOfAllKey().With(NewName()), now);
}

Result<std::unique_ptr<Pin>> Pin::Put(const Context& context, control::Store& store,
                                      control::Key key, Timestamp now) {
  const Timestamp end = now + kLongestPin;
  const auto taken = store.Transact(context, [&](control::Transaction& transaction) {
    return transaction.Put(key, std::to_string(end.time_since_epoch().count()));
  });
  if (!taken) return taken.error();
  return std::unique_ptr<Pin>(new Pin(store, std::move(key)));
}

Pin::~Pin() {
  const Context context = Context::Background().WithTimeout(kLetGoWithin);
  (void)store_.Transact(
      context, [&](control::Transaction& transaction) { return transaction.Delete(key_); });
}

Result<bool> IsPinned(control::Snapshot& snapshot, const odf::DatasetId& id, Timestamp now) {
  const auto is_held = [&](const control::Key& pins) -> Result<bool> {
    ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(pins));
    return std::any_of(entries.begin(), entries.end(),
                       [&](const control::Entry& pin) { return now < EndOf(pin); });
  };
  ASSIGN_OR_RETURN(const bool is_held_of_all, is_held(PinsOfAllKey()));
  if (is_held_of_all) return true;
  return is_held(PinsKey(id));
}

}  // namespace weir::datasets
