#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace weir {

/// How bytes are written as text; the first character says which.
enum class Multibase {
  kBase16,       ///< f: lower-case hexadecimal, the default of Open Data Fabric
  kBase16Upper,  ///< F
  kBase58Btc,    ///< z: Bitcoin's alphabet, without 0, O, I and l
  kBase64Url,    ///< u: RFC 4648 section 5, without padding
};

/// Base58 takes time that grows with the square of the length; it is for keys and hashes, so no
/// text in it is longer than this and none is made from more bytes.
inline constexpr std::size_t kMostBase58 = 1024;

std::string EncodeMultibase(Multibase base, ByteView bytes);

/// kInvalid unless `text` is what EncodeMultibase writes for some bytes: an unknown prefix, a
/// character outside the alphabet (its case counts), a cut digit or stray bits at the end.
Result<Bytes> DecodeMultibase(std::string_view text);

}  // namespace weir
