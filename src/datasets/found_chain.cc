#include "datasets/found_chain.h"

#include <algorithm>

#include "datasets/block_slice.h"
#include "odf/codec.h"
#include "slices/check_slice.h"

namespace weir::datasets {

Result<FoundChain> WalkBack(const Context& context, const Repository& repository,
                            const Multihash& head,
                            const std::function<Result<bool>(const Multihash&)>& is_known,
                            std::uint64_t limit) {
  FoundChain found;
  std::optional<std::uint64_t> expected;
  std::optional<Multihash> next = head;
  while (next) {
    ASSIGN_OR_RETURN(const bool known, is_known(*next));
    if (known) break;
    RETURN_IF_ERROR(context.Check());
    if (found.hashes.size() >= limit) return Exhausted("the chain has more than {} blocks", limit);
    ASSIGN_OR_RETURN(const Bytes bytes, repository.Block(context, *next));
    ASSIGN_OR_RETURN(const odf::DecodedBlock decoded, odf::DecodeBlock(bytes));
    const odf::MetadataBlock& block = decoded.block;
    if (expected && block.sequence_number != *expected) {
      return Corrupt("block {} has sequence number {}, not {}", next->ToText(),
                     block.sequence_number, *expected);
    }
    if ((block.sequence_number == 0) == block.prev_block_hash.has_value()) {
      return Corrupt("block {} has sequence number {} and {} parent", next->ToText(),
                     block.sequence_number, block.prev_block_hash ? "a" : "no");
    }
    found.hashes.push_back(*next);
    next = block.prev_block_hash;
    expected = block.sequence_number - 1;
  }
  found.stands_on = next;
  std::reverse(found.hashes.begin(), found.hashes.end());
  return found;
}

Result<FoundBlock> ReadFoundBlock(const Context& context, const Repository& repository,
                                  const Multihash& hash, const odf::SetVocab& vocab) {
  FoundBlock found{.hash = hash};
  ASSIGN_OR_RETURN(found.bytes, repository.Block(context, hash));
  ASSIGN_OR_RETURN(odf::DecodedBlock decoded, odf::DecodeBlock(found.bytes));
  found.block = std::move(decoded.block);
  const odf::DataSlice* slice = SliceOf(found.block.event);
  if (slice == nullptr) return found;
  ASSIGN_OR_RETURN(auto file, repository.OpenSlice(context, slice->physical_hash));
  auto report =
      slices::CheckSlice(context, {.file = std::move(file), .slice = *slice, .vocab = vocab});
  if (!report) {
    return Error{report.error().code,
                 fmt::format("block {}: {}", hash.ToText(), report.error().message)};
  }
  found.facts = std::move(report->facts);
  return found;
}

}  // namespace weir::datasets
