#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/services.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "odf/dataset_id.h"
#include "pipelines/ingest.h"
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

/// How the file is read, and the manifest of a dataset with such a push source: Append, or
/// UpsertStream over `keys`, so that loading a corrected file again corrects the rows.
struct InferredDataset {
  pipelines::InferredInput input = {};
  std::string manifest = {};  ///< YAML
};

/// Finds that out, and that such a manifest could be applied now; changes nothing.
Result<InferredDataset> InferDataset(const Services& services, const Context& context,
                                     const InferredDatasetRequest& request);

// The dataset is there once its first data is: the chain begins without a name and gets one when
// it is loaded, so that whoever dies in between leaves nothing that anybody sees.

/// Begins its chain.
Result<odf::DatasetId> BeginInferredChain(const Services& services, const Context& context,
                                          const InferredDatasetRequest& request,
                                          const InferredDataset& inferred);

/// Applies a manifest that gives the chain its name.
Status NameInferredChain(const Services& services, const Context& context,
                         const InferredDatasetRequest& request, const odf::DatasetId& id);

}  // namespace weir::api
