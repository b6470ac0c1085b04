#include "api/component_sets.h"
#include "api/schema.h"

namespace weir::api {
namespace {

using namespace schema;  // NOLINT: the schemas are what this file says

Schema DoorSchema() {
  return Record({
      Required("name", Text(), "The protocol."),
      Required("address", Text({.max = 4096}), "Where to connect."),
  });
}

Schema ServerStatusSchema() {
  return Record({
      Required("version", Text(), "Of the program."),
      Required("phase", OneOf({"starting", "ready", "draining"}), "Where the process stands."),
      Required("home", Text({.max = 4096}), "Path of the home."),
      Required("homeFormat", Integer(), "Number of the home's format."),
      Required("store", Text(), "What the control store is: `sqlite` or `postgres`."),
      Required("revision", Integer(), "Of the control store."),
      Required("pid", Integer(), "Of the process."),
      Required("startedAt", Time(), "When the process began."),
      Required("uptimeSeconds", Integer(), "How long it has run."),
      Required("doors", ListOf(Ref("Door")), "Empty for a command that works on the home itself."),
  });
}

Schema ConfigEntrySchema() {
  return Record({
      Required("name", Text(), "The option."),
      Required("value", Text({.max = 65536}), "As it stands; a secret one is `****`."),
      Required("origin", Text({.max = 4096}), "Who said so: flag, environment, file or default."),
      Required("description", Text({.max = 4096}), "What it does."),
  });
}

Schema FindingSchema() {
  return Record({
      Required("check", Text(), "What was looked at."),
      Required("severity", OneOf({"ok", "warning", "error"}), "How bad it is."),
      Required("message", Text({.max = 65536}), "What was found."),
      Optional("fix", Text({.max = 65536}), "What to do about it."),
  });
}

Schema LogLevelSchema() {
  return Object({Required("level", OneOf({"debug", "info", "warn", "error", "off"}),
                          "The least severe events that are written.")});
}

}  // namespace

boost::json::object ServerSchemas() {
  return {
      {"Door", DoorSchema()},
      {"ServerStatus", ServerStatusSchema()},
      {"ConfigEntry", ConfigEntrySchema()},
      {"ConfigView", Record({Required("options", ListOf(Ref("ConfigEntry")), "By name.")})},
      {"Finding", FindingSchema()},
      {"Diagnosis", Record({Required("findings", ListOf(Ref("Finding")), "The worst first.")})},
      {"LogLevel", LogLevelSchema()},
      {"Stopping", Record({Required("stopping", Flag(), "True: the drain has begun.")})},
  };
}

}  // namespace weir::api
