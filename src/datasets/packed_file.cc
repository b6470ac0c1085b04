#include "datasets/packed_file.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/json_reader.h"
#include "datasets/json_values.h"
#include "slices/scan_file.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

json::object ToJson(const PackedRecord& record) {
  return {{"first", record.first_offset},       {"last", record.last_offset},
          {"firstBlock", record.first_block},   {"lastBlock", record.last_block},
          {"head", record.head.ToText()},       {"slices", record.slices},
          {"onlyAppends", record.only_appends}, {"columns", Texts(record.columns)},
          {"name", record.file.name},           {"file", Encode(record.file.row)}};
}

PackedRecord RecordAt(const json::object& object) {
  return {.first_offset = NumberAt(object.at("first")),
          .last_offset = NumberAt(object.at("last")),
          .first_block = NumberAt(object.at("firstBlock")),
          .last_block = NumberAt(object.at("lastBlock")),
          .head = HashAt(object.at("head")),
          .slices = NumberAt(object.at("slices")),
          .only_appends = object.at("onlyAppends").as_bool(),
          .columns = TextsAt(object.at("columns")),
          .file = {.name = std::string(TextAt(object.at("name"))),
                   .row = Must(DecodeSliceRow(TextAt(object.at("file"))))}};
}

}  // namespace

std::string Encode(const std::vector<PackedRecord>& records) {
  json::array packed;
  for (const PackedRecord& record : records) packed.emplace_back(ToJson(record));
  return Sealed(json::serialize(json::object{{"packed", std::move(packed)}}));
}

Result<std::vector<PackedRecord>> DecodePackedRecords(std::string_view content) {
  ASSIGN_OR_RETURN(const std::string_view text, Unsealed(content));
  try {
    std::vector<PackedRecord> records;
    const json::object object = Must(ParseJson(text)).as_object();
    for (const json::value& each : object.at("packed").as_array()) {
      records.push_back(RecordAt(each.as_object()));
    }
    return records;
  } catch (const std::exception&) {
    return Corrupt("the record of packed slices cannot be read");
  }
}

PackedFile::~PackedFile() {
  if (retired_) (void)files_.Remove(directory_ / record_.file.name);
}

engine::ScanFile PackedFile::AsScanFile(const std::shared_ptr<const PackedFile>& self,
                                        const odf::DataSchema& schema) {
  const auto open = [self]() -> Result<std::shared_ptr<const ReadableFile>> {
    auto file = self->files_.Open(self->directory_ / self->record_.file.name);
    if (file) return std::shared_ptr<const ReadableFile>(*std::move(file));
    self->lost_ = true;
    return Unavailable("a packed slice cannot be read: {}", file.error().message)
        .WithHint("it is left aside from now on; try again");
  };
  const SliceRow& row = self->record_.file.row;
  return slices::ScanFileOf(row.slice, row.facts, PositionsIn(self->record_.columns, schema), open);
}

}  // namespace weir::datasets
