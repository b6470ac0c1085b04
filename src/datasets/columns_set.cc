#include "datasets/columns_set.h"

#include "datasets/keys.h"
#include "odf/codec.h"

namespace weir::datasets {

Result<std::optional<std::uint64_t>> LastColumnsSet(control::Snapshot& snapshot,
                                                    const odf::DatasetId& id, std::uint64_t last) {
  control::ScanOptions page{.after = MetadataBlockKey(id, last + 1), .limit = 16, .reverse = true};
  for (;;) {
    ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(MetadataBlocksKey(id), page));
    for (const control::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const odf::DecodedBlock decoded, odf::DecodeBlock(AsBytes(entry.value)));
      const auto& event = decoded.block.event.value;
      if (std::holds_alternative<odf::SetTransform>(event) ||
          std::holds_alternative<odf::SetDataSchema>(event)) {
        return std::optional(decoded.block.sequence_number);
      }
    }
    if (entries.size() < page.limit) return std::optional<std::uint64_t>();
    page.after = entries.back().key;
  }
}

}  // namespace weir::datasets
