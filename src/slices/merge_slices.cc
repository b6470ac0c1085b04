#include "slices/merge_slices.h"

#include <arrow/api.h>

#include "base/exception_error.h"
#include "slices/parquet_encoder.h"
#include "slices/slice_reader.h"

namespace weir::slices {
namespace {

Status Merge(const Context& context, std::span<const std::shared_ptr<const ReadableFile>> files,
             ByteSink& sink) {
  std::unique_ptr<ParquetEncoder> encoder;
  std::shared_ptr<arrow::Schema> schema;
  for (const auto& file : files) {
    ASSIGN_OR_RETURN(const auto reader, SliceReader::Open(context, file));
    if (!encoder) {
      schema = reader->schema();
      ASSIGN_OR_RETURN(
          encoder, ParquetEncoder::Make(schema, [&](ByteView piece) { return sink.Write(piece); }));
    } else if (!schema->Equals(*reader->schema(), /*check_metadata=*/false)) {
      return Conflict("two slices have other columns: {} and {}", schema->ToString(),
                      reader->schema()->ToString());
    }
    for (;;) {
      ASSIGN_OR_RETURN(const auto rows, reader->Next());
      if (!rows) break;
      RETURN_IF_ERROR(encoder->Write(*rows));
    }
  }
  return encoder ? encoder->Finish() : Status(Internal("there are no slices to merge"));
}

}  // namespace

Status MergeSlices(const Context& context,
                   std::span<const std::shared_ptr<const ReadableFile>> files, ByteSink& sink) {
  return NoExceptions("merge slices", [&] { return Merge(context, files, sink); });
}

}  // namespace weir::slices
