#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"

namespace weir::pipelines {

/// `file` as UTF-8: itself when `encoding` is utf8, else a copy in a new file under `scratch` that
/// is gone when the last reader lets go of it. `encoding` is any name that iconv knows (latin1,
/// windows-1251, utf-16). kInvalid for one it does not, and for bytes that are none of it, with
/// their offset.
Result<std::shared_ptr<const ReadableFile>> AsUtf8(const Context& context,
                                                   std::shared_ptr<const ReadableFile> file,
                                                   const std::string& encoding,
                                                   const std::filesystem::path& scratch);

/// Whether `file` holds \" anywhere.
Result<bool> FindBackslashQuote(const Context& context, const ReadableFile& file);

}  // namespace weir::pipelines
