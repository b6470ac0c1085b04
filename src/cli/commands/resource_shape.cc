#include "cli/commands/resource_shape.h"

#include <algorithm>
#include <boost/json/value.hpp>

#include "cli/work_call.h"

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

std::string SizeOf(const Record& record) {
  const auto* status = record.if_contains("status");
  const auto* facts = status == nullptr ? nullptr : status->as_object().if_contains("facts");
  const auto* bytes = facts == nullptr ? nullptr : facts->as_object().if_contains("bytes");
  if (bytes == nullptr) return {};
  return SizeText(bytes->to_number<std::uint64_t>());
}

// To the second, for a row has little room; -o json has the rest.
std::string UpdatedOf(const Record& record) {
  const std::string time = At("status.facts.updatedAt")(record);
  const std::size_t point = time.find('.');
  return point == std::string::npos ? time : time.substr(0, point) + "Z";
}

// Why a resource is in error: what the condition says that does not hold.
std::string ReasonOf(const Record& record) {
  if (At("status.aggregate")(record) != "error") return {};
  const auto* const status = record.at("status").if_object();
  const auto* const conditions = status == nullptr ? nullptr : status->if_contains("conditions");
  if (conditions == nullptr || !conditions->is_array()) return {};
  for (const auto& condition : conditions->get_array()) {
    if (!condition.is_object() || At("status")(condition.get_object()) != "False") continue;
    return At("message")(condition.get_object());
  }
  return {};
}

const Shape& DatasetShape() {
  static const Shape shape{
      .columns = {{.title = "NAME", .cell = At("name")},
                  {.title = "KIND", .cell = At("dataset.kind")},
                  {.title = "BLOCKS", .cell = At("status.facts.blocks")},
                  {.title = "RECORDS", .cell = At("status.facts.records")},
                  {.title = "SIZE", .cell = SizeOf},
                  {.title = "UPDATED", .cell = UpdatedOf},
                  {.title = "WORKSPACE", .cell = WorkspaceOf},
                  {.title = "STATUS", .cell = At("status.aggregate"), .status = true},
                  {.title = "REASON", .cell = ReasonOf, .shown = Column::Shown::kWhereSaid},
                  {.title = "OWNER", .cell = At("owner"), .shown = Column::Shown::kWide},
                  {.title = "REV", .cell = At("weir.version"), .shown = Column::Shown::kWide},
                  {.title = "DID", .cell = At("dataset.did"), .shown = Column::Shown::kWide},
                  {.title = "HEAD",
                   .cell = At("status.facts.head"),
                   .shown = Column::Shown::kWide}},
      .name = NameOf};
  return shape;
}

bool IsDataset(const Record& record) { return At("type")(record) == "dataset"; }

}  // namespace

const Shape& ShapeOf(const std::vector<Record>& resources) {
  const bool only_datasets =
      !resources.empty() && std::all_of(resources.begin(), resources.end(), IsDataset);
  return only_datasets ? DatasetShape() : ResourceShape();
}

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
