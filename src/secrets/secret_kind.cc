#include "secrets/secret_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>

#include "secrets/secret_value.h"

namespace weir::secrets {
namespace {

namespace json = boost::json;
using resources::Kind;
using resources::KindInfo;
using resources::Manifest;
using resources::Problems;
using resources::Scope;

constexpr std::string_view kSchema = R"({
  "type": "object",
  "additionalProperties": false,
  "required": ["type"],
  "properties": {
    "type": {
      "type": "string",
      "enum": ["key-value", "key-value-properties", "cloud-kernel", "cloud-kernel-image-pull",
               "certificate"],
      "description": "What the values are for"
    },
    "acl": {
      "type": "string",
      "enum": ["r", "rw"],
      "default": "r",
      "description": "Whether they open something for reading, or for writing too"
    },
    "data": {
      "type": "object",
      "maxProperties": 1000,
      "description": "Values by key; sealed before they are stored, and never shown",
      "additionalProperties": {"type": "string", "writeOnly": true, "maxLength": 262144}
    },
    "files": {
      "type": "object",
      "maxProperties": 1000,
      "description": "Files by key, whose content is kept as the values of data are",
      "additionalProperties": {
        "type": "string", "writeOnly": true, "x-weir-file": true, "maxLength": 262144
      }
    }
  }
})";

constexpr std::size_t kMaxKeySize = 253;

bool IsKeyLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// Keys become names of variables and of files.
bool IsKey(std::string_view key) {
  return !key.empty() && key.size() <= kMaxKeySize && key != "." && key != ".." &&
         std::all_of(key.begin(), key.end(), IsKeyLetter);
}

const json::object* Mapping(const Manifest& manifest, std::string_view name) {
  const json::value* value = manifest.spec.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

class SecretKind final : public Kind {
 public:
  using Kind::Kind;

  void Validate(const Manifest& manifest, Problems& problems) const override {
    const json::object* data = Mapping(manifest, "data");
    const json::object* files = Mapping(manifest, "files");
    const bool has_data = data != nullptr && !data->empty();
    const bool has_files = files != nullptr && !files->empty();
    if (!has_data && !has_files) {
      problems.Add(manifest.PlaceOf("/data"), fmt::format("{} keeps no value", info().type),
                   "give data, files or both");
    }
    if (has_data) CheckKeys(manifest, "data", *data, problems);
    if (has_files) CheckKeys(manifest, "files", *files, problems);
    if (!has_data || !has_files) return;
    for (const auto& file : *files) {
      if (!data->contains(file.key())) continue;
      const std::string key(file.key());
      problems.Add(
          manifest.PlaceOf("/files/" + key),
          fmt::format("{}.files.{} is also a key of {}.data", info().type, key, info().type));
    }
  }

 private:
  void CheckKeys(const Manifest& manifest, std::string_view name, const json::object& values,
                 Problems& problems) const {
    for (const auto& value : values) {
      const std::string key(value.key());
      if (!IsKey(key)) {
        problems.Add(manifest.PlaceOf(fmt::format("/{}", name)),
                     fmt::format("{}.{} has a key that is no name", info().type, name),
                     fmt::format("at most {} letters, digits, -, _ and .", kMaxKeySize));
      } else if (value.value().is_string() && value.value().as_string() == kHidden) {
        // Output that is applied again would otherwise replace the value by four stars.
        problems.Add(manifest.PlaceOf(fmt::format("/{}/{}", name, key)),
                     fmt::format("{}.{}.{} is {}, which stands for a value that is not shown",
                                 info().type, name, key, kHidden),
                     "write the value, or apply the manifest that has it");
      }
    }
  }
};

}  // namespace

std::unique_ptr<Kind> MakeSecretKind() {
  return std::make_unique<SecretKind>(KindInfo{
      .type = "secret",
      .description = "Values that nobody sees, for the resources of one workspace",
      .versions = {"v1"},
      .scope = Scope::kWorkspace,
      .schema = kSchema,
  });
}

std::unique_ptr<Kind> MakeInstanceSecretKind() {
  return std::make_unique<SecretKind>(KindInfo{
      .type = "instance-secret",
      .description = "Values that nobody sees, for the whole instance",
      .versions = {"v1"},
      .scope = Scope::kInstance,
      .schema = kSchema,
  });
}

}  // namespace weir::secrets
