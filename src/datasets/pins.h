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
/// first object, and let go after the commit. Many may hold one at a time. It ends by itself after
/// kLongestPin, for its holder may have died.
class Pin {
 public:
  static Result<std::unique_ptr<Pin>> Take(const Context& context, control::Store& store,
                                           const odf::DatasetId& id, Timestamp now);
  ~Pin();  ///< lets go
  Pin(const Pin&) = delete;
  Pin& operator=(const Pin&) = delete;

 private:
  Pin(control::Store& store, const odf::DatasetId& id, std::string name)
      : store_(store), id_(id), name_(std::move(name)) {}

  control::Store& store_;
  const odf::DatasetId id_;
  const std::string name_;
};

inline constexpr std::chrono::hours kLongestPin{24};

/// Whether somebody holds a pin of the dataset.
Result<bool> IsPinned(control::Snapshot& snapshot, const odf::DatasetId& id, Timestamp now);

}  // namespace weir::datasets
