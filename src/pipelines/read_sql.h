#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/scan_source.h"
#include "odf/source_steps.h"
#include "pipelines/exact_casts.h"
#include "slices/column_type.h"

namespace weir::pipelines {

/// What a reader is told of a file beside its read step.
struct ReadInput {
  std::string path;  ///< as the workbench knows it
  slices::TimeRule times = slices::TimeRule::kMilliseconds;
  bool backslash_quotes = false;  ///< the file has \" in it: see FindBackslashQuote
  /// Of a Parquet file: its columns, as the reader finds them.
  std::vector<engine::Column> found = {};
  /// What becomes of declared values that LeavesOf names.
  enum class Casts {
    kExact,     ///< they are cast, and what would be cut is refused
    kTexts,     ///< they stay the texts that they are in the file
    kByReader,  ///< the reader casts and cuts them, and names the line of what it refuses
  };
  Casts casts = Casts::kExact;
};

/// The query that reads a file as `read` says: an engine's reader (parallel, in the file's order)
/// with every option of the step, and with the declared types where it declares columns. The file
/// is UTF-8 by now, and of Json it is the array at `subPath`.
///
/// kUnimplemented for steps that are not read yet; kInvalid names an option that makes no sense.
Result<std::string> ReadSql(const odf::ReadStep& read,
                            const std::optional<std::vector<odf::DataField>>& declared,
                            const ReadInput& input);

/// The SQL that makes what `field` declares of `sql`, a value of that column of a Parquet file.
Result<std::string> ParquetCast(const odf::DataField& field, const std::string& sql,
                                const ReadInput& input);

/// What ReadSql casts itself of what a reader of lines or objects gives.
TextLeaves LeavesOf(const odf::ReadStep& read);

/// The encoding that a read step says its file is in, in lower case; "utf8" where it says none.
std::string EncodingOf(const odf::ReadStep& read);

}  // namespace weir::pipelines
