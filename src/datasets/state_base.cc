#include "datasets/state_base.h"

#include <arrow/record_batch.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/hex.h"
#include "base/json_reader.h"
#include "base/rng.h"
#include "base/sha3.h"
#include "datasets/checked_slices.h"
#include "datasets/json_values.h"
#include "slices/fact_finder.h"
#include "slices/parquet_encoder.h"
#include "slices/scan_file.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

constexpr const char* kRecordFile = "state.json";

json::array Texts(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

std::vector<std::string> TextsAt(const json::value& value) {
  std::vector<std::string> texts;
  for (const json::value& each : value.as_array()) texts.emplace_back(TextAt(each));
  return texts;
}

// The record and the hash of its text, so that a torn or changed one is known for what it is.
std::string Encode(const StateRecord& record) {
  json::array files;
  for (const SliceRow& file : record.files) files.emplace_back(Encode(file));
  const std::string text = json::serialize(json::object{{"head", record.head.ToText()},
                                                        {"sequence", record.sequence_number},
                                                        {"key", Texts(record.key)},
                                                        {"columns", Texts(record.columns)},
                                                        {"names", Texts(record.names)},
                                                        {"files", std::move(files)}});
  return Multihash::Sha3Of(AsBytes(text)).ToText() + "\n" + text;
}

Result<StateRecord> Decode(std::string_view content) {
  const auto* const end = std::find(content.begin(), content.end(), '\n');
  const auto line = static_cast<std::size_t>(end - content.begin());
  const std::string_view text = content.substr(std::min(line + 1, content.size()));
  const Error corrupt = Corrupt("the record of a kept state cannot be read");
  if (content.substr(0, line) != Multihash::Sha3Of(AsBytes(text)).ToText()) return corrupt;
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

// One file of a base while it is written.
class BaseFile {
 public:
  static Result<std::unique_ptr<BaseFile>> Create(Files& files, const std::filesystem::path& path,
                                                  const std::shared_ptr<arrow::Schema>& schema) {
    auto made = std::make_unique<BaseFile>(*schema);
    ASSIGN_OR_RETURN(made->file_, files.Create(path, IfExists::kFail));
    BaseFile& self = *made;
    ASSIGN_OR_RETURN(made->encoder_,
                     slices::ParquetEncoder::Make(schema, [&self](ByteView piece) -> Status {
                       self.hash_.Update(piece);
                       self.size_ += piece.size();
                       return self.file_->Append(piece);
                     }));
    return made;
  }

  explicit BaseFile(const arrow::Schema& schema) : facts_(schema, "") {}

  Status Write(const arrow::RecordBatch& rows) {
    facts_.Add(rows);
    rows_ += static_cast<std::uint64_t>(rows.num_rows());
    return encoder_->Write(rows);
  }

  Result<SliceRow> Finish() {
    RETURN_IF_ERROR(encoder_->Finish());
    RETURN_IF_ERROR(file_->Close());
    const Multihash hash(Multihash::kSha3_256, hash_.Finish());
    return SliceRow{.slice = {.logical_hash = hash,
                              .physical_hash = hash,
                              .offset_interval = {0, rows_ - 1},
                              .size = size_},
                    .facts = facts_.Finish()};
  }

  std::uint64_t rows() const { return rows_; }

 private:
  std::unique_ptr<WritableFile> file_;
  std::unique_ptr<slices::ParquetEncoder> encoder_;
  slices::FactFinder facts_;
  Sha3 hash_;
  std::uint64_t size_ = 0;
  std::uint64_t rows_ = 0;
};

// Cuts the rows into files.
Status WriteFiles(const Context& context, Files& files, const std::filesystem::path& directory,
                  engine::RowStream& rows, StateRecord& record, std::uint64_t rows_of_file) {
  std::array<std::byte, 8> random{};
  SystemRng().Fill(random);  // no two bases have files of one name
  const std::string prefix = fmt::format("{}-{}", record.sequence_number, ToHex(random));
  std::unique_ptr<BaseFile> file;
  const auto finish = [&]() -> Status {
    ASSIGN_OR_RETURN(SliceRow written, file->Finish());
    record.files.push_back(std::move(written));
    file.reset();
    return Ok();
  };
  for (;;) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto batch, rows.Next());
    if (!batch) break;
    if (batch->num_rows() == 0) continue;
    if (!file) {
      record.names.push_back(fmt::format("{}-{}", prefix, record.names.size()));
      ASSIGN_OR_RETURN(file,
                       BaseFile::Create(files, directory / record.names.back(), rows.schema()));
    }
    RETURN_IF_ERROR(file->Write(*batch));
    if (file->rows() >= rows_of_file) RETURN_IF_ERROR(finish());
  }
  return file ? finish() : Ok();
}

}  // namespace

Result<std::shared_ptr<StateBase>> StateBase::Load(const Context& context, Files& files,
                                                   const std::filesystem::path& directory) {
  ASSIGN_OR_RETURN(const std::string content, files.ReadAll(directory / kRecordFile));
  ASSIGN_OR_RETURN(StateRecord record, Decode(content));
  for (std::size_t i = 0; i < record.files.size(); ++i) {
    ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> file,
                     files.Open(directory / record.names[i]));
    RETURN_IF_ERROR(
        CheckBytes(context, std::move(file), record.files[i].slice, "a file of a kept state"));
  }
  return std::shared_ptr<StateBase>(new StateBase(files, directory, std::move(record)));
}

Result<std::shared_ptr<StateBase>> StateBase::Write(const Context& context, Files& files,
                                                    const std::filesystem::path& directory,
                                                    engine::RowStream& rows, StateRecord record,
                                                    std::uint64_t rows_of_file) {
  RETURN_IF_ERROR(files.CreateDirectories(directory));
  Status written = WriteFiles(context, files, directory, rows, record, rows_of_file);
  if (written) written = files.WriteDurably(directory / kRecordFile, AsBytes(Encode(record)));
  if (!written) {
    for (const std::string& name : record.names) (void)files.Remove(directory / name);
    return std::move(written).error();
  }
  return std::shared_ptr<StateBase>(new StateBase(files, directory, std::move(record)));
}

StateBase::~StateBase() {
  if (!retired_) return;
  for (const std::string& name : record_.names) (void)files_.Remove(directory_ / name);
}

std::uint64_t StateBase::rows() const {
  std::uint64_t rows = 0;
  for (const SliceRow& file : record_.files) rows += file.facts.rows;
  return rows;
}

std::vector<engine::ScanFile> StateBase::ScanFiles(const std::shared_ptr<const StateBase>& self,
                                                   const odf::DataSchema& schema) const {
  std::vector<std::optional<std::size_t>> positions;
  for (const odf::DataField& field : schema.fields) {
    const auto found = std::ranges::find(record_.columns, field.name);
    positions.push_back(found == record_.columns.end()
                            ? std::nullopt
                            : std::optional<std::size_t>(found - record_.columns.begin()));
  }
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
