#pragma once

#include <memory>

#include "base/stream.h"
#include "wire/http/content_coding.h"

namespace weir::http {

/// `source`, unpacked as it is read. Errors: kInvalid when it is not packed so, or breaks off;
/// kExhausted when it grows to more than `max_inflation` times what came in, past the first
/// megabyte: a bomb is found after little work, whatever limit the reader sets itself.
/// `coding` is not kIdentity.
std::unique_ptr<ByteSource> Unpacked(std::unique_ptr<ByteSource> source, Coding coding,
                                     double max_inflation);

}  // namespace weir::http
