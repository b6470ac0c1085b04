#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "engine/workbench.h"
#include "odf/events.h"
#include "pipelines/prepare.h"
#include "pipelines/source_rights.h"

namespace weir::pipelines {

/// Where and with what a source is fetched.
struct FetchPlace {
  Files& files;
  engine::Workbench& bench;
  const SourceRights& rights;
  const std::filesystem::path& scratch;
  std::uint64_t least_free_bytes = 0;
};

/// Something new of a source, prepared to be read.
struct Fetched {
  std::shared_ptr<const ReadableFile> file = {};
  std::string name = {};                     ///< for messages
  std::optional<Timestamp> event_time = {};  ///< of rows without one
  odf::SourceState state = {};               ///< where the source stands once this is in
  /// Whether the file is still the one that was read.
  std::function<Status()> check = {};
};

/// The name under which a chain keeps the state of its polling source.
inline constexpr const char* kPollingSourceName = "default";

/// What comes next after `state` (where the source was read up to, if it ever was): the next file
/// of a glob, or a URL's content when it has changed. nullopt: nothing new.
///
/// Errors: kDenied for what the rights do not allow; kNotFound, kUnavailable, kInvalid for what
/// cannot be fetched; kUnimplemented for sources that are not fetched yet; those of PrepareFile.
Result<std::optional<Fetched>> FetchNext(const Context& context, const FetchPlace& place,
                                         const odf::SetPollingSource& source,
                                         const std::optional<odf::SourceState>& state);

}  // namespace weir::pipelines
