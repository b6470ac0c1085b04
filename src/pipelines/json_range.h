#pragma once

#include <memory>
#include <string>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"

namespace weir::pipelines {

/// The array at `sub_path` (`a.b.c`; empty: the whole file) of a JSON document, as a file of its
/// own: a window onto the bytes of `file`, so that a document of any size is read with the memory
/// of one record. kInvalid when the path leads nowhere or the document breaks off before its end.
Result<std::shared_ptr<const ReadableFile>> FindJsonRange(const Context& context,
                                                          std::shared_ptr<const ReadableFile> file,
                                                          const std::string& sub_path);

}  // namespace weir::pipelines
