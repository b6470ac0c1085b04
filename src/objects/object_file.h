#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "objects/object_store.h"

namespace weir::objects {

/// An object for reading at any place, each read a ranged request. The store outlives the file;
/// reads are bounded by the deadline of `context` alone, and ended by its cancellation.
Result<std::shared_ptr<const ReadableFile>> OpenObject(const Context& context, ObjectStore& store,
                                                       std::string_view key);

}  // namespace weir::objects
