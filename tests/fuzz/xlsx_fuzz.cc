// Goal: no part of a spreadsheet makes its reader crash, loop or lose rows. Method: the first byte
// says which part the other bytes are, the rest of the workbook is whole; what can be read with
// types has as many rows as texts.
#include <arrow/record_batch.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/memory_file.h"
#include "pipelines/tables/xlsx_rows.h"

namespace {

using namespace weir;  // NOLINT: one file

constexpr std::array<std::pair<const char*, const char*>, 5> kParts = {
    {{"xl/worksheets/s.xml",
      "<sheetData><row><c t='s'><v>0</v></c></row><row><c s='1'><v>1</v></c></row></sheetData>"},
     {"xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>"},
     {"xl/styles.xml", "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs>"},
     {"xl/workbook.xml", "<sheets><sheet name='S' id='r1'/></sheets>"},
     {"xl/_rels/workbook.xml.rels",
      "<Relationship Id='r1' Type='/worksheet' Target='worksheets/s.xml'/>"
      "<Relationship Type='/styles' Target='styles.xml'/>"
      "<Relationship Type='/sharedStrings' Target='sharedStrings.xml'/>"}}};

std::optional<std::int64_t> CountRows(const pipelines::XlsxParts& parts, bool as_texts) {
  const auto table = pipelines::ReadXlsx(Context::Background(), parts, as_texts);
  if (!table) return std::nullopt;
  for (std::int64_t count = 0;;) {
    const auto batch = table->rows->Next();
    if (!batch) return std::nullopt;
    if (!*batch) return count;
    WEIR_CHECK((*batch)->ValidateFull().ok());
    count += (*batch)->num_rows();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t chosen = data[0] % kParts.size();
  const std::string content(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto parts = [&](const std::string& name) -> Result<std::shared_ptr<const ReadableFile>> {
    for (std::size_t i = 0; i < kParts.size(); ++i) {
      if (name == kParts[i].first) return FileOf(i == chosen ? content : kParts[i].second);
    }
    return NotFound("there is no {}", name);
  };
  const auto typed = CountRows(parts, false);
  if (typed) WEIR_CHECK(CountRows(parts, true) == typed);
  return 0;
}
