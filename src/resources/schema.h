#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "resources/problem.h"
#include "resources/yaml_node.h"

namespace weir::resources {

/// One node of a compiled JSON Schema: what a value may be.
///
/// The keywords: type (one or several), properties, required, additionalProperties, items, enum,
/// pattern, minLength, maxLength, minimum, maximum, minItems, maxItems, minProperties,
/// maxProperties, uniqueItems, default, description, examples, title, deprecated, writeOnly (the
/// value is a secret), format ("date-time" is checked, others only shown), $defs and $ref to them.
/// Three of our own: "x-weir-file": true says that the text names a file of the caller's whose
/// content replaces it; "x-weir-manifest": true that the mapping is a whole manifest of another
/// resource, whose kind says what is secret in it; "x-weir-not-yet": true that DataOS has this key
/// and we do not yet. Anything else is refused when the schema is compiled, so that no rule is
/// silently ignored.
struct SchemaNode {
  enum Type : unsigned {
    kNull = 1,
    kBoolean = 2,
    kInteger = 4,
    kNumber = 8,
    kString = 16,
    kArray = 32,
    kObject = 64,
    kAny = 127
  };

  unsigned types = kAny;
  std::string title = {};
  std::string description = {};
  std::string format = {};
  bool secret = false;    ///< writeOnly
  bool file = false;      ///< x-weir-file
  bool manifest = false;  ///< x-weir-manifest
  bool deprecated = false;
  bool not_yet = false;  ///< x-weir-not-yet

  std::vector<std::pair<std::string, std::shared_ptr<const SchemaNode>>> properties = {};
  std::vector<std::string> required = {};
  bool closed = false;                                ///< additionalProperties: false
  std::shared_ptr<const SchemaNode> additional = {};  ///< null: anything, unless closed
  std::shared_ptr<const SchemaNode> items = {};

  std::optional<boost::json::value> fallback = {};  ///< default
  std::vector<boost::json::value> allowed = {};     ///< enum; empty: anything
  std::vector<boost::json::value> examples = {};
  std::string pattern = {};
  std::shared_ptr<const std::regex> compiled_pattern = {};
  std::size_t min_length = 0;
  std::size_t max_length = std::numeric_limits<std::size_t>::max();
  std::optional<double> minimum = {};
  std::optional<double> maximum = {};
  std::size_t min_items = 0;
  std::size_t max_items = std::numeric_limits<std::size_t>::max();
  std::size_t min_properties = 0;
  std::size_t max_properties = std::numeric_limits<std::size_t>::max();
  bool unique_items = false;
  bool holds_secrets = false;  ///< it or something under it is secret, or a manifest
  bool holds_files = false;    ///< it or something under it names a file

  const SchemaNode* Find(std::string_view property) const;
};

/// A compiled schema with the document it came from. Immutable, thread-safe.
class Schema {
 public:
  /// kInvalid names the keyword that is not understood, or what is wrong with it.
  static Result<Schema> Compile(std::string_view json_text);

  const SchemaNode& root() const { return *root_; }
  const boost::json::object& document() const { return *document_; }

 private:
  std::shared_ptr<const SchemaNode> root_;
  std::shared_ptr<const boost::json::object> document_;
};

/// Where a value being checked stands: for messages.
struct SchemaSite {
  std::string source = {};
  std::string path = {};           ///< of the value that is checked first: "secret"
  const YamlNode* node = nullptr;  ///< as written; null: not from a text
};

/// Checks `value` against the schema and puts in defaults. As DataOS does, a plain scalar of any
/// type is taken as the text that was written where text is wanted (`port: 5432`), and a key with
/// nothing after its colon as not given.
///
/// Every problem names the key and its place; an unknown key names the nearest known one. Values
/// are quoted in no problem, except those of an enum that are no secret.
void CheckAgainst(const SchemaNode& schema, const SchemaSite& site, boost::json::value& value,
                  Problems& problems);

/// Calls `visit` with each value that stands where the schema says `mark`, its JSON pointer
/// ("/data/password") and the schema there. `visit` may replace the value; its first error ends the
/// walk.
enum class Mark {
  kSecretOrManifest,
  kFile,
};
using MarkVisitor = std::function<Status(const SchemaNode& schema, const std::string& pointer,
                                         boost::json::value& value)>;
Status VisitMarked(const SchemaNode& schema, Mark mark, boost::json::value& value,
                   const MarkVisitor& visit);

/// `key` as one more part of a JSON pointer (RFC 6901).
std::string AppendToPointer(const std::string& pointer, std::string_view key);

}  // namespace weir::resources
