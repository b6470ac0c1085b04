#include "slices/scan_file.h"

namespace weir::slices {

engine::ScanFile ScanFileOf(const odf::DataSlice& slice, const SliceFacts& facts,
                            std::span<const std::optional<std::size_t>> columns, SliceOpener open) {
  engine::ScanFile file{.open = std::move(open),
                        .size = slice.size,
                        .rows = slice.offset_interval.end - slice.offset_interval.start + 1};
  file.bounds.resize(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] && *columns[i] < facts.columns.size()) {
      file.bounds[i] = facts.columns[*columns[i]].bounds;
    }
  }
  return file;
}

}  // namespace weir::slices
