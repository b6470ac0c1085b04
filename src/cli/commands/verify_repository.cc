#include "cli/commands/verify_repository.h"

#include <boost/json/array.hpp>
#include <filesystem>

#include "base/rng.h"
#include "cli/progress.h"
#include "cli/work_call.h"
#include "datasets/verify.h"
#include "objects/local_object_store.h"
#include "objects/object_url.h"
#include "objects/open_object_store.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

// A directory for slices of a far repository, gone with this.
class Scratch {
 public:
  explicit Scratch(Files& files)
      : files_(files),
        path_(std::filesystem::temp_directory_path() /
              fmt::format("weir-verify-{:016x}", SystemRng().Next())),
        store_(path_, files) {}
  ~Scratch() { (void)files_.RemoveTree(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  objects::ObjectStore& store() { return store_; }

 private:
  Files& files_;
  const Files::Path path_;
  objects::LocalObjectStore store_;
};

}  // namespace

Result<Record> VerifyRepositoryAt(Session& session, const std::string& url, bool data) {
  ASSIGN_OR_RETURN(const objects::ObjectLocation location, objects::ParseObjectUrl(url));
  const bool is_far = !std::holds_alternative<objects::FileLocation>(location);
  ASSIGN_OR_RETURN(const auto objects, objects::OpenObjectStore(url));
  const datasets::Repository repository(*objects, "");
  Scratch scratch(session.files());
  Progress shown(session.terminal(), "verifying " + url);
  const auto began = std::chrono::steady_clock::now();
  const auto on_progress = [&](const datasets::Verified& now) {
    shown.Say(fmt::format("verifying {}: {} of {} blocks, {}", url, now.blocks, now.all_blocks,
                          BytesLine(now.bytes, 0, std::chrono::steady_clock::now() - began)));
  };
  const auto verified = datasets::VerifyRepository(
      session.Long(), repository,
      {.data = data, .scratch = is_far ? &scratch.store() : nullptr, .on_progress = on_progress});
  if (!verified) {
    return Error{verified.error().code, url + ": " + verified.error().message,
                 verified.error().hint};
  }
  json::array warnings;
  for (const std::string& warning : verified->warnings) warnings.emplace_back(warning);
  return Record{{"dataset", url},
                {"blocks", verified->blocks},
                {"allBlocks", verified->all_blocks},
                {"slices", verified->slices},
                {"checkpoints", verified->checkpoints},
                {"records", verified->records},
                {"bytes", verified->bytes},
                {"unreferenced", verified->unreferenced},
                {"warnings", std::move(warnings)}};
}

}  // namespace weir::cli
