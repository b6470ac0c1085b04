#pragma once

#include <optional>
#include <string_view>

namespace weir::http {

/// How a body is packed on its way (RFC 9110, "content codings"), of those spoken here.
enum class Coding { kIdentity, kGzip, kZstd };

/// "gzip", "zstd", "identity".
std::string_view NameOf(Coding coding);

/// The coding a Content-Encoding names; nullopt for one not spoken here, or several.
std::optional<Coding> ParseCoding(std::string_view content_encoding);

/// The coding to answer a client with that sent this Accept-Encoding: zstd before gzip where the
/// client likes both the same, identity when it takes neither or said nothing.
Coding ChooseCoding(std::string_view accept_encoding);

/// Whether bodies of this media type shrink: text and its relatives, not what is packed already.
bool IsWorthPacking(std::string_view content_type);

}  // namespace weir::http
