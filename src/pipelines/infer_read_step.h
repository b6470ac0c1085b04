#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "engine/workbench.h"
#include "odf/source_steps.h"
#include "pipelines/input_format.h"
#include "slices/column_type.h"

namespace weir::pipelines {

/// How a file is read that nobody has described: its format, unless it is given, from `name` (.csv,
/// .tsv, .json, .ndjson, .jsonl, .parquet) or else its first bytes, its CSV dialect and its columns
/// from its first rows. The columns are declared in the step, all optional, so that later files are
/// read the same; what a dataset cannot hold of JSON is declared as text. Clears `bench`.
///
/// kInvalid when it is nothing we know.
Result<odf::ReadStep> InferReadStep(const Context& context, engine::Workbench& bench,
                                    std::shared_ptr<const ReadableFile> file,
                                    const std::string& name, slices::TimeRule times,
                                    std::optional<InputFormat> format = {});

/// The columns of a Parquet file, as InferReadStep declares them.
Result<odf::DataSchema> InferParquetSchema(engine::Workbench& bench,
                                           std::shared_ptr<const ReadableFile> file,
                                           slices::TimeRule times);

}  // namespace weir::pipelines
