#pragma once

#include <string_view>

namespace weir::resources {

/// The spec of a bundle, as DataOS has it (v1beta).
inline constexpr std::string_view kBundleSchema = R"({
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "schedule": {
      "type": "object",
      "description": "When its resources are made and deleted",
      "additionalProperties": false,
      "properties": {
        "initialState": {"type": "string", "enum": ["create", "delete"], "default": "create"},
        "timezone": {"type": "string", "examples": ["Asia/Kolkata"]},
        "create": {"type": "array", "items": {"$ref": "#/$defs/cron"}},
        "delete": {"type": "array", "items": {"$ref": "#/$defs/cron"}}
      }
    },
    "workspaces": {
      "type": "array",
      "description": "Workspaces it brings, made before its resources",
      "maxItems": 100,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["name"],
        "properties": {
          "name": {"type": "string"},
          "description": {"type": "string"},
          "tags": {"type": "array", "items": {"type": "string"}},
          "labels": {"type": "object", "additionalProperties": {"type": "string"}},
          "layer": {"type": "string", "enum": ["user", "system"]}
        }
      }
    },
    "resources": {
      "type": "array",
      "description": "Resources it brings and owns: they go when it goes",
      "maxItems": 1000,
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["id"],
        "properties": {
          "id": {"type": "string", "minLength": 1, "description": "What the others call it here"},
          "workspace": {"type": "string", "description": "Where it belongs"},
          "spec": {
            "type": "object", "x-weir-manifest": true, "description": "Its whole manifest"
          },
          "file": {"type": "string", "description": "A file with its manifest, in place of spec"},
          "dependencies": {
            "type": "array", "description": "Ids of those made before it",
            "items": {"type": "string"}
          },
          "dependencyConditions": {
            "type": "array",
            "description": "What must be true of others before it counts as active",
            "items": {
              "type": "object",
              "additionalProperties": false,
              "required": ["resourceId"],
              "properties": {
                "resourceId": {"type": "string"},
                "status": {"$ref": "#/$defs/test"},
                "runtime": {"$ref": "#/$defs/test"}
              }
            }
          }
        }
      }
    },
    "properties": {
      "type": "object", "description": "Words under keys", "additionalProperties": {"type": "string"}
    },
    "manageAsUser": {"type": "string", "description": "Who applies what it brings"}
  },
  "$defs": {
    "cron": {
      "type": "object",
      "additionalProperties": false,
      "required": ["cron"],
      "properties": {"cron": {"type": "string", "examples": ["5 11 * * *"]}}
    },
    "test": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "is": {
          "type": "array", "items": {"type": "string"}, "description": "One of these exactly"
        },
        "contains": {
          "type": "array", "items": {"type": "string"}, "description": "One of these in it"
        }
      }
    }
  }
})";

}  // namespace weir::resources
