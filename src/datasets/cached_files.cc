#include "datasets/cached_files.h"

#include <arrow/record_batch.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/hex.h"
#include "base/rng.h"
#include "base/sha3.h"
#include "slices/fact_finder.h"
#include "slices/parquet_encoder.h"
#include "slices/physical_hash.h"

namespace weir::datasets {
namespace {

// One file while it is written.
class OpenFile {
 public:
  static Result<std::unique_ptr<OpenFile>> Create(Files& files, const std::filesystem::path& path,
                                                  const std::shared_ptr<arrow::Schema>& schema) {
    auto made = std::make_unique<OpenFile>(*schema);
    ASSIGN_OR_RETURN(made->file_, files.Create(path, IfExists::kFail));
    OpenFile& self = *made;
    ASSIGN_OR_RETURN(made->encoder_,
                     slices::ParquetEncoder::Make(schema, [&self](ByteView piece) -> Status {
                       self.hash_.Update(piece);
                       self.size_ += piece.size();
                       return self.file_->Append(piece);
                     }));
    return made;
  }

  explicit OpenFile(const arrow::Schema& schema) : facts_(schema, "") {}

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

// `written` has the name of a file before anything of it is there.
Status WriteEach(const Context& context, Files& files, const std::filesystem::path& directory,
                 const std::string& prefix, engine::RowStream& rows, std::uint64_t rows_of_file,
                 std::vector<CachedFile>& written) {
  std::array<std::byte, 8> random{};
  SystemRng().Fill(random);
  std::unique_ptr<OpenFile> file;
  const auto finish = [&]() -> Status {
    ASSIGN_OR_RETURN(written.back().row, file->Finish());
    file.reset();
    return Ok();
  };
  for (;;) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto batch, rows.Next());
    if (!batch) break;
    if (batch->num_rows() == 0) continue;
    if (!file) {
      written.push_back(
          {.name = fmt::format("{}-{}-{}", prefix, ToHex(random), written.size()), .row = {}});
      ASSIGN_OR_RETURN(file,
                       OpenFile::Create(files, directory / written.back().name, rows.schema()));
    }
    RETURN_IF_ERROR(file->Write(*batch));
    if (file->rows() >= rows_of_file) RETURN_IF_ERROR(finish());
  }
  return file ? finish() : Ok();
}

}  // namespace

Result<std::vector<CachedFile>> WriteCachedFiles(const Context& context, Files& files,
                                                 const std::filesystem::path& directory,
                                                 const std::string& prefix, engine::RowStream& rows,
                                                 std::uint64_t rows_of_file) {
  RETURN_IF_ERROR(files.CreateDirectories(directory));
  std::vector<CachedFile> written;
  Status done = WriteEach(context, files, directory, prefix, rows, rows_of_file, written);
  if (done) return written;
  for (const CachedFile& file : written) (void)files.Remove(directory / file.name);
  return std::move(done).error();
}

std::vector<bool> AreWhole(const Context& context, Files& files,
                           const std::filesystem::path& directory,
                           std::span<const CachedFile> written) {
  std::vector<bool> whole(written.size(), false);
  std::vector<std::shared_ptr<const ReadableFile>> opened;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < written.size(); ++i) {
    auto file = files.Open(directory / written[i].name);
    if (!file || (*file)->size() != written[i].row.slice.size) continue;
    opened.push_back(*std::move(file));
    places.push_back(i);
  }
  const auto hashes = slices::PhysicalHashes(context, opened);
  for (std::size_t i = 0; i < places.size(); ++i) {
    whole[places[i]] = hashes[i] && *hashes[i] == written[places[i]].row.slice.physical_hash;
  }
  return whole;
}

void RemoveOthers(Files& files, const std::filesystem::path& directory,
                  std::span<const std::string> names) {
  const auto found = files.List(directory);
  if (!found) return;
  for (const std::string& name : *found) {
    if (std::ranges::find(names, name) == names.end()) (void)files.Remove(directory / name);
  }
}

Result<std::uint64_t> BytesIn(Files& files, const std::filesystem::path& directory) {
  const auto names = files.List(directory);
  if (!names && names.error().code == ErrorCode::kNotFound) return 0;
  if (!names) return names.error();
  std::uint64_t bytes = 0;
  for (const std::string& name : *names) {
    const auto info = files.Stat(directory / name);
    // A file that a newer one replaces goes while we look.
    if (!info && info.error().code != ErrorCode::kNotFound) return info.error();
    if (info) bytes += info->size;
  }
  return bytes;
}

std::vector<std::optional<std::size_t>> PositionsIn(const std::vector<std::string>& columns,
                                                    const odf::DataSchema& schema) {
  std::vector<std::optional<std::size_t>> positions;
  for (const odf::DataField& field : schema.fields) {
    const auto found = std::ranges::find(columns, field.name);
    positions.push_back(found == columns.end()
                            ? std::nullopt
                            : std::optional<std::size_t>(found - columns.begin()));
  }
  return positions;
}

std::vector<std::string> NamesOf(const odf::DataSchema& schema) {
  std::vector<std::string> names;
  for (const odf::DataField& field : schema.fields) names.push_back(field.name);
  return names;
}

std::string Sealed(std::string_view text) {
  return Multihash::Sha3Of(AsBytes(text)).ToText() + "\n" + std::string(text);
}

Result<std::string_view> Unsealed(std::string_view content) {
  const std::size_t line = std::min(content.find('\n'), content.size());
  const std::string_view text = content.substr(std::min(line + 1, content.size()));
  if (content.substr(0, line) == Multihash::Sha3Of(AsBytes(text)).ToText()) return text;
  return Corrupt("a record of the cache is not what was written");
}

}  // namespace weir::datasets
