#pragma once

#include <cstdint>
#include <filesystem>

#include "base/error.h"
#include "base/files.h"

namespace weir::datasets {

// What a process finds of a cache that somebody removed or damaged: it goes on without.

/// Whether a file of that size is there; its bytes are not looked at.
bool IsThere(const Files& files, const std::filesystem::path& path, std::uint64_t size);

/// Whether what was to be read is there and is not what was written, so that nothing but its
/// removal makes room for it again.
bool IsDamage(const Error& error);

}  // namespace weir::datasets
