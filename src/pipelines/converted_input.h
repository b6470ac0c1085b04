#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "pipelines/input_format.h"
#include "pipelines/row_place.h"
#include "pipelines/scratch_file.h"

namespace weir::pipelines {

/// A file in a format that the engine is not given: see IsConverted.
struct ConvertRequest {
  std::shared_ptr<const ReadableFile> input = {};
  std::string name = {};  ///< how messages call it
  InputFormat format = InputFormat::kAvro;
  /// The reader declares the columns, and casts them: those of a spreadsheet, whose cells have a
  /// type each, then come as texts.
  bool is_declared = false;
  bool keeps_microseconds = false;  ///< times finer than them are refused; otherwise they are cut
};

struct ConvertedInput {
  /// Parquet with the same rows in the same order; gone with its last reader.
  std::shared_ptr<const ReadableFile> file = {};
  RowPlace place = {};
};

/// Writes the rows of an Avro, ORC or xlsx file as Parquet under the scratch directory, a batch at
/// a time, so that everything after it (declared columns, preprocess, merge) is as for Parquet.
///
/// kInvalid, naming file, row and column where there are some, for a file that is damaged or not of
/// its format; kExhausted for what inflates beyond all measure, or fills the disk.
Result<ConvertedInput> ConvertInput(const Context& context, const ScratchPlace& place,
                                    const ConvertRequest& request);

/// The format of an input that no read step has, which its name or its first bytes give away;
/// nullopt for all others.
std::optional<InputFormat> FindConvertedFormat(const std::string& name, const ReadableFile& file);

}  // namespace weir::pipelines
