#include "pipelines/compact/compact.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/sha3.h"
#include "datasets/pins.h"
#include "datasets/repository_places.h"
#include "datasets/rewrite_chain.h"
#include "pipelines/staged_slice.h"
#include "slices/merge_slices.h"
#include "slices/slice_contents.h"

namespace weir::pipelines {
namespace {

// Each further attempt means one more commit of somebody else.
constexpr int kMostAttempts = 16;

struct Place {
  datasets::ChainStore& chains;
  Files& files;
  const Clock& clock;
  const std::filesystem::path& scratch;
};

class Compaction {
 public:
  Compaction(const Context& context, const Place& place, const CompactRequest& request,
             const std::function<void(std::uint64_t)>& on_progress)
      : context_(context), place_(place), request_(request), on_progress_(on_progress) {}

  Result<CompactReport> Run() {
    ASSIGN_OR_RETURN(before_, place_.chains.Read(context_, request_.dataset));
    if (before_.chain.seed->dataset_kind == odf::DatasetKind::kDerivative) {
      return Invalid("dataset {} is a derivative: its history is that of its inputs", Name())
          .WithHint("weir reset computes it anew, as one slice");
    }
    ASSIGN_OR_RETURN(auto runs,
                     RunsOf(context_, place_.chains, request_.dataset, 0, request_.limits));
    const auto first = std::ranges::find_if(runs, &BlockRun::is_merged);
    report_.old_head = report_.new_head = *before_.chain.head;
    report_.old_blocks = before_.chain.sequence_number + 1;
    report_.old_slices = before_.slices;
    report_.new_blocks = runs.size();
    report_.new_slices = static_cast<std::uint64_t>(
        std::ranges::count_if(runs, [](const BlockRun& run) { return !run.slices.empty(); }));
    if (first == runs.end()) return report_;
    rewriting_ = {.expected_head = *before_.chain.head, .kept = first->first};
    RETURN_IF_ERROR(FindReaders());
    if (request_.is_dry_run) return report_;
    ASSIGN_OR_RETURN(const auto pin, datasets::Pin::Take(context_, place_.chains.store(),
                                                         request_.dataset, place_.clock.Now()));
    RETURN_IF_ERROR(place_.files.CreateDirectories(place_.scratch));
    for (auto run = first; run != runs.end(); ++run) RETURN_IF_ERROR(Add(*run));
    RETURN_IF_ERROR(Replace());
    RETURN_IF_ERROR(ResetReaders());
    return report_;
  }

 private:
  std::string Name() const {
    return datasets::NameOfDataset(context_, place_.chains, request_.dataset);
  }

  Status FindReaders() {
    ASSIGN_OR_RETURN(readers_, datasets::ReadersBeyond(context_, place_.chains, request_.dataset,
                                                       rewriting_.kept));
    if (readers_.empty() || request_.resets_readers) return Ok();
    std::vector<std::string> names;
    for (const odf::DatasetId& id : readers_) {
      names.push_back(datasets::NameOfDataset(context_, place_.chains, id));
    }
    return Conflict("derivatives have read {} and could not go on: {}", Name(),
                    fmt::join(names, ", "))
        .WithHint("--reset-downstream starts them over");
  }

  // The block of `run` in the new chain, its slice put.
  Status Add(BlockRun& run) {
    datasets::RewrittenBlock block{.event = std::move(run.event), .system_time = run.system_time};
    auto* data = std::get_if<odf::AddData>(&block.event.value);
    if (data != nullptr && run.slices.size() > 1) {
      ASSIGN_OR_RETURN(block.facts, Merge(run, data->new_data.emplace()));
    } else if (data != nullptr && !run.slices.empty()) {
      data->new_data = run.slices.front();
      ASSIGN_OR_RETURN(auto row, place_.chains.FindSlice(context_, request_.dataset,
                                                         data->new_data->offset_interval.start));
      block.facts = std::move(row.facts);
    }
    rewriting_.tail.push_back(std::move(block));
    return Ok();
  }

