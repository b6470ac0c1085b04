#include "datasets/verify.h"

#include <chrono>
#include <set>

#include "datasets/block_slice.h"
#include "datasets/found_chain.h"
#include "datasets/keys.h"
#include "datasets/verify_data.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

constexpr std::chrono::seconds kNoteEvery{2};  // how far an interrupted verification had come

// Builds the chain again from its blocks, and has their data verified.
class Verifier {
 public:
  Verifier(const Context& context, DataParts& parts, const VerifyOptions& options)
      : context_(context), options_(options), data_(context, parts, options.scratch) {}

  void Expect(std::uint64_t blocks) { verified_.all_blocks = blocks; }

  // The data of blocks up to that one was verified before.
  void SkipDataUntil(std::uint64_t sequence_number) { skipped_ = sequence_number; }

  Status Block(const Multihash& hash, const Result<Bytes>& bytes) {
    RETURN_IF_ERROR(context_.Check());
    Status block = Append(hash, bytes);
    if (!block) {
      RETURN_IF_ERROR(Flush());  // what is wrong with the data of earlier blocks comes first
      return block;
    }
    if (data_.IsFull()) return Flush();
    if (options_.on_progress) options_.on_progress(verified_);
    return Ok();
  }

  Status Flush() {
    ASSIGN_OR_RETURN(const std::uint64_t bytes, data_.Flush());
    verified_.bytes += bytes;
    good_ = chain_.sequence_number;
    if (options_.on_progress) options_.on_progress(verified_);
    return Ok();
  }

  // The last block up to which all is good.
  std::optional<std::uint64_t> good() const { return good_; }

  Status CountUnreferenced(const Repository& repository) {
    const Status listed = repository.List(context_, [&](const objects::ObjectInfo& object) {
      const bool is_content = object.key.starts_with("blocks/") ||
                              object.key.starts_with("data/") ||
                              object.key.starts_with("checkpoints/");
      if (is_content && !objects_.contains(object.key)) verified_.unreferenced += 1;
      return Ok();
    });
    // A web server does not tell what it has.
    if (!listed && listed.error().code == ErrorCode::kUnimplemented) return Ok();
    return listed;
  }

  const odf::ChainState& chain() const { return chain_; }
  Verified Take() { return std::move(verified_); }

 private:
  Status Append(const Multihash& hash, const Result<Bytes>& bytes) {
    if (!bytes) return InBlock(hash, bytes.error());
    const auto decoded = odf::DecodeBlock(*bytes);
    if (!decoded) return InBlock(hash, decoded.error());
    const odf::MetadataEvent& event = decoded->block.event;
    const Status appended = odf::AppendToChain(chain_, hash, decoded->block,
                                               odf::Strictness::kForeign, &verified_.warnings);
    if (!appended) return Corrupt("{}", appended.error().message);
    verified_.blocks += 1;
    objects_.insert(Repository::NameOf(Repository::Part::kBlock, hash));
    if (const odf::DataSlice* slice = SliceOf(event)) {
      verified_.slices += 1;
      verified_.records += slice->offset_interval.end - slice->offset_interval.start + 1;
      objects_.insert(Repository::NameOf(Repository::Part::kSlice, slice->physical_hash));
    }
    if (const odf::Checkpoint* checkpoint = CheckpointOf(event)) {
      verified_.checkpoints += 1;
      objects_.insert(Repository::NameOf(Repository::Part::kCheckpoint, checkpoint->physical_hash));
    }
    const bool is_new = !skipped_ || decoded->block.sequence_number > *skipped_;
    if (options_.data && is_new) data_.Add(hash, event, chain_.vocab);
    return Ok();
  }

  const Context& context_;
  const VerifyOptions& options_;
  DataVerifier data_;
  odf::ChainState chain_;
  Verified verified_;
  std::set<std::string> objects_;  // all that blocks lead to
  std::optional<std::uint64_t> skipped_;
  std::optional<std::uint64_t> good_;
};

class StoredParts final : public DataParts {
 public:
  StoredParts(const Context& context, ChainStore& chains, const odf::DatasetId& id)
      : context_(context), chains_(chains), id_(id) {}

  Result<File> Slice(const odf::DataSlice& slice) override {
    return chains_.OpenSlice(context_, id_, slice);
  }
  Result<File> Checkpoint(const Multihash& hash) override {
    return chains_.RepositoryOf(id_).OpenCheckpoint(context_, hash);
  }
  std::optional<slices::SliceFacts> Facts(const odf::DataSlice& slice) override {
    auto row = chains_.FindSlice(context_, id_, slice.offset_interval.start);
    if (!row || row->slice != slice) return std::nullopt;
    return std::move(row->facts);
  }

 private:
  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId& id_;
};

