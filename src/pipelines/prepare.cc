#include "pipelines/prepare.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>
#include <variant>

#include "base/files.h"
#include "base/rng.h"
#include "pipelines/pipe_command.h"

namespace weir::pipelines {
namespace {

class Step {
 public:
  Step(const Context& context, const std::filesystem::path& input,
       const std::filesystem::path& output, const PrepareOptions& options)
      : context_(context), input_(input), output_(output), options_(options) {}

  Status operator()(const odf::PrepStepDecompress& step) const {
    ASSIGN_OR_RETURN(const auto file, PosixFiles().Open(input_));
    if (step.format == odf::CompressionFormat::kGzip) {
      return DecompressGzip(context_, *file, output_, options_.limits);
    }
    return DecompressZip(context_, *file, step.sub_path, output_, options_.limits);
  }

  Status operator()(const odf::PrepStepPipe& step) const {
    if (!options_.allows_commands) {
      return Denied("the source pipes its data through a command, which is not allowed here")
          .WithHint("allow it under sources.commands of weir.yaml");
    }
    return PipeThrough(context_, step.command, input_, output_, options_.limits.max_bytes);
  }

 private:
  const Context& context_;
  const std::filesystem::path& input_;
  const std::filesystem::path& output_;
  const PrepareOptions& options_;
};

}  // namespace

PreparedFile::~PreparedFile() {
  std::error_code ignored;
  if (is_ours_) std::filesystem::remove(path_, ignored);
}

PreparedFile::PreparedFile(PreparedFile&& other) noexcept
    : path_(std::move(other.path_)), is_ours_(std::exchange(other.is_ours_, false)) {}

PreparedFile& PreparedFile::operator=(PreparedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(is_ours_, other.is_ours_);
  return *this;
}

Result<PreparedFile> PrepareFile(const Context& context, const std::filesystem::path& input,
                                 const std::vector<odf::PrepStep>& steps,
                                 const PrepareOptions& options) {
  PreparedFile current(input, false);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    PreparedFile next(options.scratch / fmt::format(".prepared-{:016x}", SystemRng().Next()), true);
    Status done = std::visit(Step(context, current.path(), next.path(), options), steps[i].value);
    if (!done) {
      Error error = std::move(done).error();
      error.message = fmt::format("preparation step {}: {}", i + 1, error.message);
      return error;
    }
    current = std::move(next);
  }
  return current;
}

}  // namespace weir::pipelines
