#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "control/store.h"
#include "resources/problem.h"
#include "resources/resource_id.h"

namespace weir::resources {

/// A text with manifests in it: YAML, one or several documents. JSON is YAML.
struct Document {
  std::string source;  ///< the file's name, "-" for standard input; shown in problems
  std::string text;
};

struct ApplyRequest {
  std::vector<Document> documents = {};
  /// Files that the documents name by `file:`, under the name they use there joined to their own
  /// folder (`JoinSource`). The server opens no file; the CLI sends what is named.
  std::vector<Document> attachments = {};
  std::string workspace = {};  ///< -w; empty: what a manifest says, else "public"
  bool dry_run = false;
  /// The one manifest given must be about this version of its resource (0: it must not exist).
  std::optional<std::int64_t> expected_version = {};
};

enum class Outcome { kCreated, kConfigured, kUnchanged, kDeleted };

std::string_view NameOf(Outcome outcome);  ///< "created" and so on

/// One value that differs: null before it was there, null after it went. Secrets are "****".
struct FieldChange {
  std::string path;  ///< secret.data.user, tags
  std::optional<boost::json::value> before = {};
  std::optional<boost::json::value> after = {};
};

/// What became, or would become, of one resource.
struct Change {
  ResourceId id;
  std::string api_version = {};
  Outcome outcome = Outcome::kUnchanged;
  std::int64_t version = 0;  ///< of the resource, now
  std::vector<FieldChange> fields = {};
  Place place = {};       ///< of its manifest
  std::string note = {};  ///< something the user should know: "owner is ann, who applies it"
};

struct ApplyAnswer {
  std::vector<Change> changes = {};  ///< in the order they were made
  control::Revision revision = 0;    ///< of the store, with them made
  bool dry_run = false;
};

boost::json::object ToJson(const Change& change);

/// `name` as a file named in `source` means it: beside `source`, with "." and ".." folded.
std::string JoinSource(std::string_view source, std::string_view name);

}  // namespace weir::resources
