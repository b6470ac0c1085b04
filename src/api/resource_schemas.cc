#include "api/component_sets.h"
#include "api/schema.h"

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: the schemas are what this file says

constexpr std::size_t kLongText = 65536;
constexpr std::size_t kManifestText = 16U << 20;

Schema DocumentSchema() {
  return Object({
      Required("source", Text({.min = 1, .max = 4096, .shape = &kPrintable}),
               "Where the text comes from, for messages: a file name, `-` for standard input."),
      Required("text", Text({.max = kManifestText}), "YAML, one or several documents, or JSON."),
  });
}

Schema WorkspaceText() { return Text({.min = 1, .max = 253, .shape = &kPrintable}); }

Field Documents(std::string_view description) {
  return Required("documents", ListOf(Ref("Document"), 20000), description);
}

Schema ApplySchema() {
  return Object({
      Documents("The manifests."),
      Optional("attachments", ListOf(Ref("Document"), 20000),
               "Files that the manifests name by `file:`; the server opens none."),
      Optional("workspace", WorkspaceText(), "For manifests that name none; else `public`."),
      Optional("dryRun", Flag(), "Only says what would happen."),
      Optional("expectedVersion", Integer(0),
               "The one manifest given must be about this version of its resource; 0: a new one."),
  });
}

Schema LintSchema() {
  return Object({
      Documents("The manifests."),
      Optional("attachments", ListOf(Ref("Document"), 20000),
               "Files that the manifests name by `file:`."),
  });
}

Schema LintFindingSchema() {
  return Record({
      Required("verdict", OneOf({"applies", "not-here-yet", "wrong"}), "What it would meet here."),
      Required("source", Text({.max = 4096}), "The document it stands in."),
      Optional("line", Integer(1), "Counted from 1."),
      Optional("column", Integer(1), "Counted from 1."),
      Optional("type", Text(), "The kind, when it could be read."),
      Optional("name", Text({.max = 1024}), "The name, when it could be read."),
      Required("message", Text({.max = kLongText}), "The verdict in words."),
      Optional("errors", ListOf(Ref("ProblemError")), "Why it would be refused."),
  });
}

Schema DeleteSchema() {
  return Object({
      Optional("ids", ListOf(Text({.min = 1, .max = 1024, .shape = &kPrintable}), 20000),
               "As `type/name`, `type:version:name:workspace` or `name | version | type | "
               "workspace`."),
      Optional("documents", ListOf(Ref("Document"), 20000), "Manifests that name them."),
      Optional("workspace", WorkspaceText(), "For ids and manifests that name none."),
      Optional("dependents", OneOf({"refuse", "delete"}),
               "What to do when something that stays needs one; else `refuse`."),
      Optional("dryRun", Flag(), "Only says what would go."),
  });
}

Schema ConditionSchema() {
  return Record({
      Required("type", Text(), "What it is about: `Ready`."),
      Required("status", OneOf({"True", "False", "Unknown"}), "Whether it holds."),
      Optional("reason", Text(), "One word for programs."),
      Optional("message", Text({.max = kLongText}), "A sentence for people."),
      Optional("since", Time(), "When the status became this."),
  });
}

Schema ResourceStatusSchema() {
  return Record({
      Required("aggregate", OneOf({"active", "pending", "error", "deleted"}),
               "How it fares, in one word."),
      Required("builderStage", Text(), "`pending`, `building`, `built` or `error`."),
      Optional("runtime", Text({.max = 1024}), "Such as `running:1`; nothing when nothing runs."),
      Required("observedGeneration", Integer(), "The generation it speaks of."),
      Optional("conditions", ListOf(Ref("Condition")), "Its facts, one by one."),
      Optional("facts", AnyObject(), "What the kind tells of it: a dataset's head and size."),
  });
}

Schema ResourceFactsSchema() {
  return Record({
      Required("version", Integer(1), "Of the resource: 1 for the first manifest applied."),
      Required("generation", Integer(1), "Counts the changes of the declared part alone."),
      Required("createdAt", Time(), "When version 1 was applied."),
      Required("appliedAt", Time(), "When this version was."),
      Required("appliedBy", Text(), "Who applied it."),
      Optional("managedBy", Text({.max = 1024}), "The bundle it belongs to."),
      Optional("deleted", Flag(), "This version is its deletion."),
      Required("revision", Integer(), "Of the control store, when this version was written."),
  });
}

