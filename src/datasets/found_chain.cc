#include "datasets/found_chain.h"

#include <algorithm>

#include "datasets/block_slice.h"
#include "datasets/side_by_side.h"
#include "odf/codec.h"
#include "slices/check_slice.h"

namespace weir::datasets {
namespace {

constexpr std::uint64_t kMostBytesKept = 256 << 20;  // of blocks that were walked over
constexpr std::size_t kSlicesAtOnce = 8;             // as many as are hashed side by side

Status CheckPlace(const Multihash& hash, const odf::MetadataBlock& block,
                  std::optional<std::uint64_t> expected) {
  if (expected && block.sequence_number != *expected) {
    return Corrupt("block {} has sequence number {}, not {}", hash.ToText(), block.sequence_number,
                   *expected);
  }
  if ((block.sequence_number == 0) == block.prev_block_hash.has_value()) {
    return Corrupt("block {} has sequence number {} and {} parent", hash.ToText(),
                   block.sequence_number, block.prev_block_hash ? "a" : "no");
  }
  return Ok();
}

// A slice on its way to be checked.
struct Waiting {
  FoundBlock* block;
  slices::SliceToCheck check;
};

Status CheckGroup(const Context& context, std::span<Waiting> group) {
  std::vector<slices::SliceToCheck> checks;
  for (const Waiting& waiting : group) checks.push_back(waiting.check);
  auto reports = slices::CheckSlices(context, checks);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!reports[i]) {
      const Error& error = reports[i].error();
      return Error{error.code,
                   fmt::format("block {}: {}", group[i].block->hash.ToText(), error.message)};
    }
    group[i].block->facts = std::move(reports[i]->facts);
  }
  return Ok();
}

}  // namespace

Result<FoundChain> WalkBack(const Context& context, const Repository& repository,
                            const Multihash& head,
                            const std::function<Result<bool>(const Multihash&)>& is_known,
                            std::uint64_t limit) {
  FoundChain found;
  std::uint64_t kept = 0;
  std::optional<std::uint64_t> expected;
  std::optional<Multihash> next = head;
  while (next) {
    ASSIGN_OR_RETURN(const bool known, is_known(*next));
    if (known) break;
    RETURN_IF_ERROR(context.Check());
    if (found.links.size() >= limit) return Exhausted("the chain has more than {} blocks", limit);
    ASSIGN_OR_RETURN(Bytes bytes, repository.Block(context, *next));
    ASSIGN_OR_RETURN(const odf::DecodedBlock decoded, odf::DecodeBlock(bytes));
    RETURN_IF_ERROR(CheckPlace(*next, decoded.block, expected));
    kept += bytes.size();
    if (kept > kMostBytesKept) bytes.clear();
    found.links.push_back({.hash = *next, .bytes = std::move(bytes)});
    next = decoded.block.prev_block_hash;
    expected = decoded.block.sequence_number - 1;
  }
  found.stands_on = next;
  std::reverse(found.links.begin(), found.links.end());
  return found;
}

Result<FoundBlock> DecodeFound(const Context& context, const Repository& repository,
                               const FoundLink& link) {
  FoundBlock found{.hash = link.hash, .bytes = link.bytes, .facts = link.facts};
  if (found.bytes.empty()) {
    ASSIGN_OR_RETURN(found.bytes, repository.Block(context, link.hash));
  }
  ASSIGN_OR_RETURN(odf::DecodedBlock decoded, odf::DecodeBlock(found.bytes));
  found.block = std::move(decoded.block);
  return found;
}

Status CheckFoundSlices(const Context& context, const Repository& repository, odf::SetVocab& vocab,
                        std::span<FoundBlock> blocks) {
  std::vector<Waiting> waiting;
  for (FoundBlock& block : blocks) {
    if (const auto* set = std::get_if<odf::SetVocab>(&block.block.event.value)) vocab = *set;
    const odf::DataSlice* slice = SliceOf(block.block.event);
    if (slice == nullptr || block.facts) continue;
    ASSIGN_OR_RETURN(auto file, repository.OpenSlice(context, slice->physical_hash));
    waiting.push_back({&block, {.file = std::move(file), .slice = *slice, .vocab = vocab}});
  }
  // Each group keeps about two cores busy.
  const std::size_t threads = std::max<std::size_t>(1, UsualThreads() / 2);
  const std::size_t size =
      std::clamp<std::size_t>((waiting.size() + threads - 1) / threads, 1, kSlicesAtOnce);
  return SideBySide((waiting.size() + size - 1) / size, threads, [&](std::size_t i) {
    const auto rest = std::span(waiting).subspan(i * size);
    return CheckGroup(context, rest.first(std::min(size, rest.size())));
  });
}

}  // namespace weir::datasets
