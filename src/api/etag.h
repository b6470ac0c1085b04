#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::api {

/// The entity tag of a resource's representation: its version, and a hash of what is shown, since
/// its status changes without a new version.
std::string EntityTagOf(std::int64_t version, std::string_view content);

/// The entity tag of a document that has no versions.
std::string EntityTagOf(std::string_view content);

/// Whether an If-None-Match header (RFC 9110 section 13.1.2) names `etag`; `*` names every one. The
/// comparison is weak, as there.
bool NamesEntityTag(std::string_view header, std::string_view etag);

/// Whether an If-Match header names version `version` of a resource. The status part of a tag does
/// not count: a change is made against what was declared, and must not fail because a status moved.
bool NamesVersion(std::string_view header, std::int64_t version);

}  // namespace weir::api
