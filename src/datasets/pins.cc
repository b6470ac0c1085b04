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

}  // namespace

Result<std::unique_ptr<Pin>> Pin::Take(const Context& context, control::Store& store,
                                       const odf::DatasetId& id, Timestamp now) {
  const std::string name = fmt::format("{:016x}", SystemRng().Next());
  const Timestamp end = now + kLongestPin;
  const auto taken = store.Transact(context, [&](control::Transaction& transaction) {
    return transaction.Put(PinKey(id, name), std::to_string(end.time_since_epoch().count()));
  });
  if (!taken) return taken.error();
  return std::unique_ptr<Pin>(new Pin(store, id, name));
}

Pin::~Pin() {
  const Context context = Context::Background().WithTimeout(kLetGoWithin);
  (void)store_.Transact(context, [&](control::Transaction& transaction) {
    return transaction.Delete(PinKey(id_, name_));
  });
}

Result<bool> IsPinned(control::Snapshot& snapshot, const odf::DatasetId& id, Timestamp now) {
  ASSIGN_OR_RETURN(const auto pins, snapshot.Scan(PinsKey(id)));
  return std::any_of(pins.begin(), pins.end(),
                     [&](const control::Entry& pin) { return now < EndOf(pin); });
}

}  // namespace weir::datasets
