// Goal: no bytes make the slice reader crash, loop or take more memory than it may. Method: any
// file that can be read to its end is inspected twice, from its start and from a later row.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/memory_file.h"
#include "slices/inspect_slice.h"
#include "slices/slice_reader.h"

namespace {

using namespace weir;  // NOLINT: one file

constexpr std::uint64_t kMostRows = 100'000;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = FileOf(std::string(reinterpret_cast<const char*>(data), size));
  const auto context = Context::Background();
  const auto reader =
      slices::SliceReader::Open(context, file, {.first_row = size % 7, .memory_bytes = 64 << 20});
  // A few bytes can stand for any number of equal rows.
  if (!reader || (*reader)->rows() > kMostRows) return 0;
  for (;;) {
    const auto rows = (*reader)->Next();
    if (!rows || !*rows) break;
  }
  const auto inspection = slices::InspectSlice(context, file);
  if (!inspection) return 0;
  WEIR_CHECK(inspection->records == (*reader)->rows());
  WEIR_CHECK(inspection->logical_hash == slices::InspectSlice(context, file)->logical_hash);
  return 0;
}
