#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/context.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/repository.h"

namespace weir::datasets {

/// An object that one repository has and another is to have.
struct ObjectToCopy {
  Repository::Part part = Repository::Part::kSlice;
  Multihash hash = {};
  std::uint64_t size = 0;
};

/// What is already at the target and may be trusted.
enum class Present {
  kBySize,  ///< an object of the right length is taken for the right one
  kByHash,  ///< it is read and hashed; one that is not what it should be is copied anew
};

struct CopyOptions {
  Present present = Present::kBySize;
  std::function<void(std::uint64_t bytes)> on_bytes = {};   ///< from any thread
  std::function<void(const ObjectToCopy&)> on_object = {};  ///< there now; from any thread
  std::function<void(const ObjectToCopy&)> on_failed = {};  ///< because of it; from any thread
  /// What else to do with objects that are there, those that were before among them, while others
  /// are still on their way; its error ends the copying. From any thread.
  std::function<Status(std::span<const ObjectToCopy>)> then = {};
};

/// Copies those of `objects` that `to` lacks. Bytes are hashed on their way, those of several
/// objects side by side, and an object appears at the target only if it has the size and hash it
/// should have: kCorrupt names the first that has not.
Status CopyObjects(const Context& context, const Repository& from, const Repository& to,
                   std::vector<ObjectToCopy> objects, const CopyOptions& options = {});

}  // namespace weir::datasets