class RepositoryParts final : public DataParts {
 public:
  RepositoryParts(const Context& context, const Repository& repository)
      : context_(context), repository_(repository) {}

  Result<File> Slice(const odf::DataSlice& slice) override {
    return repository_.OpenSlice(context_, slice.physical_hash);
  }
  Result<File> Checkpoint(const Multihash& hash) override {
    return repository_.OpenCheckpoint(context_, hash);
  }
  const Repository* far() const override { return &repository_; }

 private:
  const Context& context_;
  const Repository& repository_;
};

// Remembers in the control store how far the data of a dataset was found good, so that an
// interrupted verification can go on there.
class Bookmark {
 public:
  Bookmark(const Context& context, ChainStore& chains, const odf::DatasetId& id)
      : context_(context), chains_(chains), id_(id) {}

  // Where the last one was interrupted, if that block still is one of ours.
  Result<std::optional<std::uint64_t>> Find() {
    std::string text;
    {
      ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
      ASSIGN_OR_RETURN(const auto entry, snapshot->Get(VerifiedKey(id_)));
      if (!entry) return std::optional<std::uint64_t>();
      text = entry->value;
    }
    const auto hash = Multihash::Parse(text);
    if (!hash) return std::optional<std::uint64_t>();
    const auto row = chains_.FindBlock(context_, id_, *hash);
    if (!row) return std::optional<std::uint64_t>();
    return std::optional(row->sequence_number);
  }

  Status Note(std::optional<std::uint64_t> good) {
    const auto now = std::chrono::steady_clock::now();
    if (!good || now < noted_ + kNoteEvery) return Ok();
    noted_ = now;
    ASSIGN_OR_RETURN(const BlockRow row, chains_.FindBlock(context_, id_, *good));
    return Put(row.hash.ToText());
  }

  Status Remove() { return Put(std::nullopt); }

 private:
  Status Put(const std::optional<std::string>& text) {
    const auto put = chains_.store().Transact(context_, [&](control::Transaction& transaction) {
      if (text) return transaction.Put(VerifiedKey(id_), *text);
      return transaction.Delete(VerifiedKey(id_));
    });
    return put ? Ok() : Status(put.error());
  }

  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId& id_;
  std::chrono::steady_clock::time_point noted_ = std::chrono::steady_clock::now();
};

Result<Bytes> BytesOf(const Context& context, const Repository& repository, const FoundLink& link) {
  if (!link.bytes.empty()) return link.bytes;
  return repository.Block(context, link.hash);
}

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
  verifier.Expect(record.chain.sequence_number + 1);
  Bookmark bookmark(context, chains, id);
  if (options.resume) {
    ASSIGN_OR_RETURN(const auto verified, bookmark.Find());
    if (verified) verifier.SkipDataUntil(*verified);
  }
  RowPage page;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto rows, chains.Blocks(context, id, page));
    for (const BlockRow& row : rows) {
      // What was committed since the record was read is for the next time.
      if (row.sequence_number > record.chain.sequence_number) break;
      RETURN_IF_ERROR(verifier.Block(row.hash, chains.ReadBlock(context, id, row)));
      if (options.data) RETURN_IF_ERROR(bookmark.Note(verifier.good()));
    }
    more = rows.size() == page.limit;
    if (more) page.after = rows.back().sequence_number;
  }
  RETURN_IF_ERROR(verifier.Flush());
  if (options.data) RETURN_IF_ERROR(bookmark.Remove());
  RETURN_IF_ERROR(verifier.CountUnreferenced(chains.RepositoryOf(id)));
  const odf::ChainState chain = verifier.chain();
  Verified verified = verifier.Take();
  RETURN_IF_ERROR(CheckEnd(id, record, verified, chain));
  return verified;
}

Result<Verified> VerifyRepository(const Context& context, const Repository& repository,
                                  const VerifyOptions& options) {
  std::optional<Multihash> head = options.head;
  if (!head) {
    ASSIGN_OR_RETURN(head, repository.Head(context));
  }
  if (!head) return NotFound("{} holds no dataset: it has no refs/head", repository.ToString());
  const auto none_is_known = [](const Multihash&) -> Result<bool> { return false; };
  const auto found = WalkBack(context, repository, *head, none_is_known);
  if (!found) {
    if (found.error().code == ErrorCode::kNotFound) return Corrupt("{}", found.error().message);
    return found.error();
  }
  RepositoryParts parts(context, repository);
  Verifier verifier(context, parts, options);
  verifier.Expect(found->links.size());
  for (const FoundLink& link : found->links) {
    RETURN_IF_ERROR(verifier.Block(link.hash, BytesOf(context, repository, link)));
  }
  RETURN_IF_ERROR(verifier.Flush());
  if (!options.head) RETURN_IF_ERROR(verifier.CountUnreferenced(repository));
  return verifier.Take();
}

}  // namespace weir::datasets
