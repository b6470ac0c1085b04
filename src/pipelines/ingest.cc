#include "pipelines/ingest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ranges>

#include "pipelines/infer_read_step.h"
#include "pipelines/ingest_input.h"

namespace weir::pipelines {
namespace {

// Within a process writers take turns, so each further attempt means one more commit of another
// process since the last one began.
constexpr int kMostAttempts = 16;

Result<odf::AddPushSource> PushSourceOf(const odf::ChainState& chain, const std::string& name) {
  const auto found = chain.push_sources.find(name);
  if (found != chain.push_sources.end()) return found->second;
  std::string hint =
      fmt::format("it has {}", fmt::join(std::views::keys(chain.push_sources), ", "));
  if (chain.push_sources.empty()) {
    hint = chain.polling_source ? "it has a polling source: pull it"
                                : "add one to its manifest: AddPushSource";
  }
  return Invalid("the dataset has no push source {}", name).WithHint(std::move(hint));
}

}  // namespace

Status Ingestor::CleanScratch() {
  RETURN_IF_ERROR(files_.RemoveTree(options_.scratch));
  return files_.CreateDirectories(options_.scratch);
}

Status Ingestor::CheckRoom() const {
  const auto free = files_.FreeSpace(options_.scratch);
  // The directory is made by the first who needs it.
  if (!free) return Ok();
  if (*free >= options_.least_free_bytes) return Ok();
  return Exhausted(
             "the disk is nearly full: {} MiB are free, and {} MiB are kept for what is there",
             *free >> 20, options_.least_free_bytes >> 20)
      .WithHint("free some space; reading goes on meanwhile");
}

Result<IngestReport> Ingestor::Push(const Context& context, const PushRequest& request) {
  RETURN_IF_ERROR(CheckRoom());
  ASSIGN_OR_RETURN(const auto turn, turns_.Wait(context, request.dataset));
  for (int attempt = 1;; ++attempt) {
    ASSIGN_OR_RETURN(const ChainAtWork chain, ReadChainAtWork(context, chains_, request.dataset));
    ASSIGN_OR_RETURN(odf::AddPushSource source,
                     PushSourceOf(chain.record.chain, request.source_name));
    const InputAtWork input{.file = request.input,
                            .name = request.input_name,
                            .read = request.read ? *request.read : std::move(source.read),
                            .preprocess = std::move(source.preprocess),
                            .merge = std::move(source.merge),
                            .event_time = request.event_time};
    ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
    const IngestPlace place{.chains = chains_,
                            .files = files_,
                            .bench = *bench,
                            .scratch = options_.scratch,
                            .now = clock_.Now()};
    auto report = IngestInput(context, place, chain, input);
    const bool was_late = !report && report.error().code == ErrorCode::kConflict;
    if (!was_late || attempt == kMostAttempts) return report;
  }
}

Result<odf::ReadStep> Ingestor::Infer(const Context& context,
                                      std::shared_ptr<const ReadableFile> input,
                                      const std::string& name, slices::TimeRule times) {
  ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
  return InferReadStep(context, *bench, std::move(input), name, times);
}

}  // namespace weir::pipelines
