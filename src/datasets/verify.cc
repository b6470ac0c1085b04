#include "datasets/verify.h"

#include <set>

#include "datasets/block_slice.h"
#include "datasets/found_chain.h"
#include "odf/codec.h"
#include "slices/check_slice.h"
#include "slices/physical_hash.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kSlicesAtOnce = 8;  // as many as are hashed side by side

// Where the parts of a chain are read from: our store, or a repository.
class Parts {
 public:
  virtual ~Parts() = default;
  virtual Result<Bytes> Block(const Multihash& hash) = 0;
  virtual Result<std::shared_ptr<const ReadableFile>> Slice(const odf::DataSlice& slice) = 0;
  virtual Result<std::shared_ptr<const ReadableFile>> Checkpoint(const Multihash& hash) = 0;
};

Error In(const Multihash& block, const Error& error) {
  return Error{error.code, fmt::format("block {}: {}", block.ToText(), error.message), error.hint};
}

// An object that should be there and is not is as bad as one that is damaged.
Error Missing(const Multihash& block, const Error& error) {
  if (error.code != ErrorCode::kNotFound) return In(block, error);
  return Corrupt("block {}: {}", block.ToText(), error.message);
}

class Verifier {
 public:
  Verifier(const Context& context, Parts& parts, const VerifyOptions& options)
      : context_(context), parts_(parts), options_(options) {}

  Status Block(const Multihash& hash) {
    RETURN_IF_ERROR(context_.Check());
    const auto bytes = parts_.Block(hash);
    if (!bytes) return Missing(hash, bytes.error());
    const auto decoded = odf::DecodeBlock(*bytes);
    if (!decoded) return In(hash, decoded.error());
    const odf::MetadataEvent& event = decoded->block.event;
    const Status appended = odf::AppendToChain(chain_, hash, decoded->block,
                                               odf::Strictness::kForeign, &verified_.warnings);
    if (!appended) return Corrupt("{}", appended.error().message);
    verified_.blocks += 1;
    if (const odf::DataSlice* slice = SliceOf(event)) {
      verified_.slices += 1;
      verified_.records += slice->offset_interval.end - slice->offset_interval.start + 1;
      objects_.insert("data/" + slice->physical_hash.ToText());
      if (options_.data) RETURN_IF_ERROR(Slice(hash, *slice));
    }
    if (const odf::Checkpoint* checkpoint = CheckpointOf(event)) {
      verified_.checkpoints += 1;
      objects_.insert("checkpoints/" + checkpoint->physical_hash.ToText());
      if (options_.data) RETURN_IF_ERROR(Checkpoint(hash, *checkpoint));
    }
    objects_.insert("blocks/" + hash.ToText());
    if (options_.on_progress) options_.on_progress(verified_);
    return Ok();
  }

  // Checks the slices that are still waiting to be hashed side by side.
  Status Flush() {
    std::vector<slices::SliceToCheck> checks;
    for (const Waiting& waiting : waiting_) checks.push_back(waiting.check);
    const auto reports = slices::CheckSlices(context_, checks);
    for (std::size_t i = 0; i < reports.size(); ++i) {
      const auto& [block, check] = waiting_[i];
      if (!reports[i]) {
        return In(block, reports[i].error());
      }
      verified_.bytes += check.slice.size;
    }
    waiting_.clear();
    if (options_.on_progress) options_.on_progress(verified_);
    return Ok();
  }

  Status CountUnreferenced(const Repository& repository) {
    return repository.List(context_, [&](const objects::ObjectInfo& object) {
      const bool is_content = object.key.starts_with("blocks/") ||
                              object.key.starts_with("data/") ||
                              object.key.starts_with("checkpoints/");
      if (is_content && !objects_.contains(object.key)) verified_.unreferenced += 1;
      return Ok();
    });
  }

  const odf::ChainState& chain() const { return chain_; }
  Verified Take() { return std::move(verified_); }

 private:
  struct Waiting {
    Multihash block;
    slices::SliceToCheck check;
  };

  Status Slice(const Multihash& block, const odf::DataSlice& slice) {
    auto file = parts_.Slice(slice);
    if (!file) return Missing(block, file.error());
    waiting_.push_back({block, {.file = *std::move(file), .slice = slice, .vocab = chain_.vocab}});
    return waiting_.size() < kSlicesAtOnce ? Ok() : Flush();
  }

  Status Checkpoint(const Multihash& block, const odf::Checkpoint& checkpoint) {
    const auto file = parts_.Checkpoint(checkpoint.physical_hash);
    if (!file) return Missing(block, file.error());
    const auto hash = std::move(slices::PhysicalHashes(context_, {&*file, 1})[0]);
    if (!hash) return In(block, hash.error());
    const bool same = (*file)->size() == checkpoint.size && *hash == checkpoint.physical_hash;
    if (!same) {
      return Corrupt("block {}: checkpoint {} is not what was written", block.ToText(),
                     checkpoint.physical_hash.ToText());
    }
    verified_.bytes += checkpoint.size;
    return Ok();
  }

