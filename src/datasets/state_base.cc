#include "datasets/state_base.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/json_reader.h"
#include "datasets/cached_files.h"
#include "datasets/json_values.h"
#include "slices/scan_file.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

constexpr const char* kRecordFile = "state.json";

std::string Encode(const StateRecord& record) {
  json::array files;
  for (const SliceRow& file : record.files) files.emplace_back(Encode(file));
  return Sealed(json::serialize(json::object{{"head", record.head.ToText()},
                                             {"sequence", record.sequence_number},
                                             {"key", Texts(record.key)},
                                             {"columns", Texts(record.columns)},
                                             {"names", Texts(record.names)},
                                             {"files", std::move(files)}}));
}

Result<StateRecord> Decode(std::string_view content) {
  ASSIGN_OR_RETURN(const std::string_view text, Unsealed(content));
  const Error corrupt = Corrupt("the record of a kept state cannot be read");
  try {
    const json::object object = Must(ParseJson(text)).as_object();
    StateRecord record{.head = HashAt(object.at("head")),
                       .sequence_number = NumberAt(object.at("sequence")),
                       .key = TextsAt(object.at("key")),
                       .columns = TextsAt(object.at("columns")),
                       .names = TextsAt(object.at("names"))};
    for (const json::value& file : object.at("files").as_array()) {
      record.files.push_back(Must(DecodeSliceRow(TextAt(file))));
    }
    if (record.names.size() != record.files.size()) return corrupt;
    return record;
  } catch (const std::exception&) {
    return corrupt;
  }
}

}  // namespace

Result<std::shared_ptr<StateBase>> StateBase::Load(const Context& context, Files& files,
                                                   const std::filesystem::path& directory) {
  ASSIGN_OR_RETURN(const std::string content, files.ReadAll(directory / kRecordFile));
  ASSIGN_OR_RETURN(StateRecord record, Decode(content));
  std::vector<CachedFile> written;
  for (std::size_t i = 0; i < record.files.size(); ++i) {
    written.push_back({.name = record.names[i], .row = record.files[i]});
  }
  const auto whole = AreWhole(context, files, directory, written);
  if (std::ranges::find(whole, false) != whole.end()) {
    RETURN_IF_ERROR(context.Check());
    return Corrupt("a file of a kept state is not what was written");
  }
  std::vector<std::string> kept = record.names;
  kept.emplace_back(kRecordFile);
  RemoveOthers(files, directory, kept);
  return std::shared_ptr<StateBase>(new StateBase(files, directory, std::move(record)));
}

Result<std::shared_ptr<StateBase>> StateBase::Write(const Context& context, Files& files,
                                                    const std::filesystem::path& directory,
                                                    engine::RowStream& rows, StateRecord record,
                                                    std::uint64_t rows_of_file) {
  ASSIGN_OR_RETURN(auto written,
                   WriteCachedFiles(context, files, directory,
                                    std::to_string(record.sequence_number), rows, rows_of_file));
  for (CachedFile& file : written) {
    record.names.push_back(std::move(file.name));
    record.files.push_back(std::move(file.row));
  }
  Status noted = files.WriteDurably(directory / kRecordFile, AsBytes(Encode(record)));
  if (!noted) {
    for (const std::string& name : record.names) (void)files.Remove(directory / name);
    return std::move(noted).error();
  }
  return std::shared_ptr<StateBase>(new StateBase(files, directory, std::move(record)));
}

StateBase::~StateBase() {
  if (!retired_) return;
  for (const std::string& name : record_.names) (void)files_.Remove(directory_ / name);
}

Status StateBase::Forget() {
  Status removed = files_.Remove(directory_ / kRecordFile);
  if (!removed && removed.error().code == ErrorCode::kNotFound) return Ok();
  return removed;
}

std::uint64_t StateBase::rows() const {
  std::uint64_t rows = 0;
  for (const SliceRow& file : record_.files) rows += file.facts.rows;
  return rows;
}

std::vector<engine::ScanFile> StateBase::ScanFiles(const std::shared_ptr<const StateBase>& self,
                                                   const odf::DataSchema& schema) const {
  const auto positions = PositionsIn(record_.columns, schema);
  std::vector<engine::ScanFile> files;
  for (std::size_t i = 0; i < record_.files.size(); ++i) {
    const auto open = [self, i]() -> Result<std::shared_ptr<const ReadableFile>> {
      ASSIGN_OR_RETURN(auto file, self->files_.Open(self->directory_ / self->record_.names[i]));
      return std::shared_ptr<const ReadableFile>(std::move(file));
    };
    files.push_back(
        slices::ScanFileOf(record_.files[i].slice, record_.files[i].facts, positions, open));
  }
  return files;
}

}  // namespace weir::datasets
