#include "pipelines/converted_input.h"

#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "engine/engine.h"
#include "pipelines/column_names.h"
#include "pipelines/tables/avro_rows.h"
#include "pipelines/tables/orc_rows.h"
#include "pipelines/tables/xlsx_rows.h"
#include "pipelines/zip_parts.h"
#include "slices/parquet_encoder.h"

namespace weir::pipelines {
namespace {

// A million rows of XML are some hundred megabytes; what inflates to more is a bomb.
constexpr DecompressLimits kSheetLimits{.max_bytes = 8ULL << 30, .max_entries = 10'000};

// The engine takes names that differ only in case for one.
Status CheckNames(const arrow::Schema& schema) {
  for (int i = 0; i < schema.num_fields(); ++i) {
    for (int j = 0; j < i; ++j) {
      if (SameColumnName(schema.field(i)->name(), schema.field(j)->name())) {
        return Invalid("the column {} is there twice", schema.field(i)->name())
            .WithHint("names that differ only in case are the same to the engine");
      }
    }
  }
  return Ok();
}

class Conversion {
 public:
  Conversion(const Context& context, const ScratchPlace& place, const ConvertRequest& request)
      : context_(context), place_(place), request_(request) {}

  Result<ConvertedInput> Run() {
    ConvertedInput converted;
    converted.place = [](std::uint64_t row) { return fmt::format("row {}", row); };
    ASSIGN_OR_RETURN(const auto rows, Open(converted.place));
    RETURN_IF_ERROR(CheckNames(*rows->schema()));
    RETURN_IF_ERROR(place_.files.CreateDirectories(place_.directory));
    ASSIGN_OR_RETURN(ScratchFile made, MakeScratchFile(place_, [&](WritableFile& file) {
                       return Write(*rows, file);
                     }));
    converted.file = std::move(made.file);
    return converted;
  }

 private:
  // The rows of a sheet have numbers of their own.
  Result<std::unique_ptr<engine::RowStream>> Open(RowPlace& row_place) {
    if (request_.format == InputFormat::kAvro) return ReadAvro(context_, request_.input);
    if (request_.format == InputFormat::kOrc) {
      return ReadOrc(context_, request_.input, !request_.keeps_microseconds);
    }
    ASSIGN_OR_RETURN(const auto parts,
                     OpenZipParts(context_, place_, request_.input, kSheetLimits));
    ASSIGN_OR_RETURN(XlsxTable table, ReadXlsx(context_, parts, request_.is_declared));
    row_place = [numbers = std::move(table.numbers)](std::uint64_t row) {
      return fmt::format("row {}", numbers->Of(row));
    };
    return std::move(table.rows);
  }

  Status Write(engine::RowStream& rows, WritableFile& file) {
    ASSIGN_OR_RETURN(const auto encoder,
                     slices::ParquetEncoder::Make(
                         rows.schema(), [&](ByteView bytes) { return file.Append(bytes); }));
    for (;;) {
      RETURN_IF_ERROR(context_.Check());
      ASSIGN_OR_RETURN(const auto batch, rows.Next());
      if (!batch) break;
      RETURN_IF_ERROR(encoder->Write(*batch));
    }
    return encoder->Finish();
  }

  const Context& context_;
  const ScratchPlace& place_;
  const ConvertRequest& request_;
};

}  // namespace

Result<ConvertedInput> ConvertInput(const Context& context, const ScratchPlace& place,
                                    const ConvertRequest& request) {
  auto converted = Conversion(context, place, request).Run();
  if (converted) return converted;
  Error error = std::move(converted).error();
  error.message = fmt::format("{}: {}", request.name, error.message);
  return error;
}

std::optional<InputFormat> FindConvertedFormat(const std::string& name, const ReadableFile& file) {
  const auto named = FormatOfName(name);
  if (named) return IsConverted(*named) ? named : std::nullopt;
  std::string start(kAvroMagic.size(), '\0');
  const auto count = file.Read(0, std::as_writable_bytes(std::span(start)));
  const bool is_avro = count && *count == start.size() && start == kAvroMagic;
  return is_avro ? std::optional(InputFormat::kAvro) : std::nullopt;
}

}  // namespace weir::pipelines
