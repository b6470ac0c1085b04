#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/services.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "datasets/directory.h"
#include "pipelines/input_format.h"

namespace weir::api {

/// A dataset that is to be made for a file which nobody has described.
struct InferredDatasetRequest {
  std::string workspace = {};
  std::string name = {};
  std::vector<std::string> keys = {};  ///< columns; none: rows are only ever added
  std::string source_name = {};
  std::shared_ptr<const ReadableFile> file = {};
  std::string file_name = {};
  std::optional<pipelines::InputFormat> format = {};
};

struct InferredDataset {
  datasets::DatasetEntry entry = {};
  std::string manifest = {};  ///< YAML, as it was applied
};

/// Finds out how the file is read, and applies the manifest of a dataset with such a push source:
/// Append, or UpsertStream over `keys`, so that loading a corrected file again corrects the rows.
Result<InferredDataset> CreateInferredDataset(const Services& services, const Context& context,
                                              const InferredDatasetRequest& request);

/// Takes it away again, for its first data did not come in.
Status DropInferredDataset(const Services& services, const Context& context,
                           const datasets::DatasetEntry& entry);

}  // namespace weir::api
