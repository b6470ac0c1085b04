#include "datasets/dataset_spec.h"

namespace weir::datasets {

const std::string_view kDatasetSchema = R"({
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "did": {
      "type": "string",
      "description": "The identity of a chain this home has; without it a new chain is begun"
    },
    "kind": {
      "type": "string",
      "description": "Root for rows that come from outside, Derivative for what a transform makes"
    },
    "timestamps": {
      "type": "string",
      "enum": ["milliseconds", "microseconds"],
      "description": "What is kept of times: milliseconds UTC, as Kamu does, or microseconds and naive times too; microseconds unless the manifest is a DatasetSnapshot"
    },
    "variables": {
      "type": "object",
      "maxProperties": 100,
      "description": "What ${{ env.NAME }} in URLs and headers of its sources stands for, by NAME; before the server's own variables, and no part of the chain",
      "additionalProperties": {
        "type": ["string", "object"],
        "maxLength": 65536,
        "description": "The value, for everybody to see; or {secret: NAME, key: KEY} for one that nobody sees, of a secret of the same workspace",
        "additionalProperties": false,
        "properties": {
          "secret": {"type": "string", "description": "The name of the secret"},
          "key": {"type": "string", "description": "Of its data or files"}
        }
      }
    },
    "checks": {
      "type": "array",
      "maxItems": 60,
      "description": "What its rows promise; asked within every commit, and no part of the chain",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "name": {"type": "string", "minLength": 1, "maxLength": 200, "description": "How messages call the check; otherwise it is called after its rule"},
          "onFail": {"type": "string", "enum": ["refuse", "quarantine", "warn"], "description": "refuse the whole batch (unless it is said otherwise), put the failing rows aside in NAME$quarantine, or commit and warn"},
          "notNull": {"type": "array", "items": {"type": "string"}, "description": "Columns that have a value in every row"},
          "unique": {"type": "array", "items": {"type": "string"}, "description": "Columns whose values together are those of one row of the dataset"},
          "acceptedValues": {
            "type": "object",
            "additionalProperties": false,
            "description": "The values that a column may have; null is one",
            "properties": {
              "column": {"type": "string"},
              "values": {"type": "array", "maxItems": 10000, "description": "Texts, numbers, true or false"}
            }
          },
          "range": {
            "type": "object",
            "additionalProperties": false,
            "description": "The bounds of a column's values, themselves included",
            "properties": {
              "column": {"type": "string"},
              "min": {"type": ["number", "string"], "description": "A number, or a text that the column's type reads: '2020-01-01'"},
              "max": {"type": ["number", "string"], "description": "As min"}
            }
          },
          "matches": {
            "type": "object",
            "additionalProperties": false,
            "description": "A regular expression (RE2) that the whole of a column's text matches",
            "properties": {"column": {"type": "string"}, "pattern": {"type": "string"}}
          },
          "rowCount": {
            "type": "object",
            "additionalProperties": false,
            "description": "How many rows there are",
            "properties": {
              "of": {"type": "string", "enum": ["state", "batch"], "description": "Of the dataset after the commit (unless it is said otherwise), or of the batch"},
              "min": {"type": "integer", "minimum": 0},
              "max": {"type": "integer", "minimum": 0}
            }
          },
          "freshness": {
            "type": "object",
            "additionalProperties": false,
            "description": "How old the newest event time may be",
            "properties": {"maxAge": {"type": "string", "description": "90s, 15m, 2h, 3d or 1w"}}
          },
          "references": {
            "type": "object",
            "additionalProperties": false,
            "description": "A column whose values are among those of a column of another dataset",
            "properties": {
              "column": {"type": "string"},
              "dataset": {"type": "string", "description": "Of the same workspace"},
              "key": {"type": "string", "description": "Its column"}
            }
          },
          "sql": {
            "type": "object",
            "additionalProperties": false,
            "description": "A query that must return no row",
            "properties": {
              "query": {"type": "string", "description": "Over this, the dataset after the commit, new_rows, what comes, and the datasets of reads"},
              "reads": {"type": "array", "items": {"type": "string"}, "description": "Other datasets of the workspace that the query reads"}
            }
          }
        }
      }
    },
    "metadata": {
      "type": "array",
      "maxItems": 1000,
      "description": "What the chain is to say: sources, transform, schema, description and license, as Open Data Fabric events",
      "items": {"type": "object", "additionalProperties": true}
    }
  }
})";

}  // namespace weir::datasets
