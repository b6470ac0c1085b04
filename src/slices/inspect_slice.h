#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "base/context.h"
#include "base/files.h"
#include "base/multihash.h"
#include "base/result.h"

namespace arrow {
class Schema;
}

namespace weir::slices {

/// What a Parquet file is as a slice.
struct SliceInspection {
  Multihash logical_hash;
  Multihash physical_hash;
  std::uint64_t records = 0;
  std::uint64_t size = 0;  ///< bytes
  std::shared_ptr<arrow::Schema> schema;
};

/// Reads all of `file`. kInvalid when a column has no logical hash; else as SliceReader.
Result<SliceInspection> InspectSlice(const Context& context,
                                     std::shared_ptr<const ReadableFile> file);

/// {"logicalHash", "physicalHash", "records", "size"}
boost::json::object ToJson(const SliceInspection& inspection);

/// For people: the columns, one line each ("city  String", "population  Int64, may be null"; parts
/// of nested ones in Arrow's words).
std::string SchemaText(const SliceInspection& inspection);

}  // namespace weir::slices
