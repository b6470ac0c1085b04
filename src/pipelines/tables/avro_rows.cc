#include "pipelines/tables/avro_rows.h"

#include <arrow/array/builder_nested.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <string>

#include "pipelines/tables/avro_codec.h"
#include "pipelines/tables/avro_cursor.h"
#include "pipelines/tables/avro_type.h"
#include "pipelines/tables/avro_value.h"
#include "slices/arrow_error.h"

namespace weir::pipelines {
namespace {

constexpr std::size_t kSyncBytes = 16;
constexpr std::size_t kMostHeaderBytes = 16 << 20;
constexpr std::size_t kMostBlockBytes = 128 << 20;  // packed and unpacked
constexpr std::int64_t kBatchRows = 16'384;
constexpr std::size_t kBatchBytes = 8 << 20;

Result<std::string> ReadAt(const ReadableFile& file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '\0');
  ASSIGN_OR_RETURN(const std::size_t count,
                   file.Read(offset, std::as_writable_bytes(std::span(bytes))));
  bytes.resize(count);
  return bytes;
}

struct Header {
  AvroType type = {};
  AvroCodec codec = AvroCodec::kNull;
  std::string sync = {};
  std::uint64_t size = 0;
};

// The map of the header: `avro.schema`, `avro.codec` and what the writer likes to add.
Result<Header> ParseHeader(std::string_view bytes) {
  AvroCursor cursor(bytes);
  ASSIGN_OR_RETURN([[maybe_unused]] const std::string_view magic, cursor.Fixed(kAvroMagic.size()));
  std::string schema;
  std::string codec;
  RETURN_IF_ERROR(cursor.Runs([&]() -> Status {
    ASSIGN_OR_RETURN(const std::string_view key, cursor.Bytes());
    ASSIGN_OR_RETURN(const std::string_view value, cursor.Bytes());
    if (key == "avro.schema") schema = value;
    if (key == "avro.codec") codec = value;
    return Ok();
  }));
  Header header;
  ASSIGN_OR_RETURN(header.sync, cursor.Fixed(kSyncBytes));
  header.size = cursor.at();
  ASSIGN_OR_RETURN(header.codec, ParseAvroCodec(codec));
  ASSIGN_OR_RETURN(header.type, ParseAvroSchema(schema));
  return header;
}

Result<Header> ReadHeader(const ReadableFile& file) {
  for (std::size_t size = 64 << 10;; size *= 16) {
    ASSIGN_OR_RETURN(const std::string bytes, ReadAt(file, 0, size));
    if (!bytes.starts_with(kAvroMagic)) return Invalid("this is no Avro file");
    auto header = ParseHeader(bytes);
    if (header || bytes.size() == file.size() || size >= kMostHeaderBytes) return header;
  }
}

class AvroRows final : public engine::RowStream {
 public:
  AvroRows(const Context& context, std::shared_ptr<const ReadableFile> file, Header header)
      : context_(context),
        file_(std::move(file)),
        header_(std::move(header)),
        schema_(arrow::schema(header_.type.arrow->fields())),
        at_(header_.size) {}

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Result<std::shared_ptr<arrow::RecordBatch>> Next() override {
    auto made = arrow::MakeBuilder(header_.type.arrow);
    if (!made.ok()) return slices::ErrorOf(made.status(), "the columns of the Avro file");
    arrow::ArrayBuilder& builder = **made;
    std::size_t bytes = 0;
    while (builder.length() < kBatchRows && bytes < kBatchBytes) {
      if (rows_left_ == 0) {
        RETURN_IF_ERROR(context_.Check());
        ASSIGN_OR_RETURN(const bool has_block, NextBlock());
        if (!has_block) break;
        continue;
      }
      const std::size_t before = cursor_.at();
      RETURN_IF_ERROR(AddRow(builder));
      bytes += cursor_.at() - before;
    }
    if (builder.length() == 0) return std::shared_ptr<arrow::RecordBatch>();
    const auto rows = builder.Finish();
    if (!rows.ok()) return slices::ErrorOf(rows.status(), "the rows of the Avro file");
    const auto& columns = static_cast<const arrow::StructArray&>(**rows);
    return arrow::RecordBatch::Make(schema_, columns.length(), columns.fields());
  }

 private:
  Status AddRow(arrow::ArrayBuilder& builder) {
    ++row_;
    --rows_left_;
    Status appended = AppendAvroValue(header_.type, cursor_, builder);
    if (appended) {
      if (rows_left_ > 0 || cursor_.left() == 0) return Ok();
      appended = Invalid("its block has more bytes than its rows");
    }
    Error error = std::move(appended).error();
    error.message = fmt::format("row {}: {}", row_, error.message);
    return error;
  }

  // False at the end of the file.
  Result<bool> NextBlock() {
    if (at_ >= file_->size()) return false;
    ASSIGN_OR_RETURN(const std::string front, ReadAt(*file_, at_, 20));
    AvroCursor numbers(front);
    const auto rows = numbers.Long();
    const auto size = rows ? numbers.Long() : rows;
    if (!size || *rows < 0 || *size < 0) return Damaged("a block has no beginning");
    const std::uint64_t data = at_ + numbers.at();
    const std::uint64_t left = file_->size() - data;
    if (left < kSyncBytes || static_cast<std::uint64_t>(*size) > left - kSyncBytes) {
      return Damaged("the last block breaks off");
    }
    if (static_cast<std::uint64_t>(*size) > kMostBlockBytes) {
      return Exhausted("after row {}: a block has {} MiB, {} is the most", row_, *size >> 20,
                       kMostBlockBytes >> 20);
    }
    ASSIGN_OR_RETURN(const std::string packed,
                     ReadAt(*file_, data, static_cast<std::size_t>(*size) + kSyncBytes));
    const std::string_view view(packed);
    if (!view.ends_with(header_.sync)) return Damaged("a block does not end where it should");
    auto unpacked =
        UnpackAvroBlock(header_.codec, view.substr(0, view.size() - kSyncBytes), kMostBlockBytes);
    if (!unpacked) {
      Error error = std::move(unpacked).error();
      error.message = fmt::format("after row {}: {}", row_, error.message);
      return error;
    }
    block_ = *std::move(unpacked);
    // A row has a byte at least, or a block of none could say that it has billions of rows.
    if (static_cast<std::uint64_t>(*rows) > block_.size()) {
      return Damaged("a block has fewer rows than it says");
    }
    cursor_ = AvroCursor(block_);
    rows_left_ = *rows;
    at_ = data + packed.size();
    return true;
  }

  Error Damaged(std::string_view what) const {
    return Invalid("the Avro file is damaged after row {}: {}", row_, what);
  }

  const Context context_;
  const std::shared_ptr<const ReadableFile> file_;
  const Header header_;
  const std::shared_ptr<arrow::Schema> schema_;
  std::uint64_t at_;
  std::string block_;
  AvroCursor cursor_{""};
  std::int64_t rows_left_ = 0;
  std::uint64_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<engine::RowStream>> ReadAvro(const Context& context,
                                                    std::shared_ptr<const ReadableFile> file) {
  ASSIGN_OR_RETURN(Header header, ReadHeader(*file));
  return std::make_unique<AvroRows>(context, std::move(file), std::move(header));
}

}  // namespace weir::pipelines
