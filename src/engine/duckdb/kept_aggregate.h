#pragma once

#include <optional>
#include <string>
#include <vector>

namespace weir::engine {

/// One value of a group's state. All are SQL: `{a}` stands for the argument, `{o}` for the value
/// that is kept (which may be NULL: none) and `{d}` for that of the rows that change.
struct KeptValue {
  std::string of_all = {};      ///< over rows that are all there
  std::string of_changes = {};  ///< over rows with a column `sign`, below 0 for those that go
  std::string merged = {};      ///< of {o} and {d}
};

/// How an aggregate is kept: what it is made of, and how it is told from that; in `told`, `{0}`
/// stands for the first value, `{1}` for the second.
struct KeptAggregate {
  std::vector<KeptValue> values = {};
  std::string told = {};
  bool can_take_away = true;
};

/// The aggregate `name`, as it runs in transforms, over an argument of `type` (as the engine writes
/// it). nullopt: it needs all its values again.
std::optional<KeptAggregate> KeptAggregateOf(const std::string& name, const std::string& type);

}  // namespace weir::engine
