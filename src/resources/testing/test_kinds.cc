#include <boost/json/array.hpp>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

// All of it in one class: what adding a kind takes.
class NoteKind final : public Kind {
 public:
  NoteKind()
      : Kind({.type = "note",
              .description = "A text",
              .versions = {"v1", "v1beta"},
              .scope = Scope::kWorkspace,
              .schema = R"({
                "type": "object",
                "additionalProperties": false,
                "required": ["text"],
                "properties": {
                  "text": {"type": "string", "description": "What it says"},
                  "colour": {"type": "string", "enum": ["red", "green", "blue"], "default": "red"},
                  "size": {"type": "integer", "minimum": 1, "maximum": 9},
                  "ratio": {"type": "number"},
                  "needs": {"type": "array", "items": {"type": "string"}},
                  "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                  "at": {"type": "string", "format": "date-time"},
                  "body": {"type": "string", "x-weir-file": true},
                  "voice": {"type": "string", "x-weir-not-yet": true}
                }
              })"}) {}

  void Validate(const Manifest& manifest, Problems& problems) const override {
    if (manifest.spec.at("text").as_string() != "wrong") return;
    problems.Add(manifest.PlaceOf("/text"), "this text is wrong", "write another");
  }

  std::vector<Dependency> Dependencies(const Manifest& manifest) const override {
    std::vector<Dependency> needs;
    const auto* names = manifest.spec.if_contains("needs");
    if (names == nullptr) return needs;
    for (const auto& name : names->as_array()) {
      needs.push_back({.id = {"note", manifest.id.workspace, std::string(name.as_string())},
                       .path = "/needs/" + std::to_string(needs.size())});
    }
    return needs;
  }

  Status OnApply(control::Transaction& transaction, const Resource* before,
                 const Resource& now) const override {
    if (now.spec.at("text").as_string() == "refused") return Denied("the hook refuses this");
    return transaction.Put(control::Key("notes").With(now.id.name),
                           before == nullptr ? "first" : "again");
  }

  Status OnDelete(control::Transaction& transaction, const Resource& resource) const override {
    return transaction.Delete(control::Key("notes").With(resource.id.name));
  }

  std::vector<KindAction> Actions() const override {
    return {{.name = "shout",
             .description = "Says it loudly",
             .run = [](const Context&, const Resource& resource,
                       const boost::json::object&) -> Result<boost::json::value> {
               return boost::json::value(std::string(resource.spec.at("text").as_string()) + "!");
             }}};
  }
};

}  // namespace

std::unique_ptr<Kind> MakeNoteKind() { return std::make_unique<NoteKind>(); }

std::unique_ptr<Kind> MakeVaultKind() {
  return std::make_unique<Kind>(KindInfo{.type = "vault",
                                         .description = "Values nobody may read",
                                         .versions = {"v1"},
                                         .scope = Scope::kWorkspace,
                                         .schema = R"({
    "type": "object",
    "additionalProperties": false,
    "properties": {
      "acl": {"type": "string", "enum": ["r", "rw"], "default": "r"},
      "data": {"type": "object", "additionalProperties": {"type": "string", "writeOnly": true}},
      "files": {
        "type": "object",
        "additionalProperties": {"type": "string", "writeOnly": true, "x-weir-file": true}
      }
    }
  })"});
}

}  // namespace weir::resources