Schema ResourceSchema() {
  Schema schema = Record({
      Required("name", Text(), "The name."),
      Required("version", Text(), "Of the manifest's format: `v1`."),
      Required("type", Text(), "The kind; the key of that name holds what is declared."),
      Optional("tags", ListOf(Text({.max = 1024})), "The user's and the system's."),
      Optional("description", Text({.max = kLongText}), "As declared."),
      Optional("owner", Text(), "Who owns it."),
      Optional("layer", OneOf({"user", "system"}), "As declared."),
      Optional("workspace", Anything(),
               "Where; not for kinds of the whole instance. Of a workspace, what is declared."),
      Optional("status", Ref("ResourceStatus"), "How it fares; not of an old version."),
      Required("weir", Ref("ResourceFacts"), "What Weir knows of it."),
  });
  schema["description"] =
      "A manifest as it was applied, with defaults and without secrets, and what is true of it. "
      "Applying it again changes nothing.";
  schema["additionalProperties"] = true;
  return schema;
}

Schema FieldChangeSchema() {
  return Record({
      Required("path", Text({.max = 4096}), "The key, as in `secret.data.user`."),
      Optional("before", Anything(), "Absent: it was not there. A secret is `****`."),
      Optional("after", Anything(), "Absent: it went. A secret is `****`."),
  });
}

Schema ChangeSchema() {
  return Record({
      Required("type", Text(), "The kind."),
      Required("name", Text(), "The name."),
      Optional("workspace", Text(), "Where; not for kinds of the whole instance."),
      Required("version", Text(), "Of the manifest's format: `v1`."),
      Required("outcome", OneOf({"created", "configured", "unchanged", "deleted"}),
               "What became of it, or would."),
      Required("resourceVersion", Integer(), "Of the resource, now."),
      Optional("fields", ListOf(Ref("FieldChange")), "The values that differ."),
      Optional("note", Text({.max = kLongText}), "Something worth knowing."),
  });
}

Schema PageOf(Schema item, std::vector<Field> more) {
  std::vector<Field> fields = {Required("items", ListOf(std::move(item)), "This page.")};
  fields.insert(fields.end(), more.begin(), more.end());
  fields.push_back(
      Optional("nextCursor", Text({.max = 4096}), "Of the next page; absent at the end."));
  return Record(fields);
}

Schema ChangesSchema() {
  return Record({
      Required("changes", ListOf(Ref("Change")), "One for each resource, in order."),
      Required("revision", Integer(), "Of the control store, with them made."),
      Required("dryRun", Flag(), "True: nothing was stored."),
  });
}

}  // namespace

boost::json::object ResourceSchemas() {
  return {
      {"Document", DocumentSchema()},
      {"Apply", ApplySchema()},
      {"Delete", DeleteSchema()},
      {"Lint", LintSchema()},
      {"LintFinding", LintFindingSchema()},
      {"LintFindings",
       Record({Required("findings", ListOf(Ref("LintFinding")), "One for each manifest.")})},
      {"Rename", Object({Required("to", Text({.min = 1}), "The new name.")})},
      {"Rollback", Object({Required("version", Integer(1), "Whose manifest is to hold again."),
                           Optional("dryRun", Flag(), "Only says what would happen.")})},
      {"Resource", ResourceSchema()},
      {"ResourceStatus", ResourceStatusSchema()},
      {"ResourceFacts", ResourceFactsSchema()},
      {"Condition", ConditionSchema()},
      {"Changes", ChangesSchema()},
      {"Change", ChangeSchema()},
      {"FieldChange", FieldChangeSchema()},
      {"ResourcePage", PageOf(Ref("Resource"), {Required("revision", Integer(),
                                                         "Watch from here to miss nothing.")})},
      {"VersionPage", PageOf(Ref("Resource"), {})},
      {"ActionResult", Record({Required("result", Anything(), "What the action gave.")})},
  };
}

}  // namespace weir::api
