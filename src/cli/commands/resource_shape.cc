#include "cli/commands/resource_shape.h"

#include <boost/json/value.hpp>

namespace weir::cli {
namespace {

std::string NameOf(const Record& record) { return At("type")(record) + "/" + At("name")(record); }

// Of a workspace, the key `workspace` holds what is declared and not where it is.
std::string WorkspaceOf(const Record& record) {
  const auto* const workspace = record.if_contains("workspace");
  if (workspace == nullptr || !workspace->is_string()) return {};
  return std::string(workspace->get_string());
}

// What happened in a version: its deletion, or an apply.
std::string EventOf(const Record& record) {
  return At("weir.deleted")(record) == "true" ? "deleted" : "applied";
}

}  // namespace

const Shape& ResourceShape() {
  static const Shape shape{
      .columns = {{.title = "NAME", .cell = At("name")},
                  {.title = "VERSION", .cell = At("version")},
                  {.title = "TYPE", .cell = At("type")},
                  {.title = "WORKSPACE", .cell = WorkspaceOf},
                  {.title = "STATUS", .cell = At("status.aggregate"), .status = true},
                  {.title = "RUNTIME", .cell = At("status.runtime")},
                  {.title = "OWNER", .cell = At("owner")},
                  {.title = "REV", .cell = At("weir.version"), .shown = Column::Shown::kWide},
                  {.title = "APPLIED", .cell = At("weir.appliedAt"), .shown = Column::Shown::kWide},
                  {.title = "TAGS", .cell = At("tags"), .shown = Column::Shown::kWide}},
      .name = NameOf};
  return shape;
}

const Shape& VersionShape() {
  static const Shape shape{.columns = {{.title = "REV", .cell = At("weir.version")},
                                       {.title = "GENERATION", .cell = At("weir.generation")},
                                       {.title = "EVENT", .cell = EventOf},
                                       {.title = "AT", .cell = At("weir.appliedAt")},
                                       {.title = "BY", .cell = At("weir.appliedBy")},
                                       {.title = "STORE REVISION",
                                        .cell = At("weir.revision"),
                                        .shown = Column::Shown::kWide}},
                           .name = [](const Record& record) {
                             return NameOf(record) + "@" + At("weir.version")(record);
                           }};
  return shape;
}

}  // namespace weir::cli
