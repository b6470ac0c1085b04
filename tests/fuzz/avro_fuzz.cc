// Goal: no bytes make the reader of Avro crash, loop or take more memory than its blocks may.
// Method: what can be read to its end is read again, and has the same rows.
#include <arrow/record_batch.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/check.h"
#include "base/memory_file.h"
#include "pipelines/tables/avro_rows.h"

namespace {

using namespace weir;  // NOLINT: one file

std::optional<std::int64_t> CountRows(const std::string& content) {
  const auto rows = pipelines::ReadAvro(Context::Background(), FileOf(content));
  if (!rows) return std::nullopt;
  for (std::int64_t count = 0;;) {
    const auto batch = (*rows)->Next();
    if (!batch) return std::nullopt;
    if (!*batch) return count;
    WEIR_CHECK((*batch)->ValidateFull().ok());
    count += (*batch)->num_rows();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string content(reinterpret_cast<const char*>(data), size);
  const auto rows = CountRows(content);
  if (rows) WEIR_CHECK(CountRows(content) == rows);
  return 0;
}
