#include "pipelines/derive/rebuild.h"

#include <fmt/format.h>

#include <set>

#include "datasets/repository_places.h"
#include "pipelines/derive/repeated_step.h"
#include "pipelines/staged_slice.h"

namespace weir::pipelines {
namespace {

using odf::DatasetId;

Error In(const datasets::BlockRow& block, Error error) {
  error.message =
      fmt::format("block {} ({}): {}", block.sequence_number, block.hash.ToText(), error.message);
  return error;
}

// A slice may only stand under the hash that its block names.
Status CheckSame(const RepeatedStep& step) {
  if (!step.is_same()) {
    return Corrupt("its inputs give other rows than it had")
        .WithHint(
            "weir verify --recursive says what is wrong with its inputs; weir reset computes the "
            "derivative anew");
  }
  if (!step.computed || step.computed->slice == *step.event.new_data) return Ok();
  return Conflict(
             "the rows are the same, but their file is another one: {} bytes with hash {}, and the "
             "block names {} bytes with hash {}",
             step.computed->slice.size, step.computed->slice.physical_hash.ToText(),
             step.event.new_data->size, step.event.new_data->physical_hash.ToText())
      .WithHint(
          "another writer of Parquet made it: rebuild it with the version of Weir that did, pull "
          "it from a repository that has it, or compute it anew by weir reset");
}

class Rebuilding {
 public:
  Rebuilding(const Context& context, datasets::ChainStore& chains, Deriver& deriver,
             const std::function<void(const RebuiltGraph&)>& on_progress)
      : context_(context), chains_(chains), deriver_(deriver), on_progress_(on_progress) {}

  Result<RebuiltGraph> Run(const std::vector<DatasetId>& ids) {
    for (const DatasetId& id : ids) {
      ASSIGN_OR_RETURN(const auto record, chains_.Read(context_, id));
      if (!IsDerivative(record)) {
        return Invalid("dataset {} is a root: nothing can compute its rows again", Name(id))
            .WithHint(
                "weir pull brings it from a repository that has it, weir backup restore a backup");
      }
      RETURN_IF_ERROR(Visit(id));
    }
    return done_;
  }

 private:
  static bool IsDerivative(const datasets::ChainRecord& record) {
    return record.chain.seed->dataset_kind == odf::DatasetKind::kDerivative;
  }

  std::string Name(const DatasetId& id) const {
    return datasets::NameOfDataset(context_, chains_, id);
  }

  Status Visit(const DatasetId& id) {
    if (!seen_.insert(id).second) return Ok();
    ASSIGN_OR_RETURN(const auto record, chains_.Read(context_, id));
    if (!IsDerivative(record)) return Ok();
    Status rebuilt = RebuildOne(id, record);
    if (rebuilt) return Ok();
    Error error = std::move(rebuilt).error();
    if (!is_named_) error.message = fmt::format("dataset {}: {}", Name(id), error.message);
    is_named_ = true;
    return error;
  }

  Status RebuildOne(const DatasetId& id, const datasets::ChainRecord& record) {
    ASSIGN_OR_RETURN(const std::uint64_t blocks, datasets::RestoreBlocks(context_, chains_, id));
    done_.blocks += blocks;
    const auto on_checked = [&](const odf::DataSlice&) {
      ++done_.checked;
      on_progress_(done_);
    };
    ASSIGN_OR_RETURN(const auto lost, datasets::FindLostSlices(context_, chains_, id, on_checked));
    if (!lost.empty()) {
      for (const odf::InputPosition& input : record.chain.inputs) {
        RETURN_IF_ERROR(Visit(input.dataset_id));
      }
      const auto on_slice = [&](const odf::DataSlice& slice) {
        ++done_.slices;
        done_.records += slice.offset_interval.end - slice.offset_interval.start + 1;
        on_progress_(done_);
      };
      RETURN_IF_ERROR(deriver_.Rebuild(context_, id, lost, on_slice));
    }
    // Last, so that no other tool sees a head that leads to nothing.
    RETURN_IF_ERROR(chains_.PublishHead(context_, id));
    ++done_.datasets;
    on_progress_(done_);
    return Ok();
  }

  const Context& context_;
  datasets::ChainStore& chains_;
  Deriver& deriver_;
  const std::function<void(const RebuiltGraph&)>& on_progress_;
  std::set<DatasetId> seen_;
  RebuiltGraph done_;
  bool is_named_ = false;  // an error says of which dataset it is
};

}  // namespace

Status RebuildSlices(const Context& context, const RebuildPlace& place, const DatasetId& dataset,
                     const std::vector<datasets::LostSlice>& lost,
                     const std::function<void(const odf::DataSlice&)>& on_slice) {
  datasets::ChainStore& chains = place.rows.chains;
  for (const datasets::LostSlice& each : lost) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto block, chains.FindBlock(context, dataset, each.sequence_number));
    StagedSlice staged(place.scratch.files, place.scratch.directory);
    const auto step = RepeatStep(context, place.rows, dataset, block, staged);
    if (!step) return In(block, step.error());
    if (Status same = CheckSame(*step); !same) return In(block, std::move(same).error());
    const Multihash& hash = each.slice.physical_hash;
    ASSIGN_OR_RETURN(const auto content, staged.Settle(context, chains, dataset, hash));
    if (content) {
      RETURN_IF_ERROR(chains.RepositoryOf(dataset).PutSlice(context, hash, AsBytes(*content)));
    }
    on_slice(each.slice);
  }
  return Ok();
}

Result<RebuiltGraph> RebuildGraph(const Context& context, datasets::ChainStore& chains,
                                  Deriver& deriver, const std::vector<DatasetId>& ids,
                                  const std::function<void(const RebuiltGraph&)>& on_progress) {
  return Rebuilding(context, chains, deriver, on_progress).Run(ids);
}

}  // namespace weir::pipelines
