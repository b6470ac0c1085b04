#pragma once

#include <memory>

#include "base/files.h"
#include "base/stream.h"

namespace weir {

/// A source over a whole file, whose File() it is.
std::unique_ptr<ByteSource> SourceOf(std::shared_ptr<const ReadableFile> file);

}  // namespace weir
