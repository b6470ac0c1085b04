#include "datasets/pulled_slices.h"

#include <algorithm>
#include <vector>

#include "datasets/block_slice.h"
#include "slices/check_slice.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kSlicesAtOnce = 8;

}  // namespace

void PulledSlices::Expect(FoundLink& link, const FoundBlock& block, const odf::SetVocab& vocab) {
  const odf::DataSlice* slice = SliceOf(block.block.event);
  if (slice == nullptr) return;
  expected_.insert({slice->physical_hash, {&link, *slice, vocab}});
}

Status PulledSlices::Check(std::span<const ObjectToCopy> came) {
  std::vector<const Expected*> slices;
  for (const ObjectToCopy& object : came) {
    if (object.part != Repository::Part::kSlice) continue;
    const auto [first, last] = expected_.equal_range(object.hash);
    for (auto each = first; each != last; ++each) slices.push_back(&each->second);
  }
  for (std::span<const Expected* const> rest = slices; !rest.empty();) {
    const std::size_t count = std::min(rest.size(), kSlicesAtOnce);
    RETURN_IF_ERROR(CheckGroup(rest.first(count)));
    rest = rest.subspan(count);
  }
  return Ok();
}

Status PulledSlices::CheckGroup(std::span<const Expected* const> group) {
  std::vector<slices::SliceToCheck> checks;
  for (const Expected* each : group) {
    ASSIGN_OR_RETURN(auto file, here_.OpenSlice(context_, each->slice.physical_hash));
    checks.push_back(
        {.file = std::move(file), .slice = each->slice, .vocab = each->vocab, .is_hashed = true});
  }
  auto reports = slices::CheckSlices(context_, checks);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (!reports[i]) {
      const Error& error = reports[i].error();
      return Error{error.code,
                   fmt::format("block {}: {}", group[i]->link->hash.ToText(), error.message)};
    }
    group[i]->link->facts = std::move(reports[i]->facts);
  }
  return Ok();
}

}  // namespace weir::datasets
