#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::pipelines {

/// What the blocks of an Avro file are packed with.
enum class AvroCodec { kNull, kDeflate, kSnappy, kZstandard, kBzip2, kXz };

/// By the name that a file's header gives; kUnimplemented for others.
Result<AvroCodec> ParseAvroCodec(std::string_view name);

/// The bytes of a block. kInvalid when they are damaged, kExhausted when there are more than
/// `limit` of them.
Result<std::string> UnpackAvroBlock(AvroCodec codec, std::string_view packed, std::size_t limit);

}  // namespace weir::pipelines
