#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/multihash.h"
#include "base/result.h"

namespace weir::slices {

/// The physical hash of each of `files`: SHA3-256 over its bytes. Files are hashed side by side,
/// which for several of them takes a fraction of the time they take one by one. A file that cannot
/// be read has its error, and the others their hashes.
std::vector<Result<Multihash>> PhysicalHashes(
    const Context& context, std::span<const std::shared_ptr<const ReadableFile>> files);

}  // namespace weir::slices
