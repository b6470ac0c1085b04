#include "api/block_reference.h"

#include <charconv>
#include <optional>

#include "datasets/chain_store.h"

namespace weir::api {
namespace {

std::optional<std::uint64_t> NumberIn(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, number);
  if (failed != std::errc() || stopped != end) return std::nullopt;
  return number;
}

}  // namespace

Result<std::uint64_t> BlockNumber(const Services& services, const Context& context,
                                  const odf::DatasetId& id, const std::string& which,
                                  bool or_time) {
  if (const auto number = NumberIn(which)) return *number;
  const auto row = [&]() -> Result<datasets::BlockRow> {
    if (const auto hash = Multihash::Parse(which)) {
      return services.chains.FindBlock(context, id, *hash);
    }
    const auto time = ParseTimestamp(which);
    if (or_time && time) return services.chains.FindBlock(context, id, *time);
    return Invalid("{} is neither the number nor the hash of a block{}", which,
                   or_time ? ", nor a time such as 2026-01-31T12:00:00Z" : "");
  }();
  if (!row) return row.error();
  return row->sequence_number;
}

}  // namespace weir::api
