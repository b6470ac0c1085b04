#pragma once

#include <memory>
#include <string_view>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "engine/engine.h"

namespace weir::pipelines {

/// What an Avro file begins with.
inline constexpr std::string_view kAvroMagic("Obj\x01", 4);

/// The rows of an Avro object container file (Avro 1.11.1), in its order. One block and one batch
/// are in memory at a time, each of bounded size whatever the file says.
///
/// Any bytes are safe. Errors, here or from the stream: kInvalid for what is damaged or no Avro,
/// naming the row, and the column where there is one; kUnimplemented for types that are no columns
/// and for codecs that are not there; kExhausted for a block that is too big.
Result<std::unique_ptr<engine::RowStream>> ReadAvro(const Context& context,
                                                    std::shared_ptr<const ReadableFile> file);

}  // namespace weir::pipelines
