#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contracts/check.h"
#include "datasets/dataset_variables.h"
#include "odf/dataset_id.h"
#include "odf/events.h"

namespace weir::datasets {

/// The spec of a `dataset` resource: what the chain says, as events, and what only the home knows.
struct DatasetSpec {
  std::optional<odf::DatasetId> did = {};         ///< none: a chain to be begun
  std::optional<odf::DatasetKind> kind = {};      ///< none: the chain's, or Root
  std::vector<odf::MetadataEvent> metadata = {};  ///< in the order of the manifest
  std::optional<bool> keeps_microseconds = {};
  DatasetVariables variables = {};  ///< the home's alone
  contracts::Contract checks = {};  ///< the home's too
};

/// JSON Schema of the spec.
extern const std::string_view kDatasetSchema;

/// kInvalid names the path of what is wrong.
Result<DatasetSpec> DatasetSpecFromJson(const boost::json::object& json);
boost::json::object ToJson(const DatasetSpec& spec);

/// The kind as manifests spell it, in any case.
Result<odf::DatasetKind> DatasetKindFromText(std::string_view text);

}  // namespace weir::datasets
