#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/stream.h"
#include "resources/apply_request.h"
#include "resources/interpolate.h"
#include "resources/kind_registry.h"
#include "resources/problem.h"

namespace weir::resources {

/// What -f names: files, directories and "-" for standard input.
struct ManifestFilesRequest {
  std::vector<std::string> paths = {};
  bool recursive = false;        ///< -R: directories in directories too
  bool with_attachments = true;  ///< read the files that manifests name by `file:`
  std::size_t max_files = 20'000;
  std::size_t max_total_bytes = 256 << 20;
};

/// The texts to send: documents in the order of -f, files of a directory by name.
struct ManifestFiles {
  std::vector<Document> documents = {};
  std::vector<Document> attachments = {};
};

/// Collects manifests on the caller's machine: *.yaml, *.yml and *.json of a directory (names that
/// begin with a dot are left out), a file given by name whatever its ending, and the files that
/// manifests name (`registry` knows which keys do). With `environment`, variables are filled in.
/// kNotFound names what is missing; wrong YAML is left for the server to report, except that what
/// cannot be filled in is in `problems` (and the error is kInvalid). `standard_input` is read once,
/// for "-".
Result<ManifestFiles> CollectManifests(const ManifestFilesRequest& request, const Files& files,
                                       ByteSource& standard_input, const Environment* environment,
                                       const KindRegistry& registry, Problems& problems);

}  // namespace weir::resources