  const Context& context_;
  Parts& parts_;
  const VerifyOptions& options_;
  odf::ChainState chain_;
  Verified verified_;
  std::vector<Waiting> waiting_;
  std::set<std::string> objects_;  // all that blocks lead to
};

class StoredParts final : public Parts {
 public:
  StoredParts(const Context& context, ChainStore& chains, const odf::DatasetId& id)
      : context_(context), chains_(chains), id_(id) {}

  Result<Bytes> Block(const Multihash& hash) override {
    ASSIGN_OR_RETURN(const BlockRow row, chains_.FindBlock(context_, id_, hash));
    return chains_.ReadBlock(context_, id_, row);
  }
  Result<std::shared_ptr<const ReadableFile>> Slice(const odf::DataSlice& slice) override {
    return chains_.OpenSlice(context_, id_, slice);
  }
  Result<std::shared_ptr<const ReadableFile>> Checkpoint(const Multihash& hash) override {
    return chains_.RepositoryOf(id_).OpenCheckpoint(context_, hash);
  }

 private:
  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId& id_;
};

class RepositoryParts final : public Parts {
 public:
  RepositoryParts(const Context& context, const Repository& repository)
      : context_(context), repository_(repository) {}

  Result<Bytes> Block(const Multihash& hash) override { return repository_.Block(context_, hash); }
  Result<std::shared_ptr<const ReadableFile>> Slice(const odf::DataSlice& slice) override {
    return repository_.OpenSlice(context_, slice.physical_hash);
  }
  Result<std::shared_ptr<const ReadableFile>> Checkpoint(const Multihash& hash) override {
    return repository_.OpenCheckpoint(context_, hash);
  }

 private:
  const Context& context_;
  const Repository& repository_;
};

Status CheckEnd(const odf::DatasetId& id, const ChainRecord& record, const Verified& verified,
                const odf::ChainState& chain) {
  if (chain.head != record.chain.head) {
    return Corrupt("the blocks of dataset {} end at {}, its record at {}", id.ToString(),
                   chain.head ? chain.head->ToText() : "none", record.chain.head->ToText());
  }
  const bool same = verified.records == record.records && verified.slices == record.slices &&
                    EncodeInForce(chain) == EncodeInForce(record.chain);
  if (same) return Ok();
  return Corrupt("the record of dataset {} is not what its blocks add up to", id.ToString())
      .WithHint("weir doctor --rebuild-index makes it anew");
}

}  // namespace

Result<Verified> Verify(const Context& context, ChainStore& chains, const odf::DatasetId& id,
                        const VerifyOptions& options) {
  ASSIGN_OR_RETURN(const ChainRecord record, chains.Read(context, id));
  StoredParts parts(context, chains, id);
  Verifier verifier(context, parts, options);
  RowPage page;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Blocks(context, id, page));
    for (const BlockRow& row : rows) {
      // What was committed since the record was read is for the next time.
      if (row.sequence_number > record.chain.sequence_number) break;
      RETURN_IF_ERROR(verifier.Block(row.hash));
    }
    more = rows.size() == page.limit;
    if (more) page.after = rows.back().sequence_number;
  }
  RETURN_IF_ERROR(verifier.Flush());
  RETURN_IF_ERROR(verifier.CountUnreferenced(chains.RepositoryOf(id)));
  const odf::ChainState chain = verifier.chain();
  Verified verified = verifier.Take();
  RETURN_IF_ERROR(CheckEnd(id, record, verified, chain));
  return verified;
}

Result<Verified> VerifyRepository(const Context& context, const Repository& repository,
                                  const VerifyOptions& options) {
  ASSIGN_OR_RETURN(const auto head, repository.Head(context));
  if (!head) return NotFound("{} holds no dataset: it has no refs/head", repository.ToString());
  const auto none_is_known = [](const Multihash&) -> Result<bool> { return false; };
  const auto found = WalkBack(context, repository, *head, none_is_known);
  if (!found) {
    if (found.error().code == ErrorCode::kNotFound) return Corrupt("{}", found.error().message);
    return found.error();
  }
  RepositoryParts parts(context, repository);
  Verifier verifier(context, parts, options);
  for (const FoundLink& link : found->links) RETURN_IF_ERROR(verifier.Block(link.hash));
  RETURN_IF_ERROR(verifier.Flush());
  RETURN_IF_ERROR(verifier.CountUnreferenced(repository));
  return verifier.Take();
}

}  // namespace weir::datasets
