#pragma once

#include <memory>
#include <string>

#include "base/files.h"

namespace weir {

/// Bytes in memory as a file.
std::shared_ptr<const ReadableFile> FileOf(std::string content);

}  // namespace weir
