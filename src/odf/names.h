#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "odf/dataset_id.h"

// Names and references of the format (spec section 1). Names are Hostnames: letters and digits,
// with single hyphens inside a part and dots between parts; compared without case, kept as written.

namespace weir::odf {

/// kInvalid unless `name` is a Hostname of at most 253 bytes; `what` is named in the error.
Status CheckName(std::string_view what, std::string_view name);

bool SameName(std::string_view a, std::string_view b);

/// `name` or `account/name`.
struct DatasetAlias {
  std::optional<std::string> account = {};
  std::string name = {};

  static Result<DatasetAlias> Parse(std::string_view text);
  std::string ToString() const;
  bool operator==(const DatasetAlias& other) const;
};

/// A dataset of this place: by identity or by name.
using DatasetRef = std::variant<DatasetId, DatasetAlias>;
Result<DatasetRef> ParseDatasetRef(std::string_view text);
std::string ToString(const DatasetRef& ref);

/// `repo/name` or `repo/account/name`.
struct RemoteAlias {
  std::string repository = {};
  DatasetAlias alias = {};
  bool operator==(const RemoteAlias&) const = default;
};

/// `did:odf:…` or `repo/did:odf:…`.
struct RemoteId {
  std::optional<std::string> repository = {};
  DatasetId id = {};
  bool operator==(const RemoteId&) const = default;
};

/// `odf+https://host/path`, `s3+http://…`, `file:///…`.
struct RemoteUrl {
  std::string url;
  bool operator==(const RemoteUrl&) const = default;
};

/// A dataset somewhere else. `a/b` is a repository and a name; where `a` is no known repository the
/// caller reads it as account and name instead.
using RemoteRef = std::variant<RemoteAlias, RemoteId, RemoteUrl>;
Result<RemoteRef> ParseRemoteRef(std::string_view text);
std::string ToString(const RemoteRef& ref);

/// Whether `name` fits `pattern`, in which `%` stands for any run of characters.
bool MatchesPattern(std::string_view pattern, std::string_view name);

}  // namespace weir::odf
