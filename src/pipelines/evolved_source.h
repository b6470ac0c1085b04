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

/// An input that may have columns its source does not declare.
struct EvolvingInput {
  std::shared_ptr<const ReadableFile> file = {};
  std::string name = {};
  slices::TimeRule times = slices::TimeRule::kMilliseconds;
  /// Of the file as it is to be read; what was converted is Parquet.
  std::optional<InputFormat> format = {};
};

/// The columns that a read step is to declare for `input`: those it has, with the types that `read`
/// declares them with, and what is new as the file has it, optional. Where columns stand by their
/// names (JSON) the others stay too. nullopt: `read` declares all of them, or none at all. Clears
/// `bench`. kUnimplemented for a part of a JSON document.
Result<std::optional<odf::DataSchema>> EvolvedColumns(const Context& context,
                                                      engine::Workbench& bench,
                                                      const odf::ReadStep& read,
                                                      const EvolvingInput& input);

/// `read` with those columns declared.
odf::ReadStep WithColumns(odf::ReadStep read, const odf::DataSchema& columns);

}  // namespace weir::pipelines
