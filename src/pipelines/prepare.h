#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "odf/source_steps.h"
#include "pipelines/decompress.h"

namespace weir::pipelines {

struct PrepareOptions {
  std::filesystem::path scratch = std::filesystem::temp_directory_path();
  DecompressLimits limits = {};
  /// Pipes run commands of the machine; without this they are refused. See design.md, "Untrusted
  /// input": the manifests' right to them is the configuration's to give.
  bool allows_commands = false;
};

/// A file made ready to be read. Removed with it, unless it is the input itself.
class PreparedFile {
 public:
  explicit PreparedFile(std::filesystem::path path, bool is_ours)
      : path_(std::move(path)), is_ours_(is_ours) {}
  ~PreparedFile();
  PreparedFile(PreparedFile&& other) noexcept;
  PreparedFile& operator=(PreparedFile&& other) noexcept;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  bool is_ours_;
};

/// Runs the preparation steps of a source over `input`, each over what the one before made.
/// kDenied for a pipe that is not allowed; kInvalid, naming the step, when the bytes or the command
/// are at fault (its last words are in the message); errors of decompress.h.
Result<PreparedFile> PrepareFile(const Context& context, const std::filesystem::path& input,
                                 const std::vector<odf::PrepStep>& steps,
                                 const PrepareOptions& options);

}  // namespace weir::pipelines
