#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/authenticator.h"
#include "api/router.h"
#include "api/testing/fake_server.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/testing/fake_clock.h"
#include "base/testing/temp_dir.h"
#include "control/store.h"
#include "datasets/chain_store.h"
#include "datasets/dataset_kind.h"
#include "datasets/packer.h"
#include "objects/local_object_store.h"
#include "pipelines/compact/compact.h"
#include "pipelines/derive/derive.h"
#include "pipelines/ingest.h"
#include "pipelines/lineage/dataset_lineage.h"
#include "pipelines/revert/revert.h"
#include "resources/kind_registry.h"
#include "resources/resource_service.h"
#include "secrets/resource_sealer.h"
#include "secrets/sealer.h"
#include "sql/query_service.h"

namespace weir::api {

/// A request in a line: `{.method = Method::kPost, .target = "/api/apply", .body = "{...}"}`. The
/// credential and the content type are there unless the test takes them away.
struct Ask {
  Method method = Method::kGet;
  std::string target;  ///< path, and a query whose values need no escapes
  std::optional<std::string> body = {};
  std::vector<Headers::Field> headers = {};
  bool signed_in = true;
};

/// What came back, with the body read as JSON where it is.
struct Told {
  int status = 0;
  Headers headers = {};
  std::string text = {};
  boost::json::value json = {};
  std::unique_ptr<EventSource> events = {};
  std::string route = {};

  std::string Header(std::string_view name) const {
    return std::string(headers.Get(name).value_or(""));
  }
  /// The value at a JSON pointer as text: Text("/items/0/name"). Empty when it is not there.
  std::string Text(std::string_view pointer) const;
};

/// The whole API over a real control store in a directory of its own, without sockets. Every answer
/// is held against the route table (testing/documented.h) as it passes.
class ApiHarness {
 public:
  static constexpr std::string_view kToken = "test-token";

  /// `routes` instead of the route table, for tests of the router itself.
  explicit ApiHarness(std::vector<Route> routes = {});

  Told Send(const Ask& ask);

  Told Get(std::string target) { return Send({.target = std::move(target)}); }
  Told Post(std::string target, std::string body) {
    return Send({.method = Method::kPost, .target = std::move(target), .body = std::move(body)});
  }
  /// POST /api/apply with one document.
  Told Apply(std::string_view manifest);

  /// Closes everything and opens it again on the same files: a restart.
  void Restart();

  control::Store& store() { return *store_; }
  resources::ResourceService& resources() { return *resources_; }
  datasets::ChainStore& chains() { return *chains_; }
  Router& router() { return *router_; }

  FakeClock clock;
  FakeServer server;
  FakeBackups backups;
  std::vector<std::string> log_lines;

 private:
  void Open();

  const TempDir home_;
  const std::vector<Route> routes_;
  const TokenAuthenticator authenticator_{kToken};
  MetricRegistry metrics_;
  resources::KindRegistry registry_;
  std::unique_ptr<secrets::Sealer> sealer_;
  std::unique_ptr<secrets::ResourceSealer> resource_sealer_;
  std::optional<datasets::DatasetKindParts> dataset_parts_;
  const std::unique_ptr<Logger> log_;
  std::unique_ptr<control::Store> store_;
  std::unique_ptr<resources::ResourceService> resources_;
  std::unique_ptr<objects::LocalObjectStore> objects_;
  datasets::DirectoryPart working_{PosixFiles(), home_ / "working"};
  std::unique_ptr<datasets::PackStore> packs_;
  std::unique_ptr<datasets::ChainStore> chains_;
  std::unique_ptr<datasets::Packer> packer_;
  std::unique_ptr<datasets::StateStore> states_;
  std::unique_ptr<sql::QueryService> queries_;
  std::unique_ptr<pipelines::Ingestor> ingestor_;
  std::unique_ptr<pipelines::Deriver> deriver_;
  std::unique_ptr<pipelines::Reverter> reverter_;
  std::unique_ptr<pipelines::Compactor> compactor_;
  std::unique_ptr<pipelines::LineageReader> lineage_;
  const pipelines::SourceRights source_rights_;
  std::unique_ptr<Router> router_;
};

}  // namespace weir::api
