#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "odf/events.h"

namespace weir::odf {

/// The form of events in manifests and for people (spec section 13): camelCase names, unions as
/// objects with `kind`, hashes and ids as text, times in RFC 3339, bytes in base64.
boost::json::value ToJson(const MetadataBlock& block);
boost::json::value ToJson(const MetadataEvent& event);
boost::json::value ToJson(const DataSchema& schema);
boost::json::value ToJson(const DatasetSnapshot& snapshot);

/// Reads that form. `kind` and enum values may be written PascalCase, camelCase or in lower case;
/// a data type may be a bare name. kInvalid names the path of what is wrong and, for an unknown
/// key, the nearest known one.
Result<MetadataBlock> MetadataBlockFromJson(const boost::json::value& json);
Result<MetadataEvent> MetadataEventFromJson(const boost::json::value& json);
Result<DataSchema> DataSchemaFromJson(const boost::json::value& json);
Result<DatasetSnapshot> DatasetSnapshotFromJson(const boost::json::value& json);

/// Compact JSON with object keys sorted by bytes, as attributes are stored.
std::string SortedJson(const boost::json::value& json);

}  // namespace weir::odf