  Result<slices::SliceFacts> Merge(const BlockRun& run, odf::DataSlice& merged) {
    std::vector<std::shared_ptr<const ReadableFile>> files;
    for (std::size_t i = 0; i < run.slices.size(); ++i) {
      ASSIGN_OR_RETURN(auto file,
                       place_.chains.OpenCheckedSlice(context_, request_.dataset,
                                                      {.group = run.slices, .index = i}));
      files.push_back(std::move(file));
    }
    StagedSlice staged(place_.files, place_.scratch);
    HashedSink sink(staged);
    RETURN_IF_ERROR(slices::MergeSlices(context_, files, sink));
    ASSIGN_OR_RETURN(const auto file, staged.Open());
    ASSIGN_OR_RETURN(const auto reader, slices::SliceReader::Open(context_, file));
    ASSIGN_OR_RETURN(auto contents, slices::ReadContents(*reader, {.vocab = before_.chain.vocab}));
    merged = {.logical_hash = contents.logical_hash,
              .physical_hash = sink.Finish(),
              .offset_interval = {.start = run.slices.front().offset_interval.start,
                                  .end = run.slices.back().offset_interval.end},
              .size = sink.size()};
    ASSIGN_OR_RETURN(const auto content, staged.Settle(context_, place_.chains, request_.dataset,
                                                       merged.physical_hash));
    if (content) {
      const datasets::Repository repository = place_.chains.RepositoryOf(request_.dataset);
      RETURN_IF_ERROR(repository.PutSlice(context_, merged.physical_hash, AsBytes(*content)));
    }
    merged_ += run.slices.size();
    on_progress_(merged_);
    return std::move(contents.facts);
  }

  // What is committed meanwhile comes after, as it is.
  Status Replace() {
    for (int attempt = 1;; ++attempt) {
      const auto after =
          datasets::RewriteChain(context_, place_.chains, request_.dataset, rewriting_);
      if (after) {
        report_.new_head = *after->chain.head;
        report_.new_blocks = after->chain.sequence_number + 1;
        report_.new_slices = after->slices;
        return Ok();
      }
      const bool was_late = after.error().code == ErrorCode::kConflict;
      if (!was_late || attempt == kMostAttempts) return after.error();
      RETURN_IF_ERROR(Follow());
    }
  }

  Status Follow() {
    ASSIGN_OR_RETURN(auto now, place_.chains.Read(context_, request_.dataset));
    const auto known =
        place_.chains.FindBlock(context_, request_.dataset, rewriting_.expected_head);
    if (!known) {
      return Conflict("the history of dataset {} was replaced meanwhile", Name())
          .WithHint("try again");
    }
    ASSIGN_OR_RETURN(auto runs, RunsOf(context_, place_.chains, request_.dataset,
                                       known->sequence_number + 1, std::nullopt));
    for (BlockRun& run : runs) RETURN_IF_ERROR(Add(run));
    // Somebody may commit between the two reads: the next attempt sees that.
    if (!runs.empty()) {
      const std::uint64_t last = runs.back().first;
      ASSIGN_OR_RETURN(const auto head, place_.chains.FindBlock(context_, request_.dataset, last));
      rewriting_.expected_head = head.hash;
      before_ = std::move(now);
    }
    return Ok();
  }

  Status ResetReaders() {
    for (const odf::DatasetId& id : readers_) {
      ASSIGN_OR_RETURN(const auto graph,
                       datasets::ResetWithReaders(context_, place_.chains, {.id = id}, true));
      for (const datasets::ResetReport& each : graph.done) report_.reset.push_back(each.id);
    }
    return Ok();
  }

  // Hashes what goes by.
  class HashedSink final : public ByteSink {
   public:
    explicit HashedSink(ByteSink& sink) : sink_(sink) {}
    Status Write(ByteView bytes) override {
      hash_.Update(bytes);
      size_ += bytes.size();
      return sink_.Write(bytes);
    }
    Multihash Finish() { return Multihash(Multihash::kSha3_256, hash_.Finish()); }
    std::uint64_t size() const { return size_; }

   private:
    ByteSink& sink_;
    Sha3 hash_;
    std::uint64_t size_ = 0;
  };

  const Context& context_;
  const Place& place_;
  const CompactRequest& request_;
  const std::function<void(std::uint64_t)>& on_progress_;
  datasets::ChainRecord before_;
  datasets::Rewriting rewriting_;
  std::vector<odf::DatasetId> readers_;
  std::uint64_t merged_ = 0;
  CompactReport report_;
};

}  // namespace

Result<CompactReport> Compactor::Run(const Context& context, const CompactRequest& request,
                                     const std::function<void(std::uint64_t)>& on_progress) {
  const Place place{.chains = chains_, .files = files_, .clock = clock_, .scratch = scratch_};
  return Compaction(context, place, request, on_progress).Run();
}

}  // namespace weir::pipelines
