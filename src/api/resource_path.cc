#include "api/resource_path.h"

namespace weir::api {
namespace {

using schema::Text;

constexpr std::size_t kLongestName = 253;

Parameter Query(std::string name, schema::Schema schema, std::string description) {
  return {
      .name = std::move(name), .schema = std::move(schema), .description = std::move(description)};
}

schema::Schema NameText() { return Text({.min = 1, .max = kLongestName, .shape = &kPrintable}); }

}  // namespace

std::vector<Parameter> ResourcePathParameters() {
  return {
      {.in = Parameter::In::kPath,
       .name = "type",
       .schema = NameText(),
       .description = "The kind, as in the manifest's `type`."},
      {.in = Parameter::In::kPath,
       .name = "name",
       .schema = NameText(),
       .description = "The resource's name."},
      Query("workspace", schema::WithDefault(NameText(), "public"),
            "The workspace it is in; means nothing for kinds of the whole instance."),
  };
}

Result<resources::ResourceId> ResourceIdOf(const Services& services, const Call& call) {
  const resources::WrittenId written{
      .id = {.type = *call.Text("type"), .workspace = {}, .name = *call.Text("name")}};
  auto id = services.resources.Complete(written, *call.Text("workspace"));
  if (!id) return NotThere(std::move(id).error());
  return id;
}

Error NotThere(Error error) {
  if (error.code == ErrorCode::kUnimplemented) error.code = ErrorCode::kNotFound;
  return error;
}

std::vector<Parameter> FilterParameters() {
  return {
      Query("type", NameText(), "Only this kind."),
      Query("workspace", NameText(),
            "Only this workspace, and resources of the whole instance, which are in none."),
      Query("name", NameText(), "Only names that match; `*` and `?` stand for others."),
      Query("owner", NameText(), "Only what this principal owns."),
      Query("tag", schema::ListOf(NameText(), 20),
            "Only with this tag; several must all be there."),
  };
}

resources::ResourceFilter FilterOf(const Call& call) {
  return {.type = call.Text("type").value_or(""),
          .workspace = call.Text("workspace"),
          .name_pattern = call.Text("name").value_or(""),
          .owner = call.Text("owner").value_or(""),
          .tags = call.Texts("tag")};
}

}  // namespace weir::api
