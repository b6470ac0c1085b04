#pragma once

#include <string>

namespace weir {
class Clock;
class Logger;
class MetricRegistry;
namespace control {
class Store;
}
namespace datasets {
class CachePart;
class ChainStore;
class Packer;
class StateStore;
struct DatasetKindParts;
}  // namespace datasets
namespace pipelines {
class Compactor;
class Deriver;
class Ingestor;
class LineageReader;
class Reverter;
struct SourceRights;
}  // namespace pipelines
namespace resources {
class ResourceService;
}
namespace sql {
class QueryService;
}
}  // namespace weir

namespace weir::api {

class Authenticator;
class Backups;
class ServerFacts;

/// What the handlers work with. Made in server/wiring.cc; everything in it outlives the router.
struct Services {
  const Authenticator& authenticator;
  resources::ResourceService& resources;
  ServerFacts& server;
  Backups& backups;
  control::Store& store;
  datasets::ChainStore& chains;
  datasets::StateStore& states;
  datasets::Packer& packer;
  const datasets::CachePart& working;               ///< what derivatives keep in the cache
  const datasets::DatasetKindParts& dataset_parts;  ///< for chains that begin here
  sql::QueryService& queries;
  pipelines::Ingestor& ingestor;
  pipelines::Deriver& deriver;
  pipelines::Reverter& reverter;
  pipelines::Compactor& compactor;
  pipelines::LineageReader& lineage;
  const pipelines::SourceRights& source_rights;  ///< of whoever is not in this process
  const MetricRegistry& metrics;
  const Clock& clock;
  Logger& log;

  /// Signs cursors and the fingerprints of requests kept with an idempotency key. Derived from the
  /// home's sealing key, so that it outlives the process and tells nothing.
  std::string signing_key;
};

}  // namespace weir::api
