#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// Keeps garbage collection away from the objects of a dataset while it lives. Whoever puts objects
/// into a repository before the commit that makes a block lead to them holds one: taken before the
/// first object, and let go after the commit. Whoever reads objects that blocks may cease to lead
/// to meanwhile holds one too. Many may hold one at a time. It ends by itself after kLongestPin,
/// for its holder may have died.
class Pin {
 public:
  static Result<std::unique_ptr<Pin>> Take(const Context& context, control::Store& store,
                                           const odf::DatasetId& id, Timestamp now);
  /// Of every dataset that there is or will be.
  static Result<std::unique_ptr<Pin>> TakeOfAll(const Context& context, control::Store& store,
                                                Timestamp now);
  ~Pin();  ///< lets go
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;

 private:
  Pin(control::Store& store, control::Key key) : store_(store), key_(std::move(key)) {}
  static Result<std::unique_ptr<Pin>> Put(const Context& context, control::Store& store,
                                          control::Key key, Timestamp now);

  control::Store& store_;
  const control::Key key_;
};

inline constexpr std::chrono::hours kLongestPin{24};

/// Whether somebody holds a pin of the dataset, or of all.
Result<bool> IsPinned(control::Snapshot& snapshot, const odf::DatasetId& id, Timestamp now);

}  // namespace weir::datasets
