#include "pipelines/derive/verify_recursively.h"

#include <fmt/format.h>

#include <set>
#include <vector>

#include "datasets/directory.h"

namespace weir::pipelines {
namespace {

using odf::DatasetId;

void Add(const datasets::Verified& more, datasets::Verified& all) {
  all.blocks += more.blocks;
  all.slices += more.slices;
  all.checkpoints += more.checkpoints;
  all.records += more.records;
  all.bytes += more.bytes;
  all.unreferenced += more.unreferenced;
  all.all_blocks += more.all_blocks;
  all.warnings.insert(all.warnings.end(), more.warnings.begin(), more.warnings.end());
}

class Verification {
 public:
  Verification(const Context& context, datasets::ChainStore& chains, Deriver& deriver,
               const datasets::VerifyOptions& options,
               const std::function<void(const VerifiedGraph&)>& on_progress)
      : context_(context),
        chains_(chains),
        deriver_(deriver),
        options_(options),
        on_progress_(on_progress) {}

  Result<VerifiedGraph> Run(const DatasetId& id) {
    RETURN_IF_ERROR(Visit(id));
    return std::move(done_);
  }

 private:
  // What is read comes first.
  Status Visit(const DatasetId& id) {
    if (!seen_.insert(id).second) return Ok();
    auto record = chains_.Read(context_, id);
    if (!record) return Named(id, std::move(record).error());
    for (const odf::InputPosition& input : record->chain.inputs) {
      RETURN_IF_ERROR(Visit(input.dataset_id));
    }
    return VerifyOne(id, record->chain.seed->dataset_kind == odf::DatasetKind::kDerivative);
  }

  Status VerifyOne(const DatasetId& id, bool is_derivative) {
    datasets::VerifyOptions options = options_;
    options.on_progress = [&](const datasets::Verified& now) {
      VerifiedGraph told = done_;
      Add(now, told.all);
      on_progress_(told);
    };
    auto verified = datasets::Verify(context_, chains_, id, options);
    if (!verified) return Named(id, std::move(verified).error());
    Add(*verified, done_.all);
    ++done_.datasets;
    if (!is_derivative) return Ok();
    auto replayed = deriver_.Replay(context_, id);
    if (!replayed) return Named(id, std::move(replayed).error());
    done_.steps += replayed->steps;
    on_progress_(done_);
    return Ok();
  }

  Error Named(const DatasetId& id, Error error) const {
    std::string name = id.ToString();
    if (const auto snapshot = chains_.store().Read(context_)) {
      if (const auto entry = datasets::FindDataset(**snapshot, id)) name = entry->name;
    }
    error.message = fmt::format("dataset {}: {}", name, error.message);
    return error;
  }

  const Context& context_;
  datasets::ChainStore& chains_;
  Deriver& deriver_;
  const datasets::VerifyOptions& options_;
  const std::function<void(const VerifiedGraph&)>& on_progress_;
  std::set<DatasetId> seen_;
  VerifiedGraph done_;
};

}  // namespace

Result<VerifiedGraph> VerifyRecursively(
    const Context& context, datasets::ChainStore& chains, Deriver& deriver,
    const odf::DatasetId& id, const datasets::VerifyOptions& options,
    const std::function<void(const VerifiedGraph&)>& on_progress) {
  return Verification(context, chains, deriver, options, on_progress).Run(id);
}

}  // namespace weir::pipelines
