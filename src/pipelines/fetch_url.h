#pragma once

#include "pipelines/fetch.h"

namespace weir::pipelines {

/// What was fetched, before it is prepared.
struct FetchedFile {
  std::filesystem::path path = {};  ///< where it lies, as long as `found.file` is held
  Fetched found = {};
};

/// The content of a file:, http: or https: address if it is another than `state` says.
Result<std::optional<FetchedFile>> FetchUrl(const Context& context, const FetchPlace& place,
                                            const odf::FetchStepUrl& step,
                                            const std::optional<odf::SourceState>& state);

/// The file at `path` of this machine, which must be allowed.
Result<FetchedFile> FetchLocal(const FetchPlace& place, const std::filesystem::path& path);

}  // namespace weir::pipelines
