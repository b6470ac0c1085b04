#include "api/testing/api_harness.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "api/components.h"
#include "api/route_table.h"
#include "api/services.h"
#include "api/testing/documented.h"
#include "base/stream.h"
#include "control/sqlite_store.h"
#include "datasets/dataset_kind.h"
#include "resources/core_kinds.h"
#include "secrets/secret_kind.h"

namespace weir::api {
namespace {

constexpr std::string_view kNoteSchema = R"({
  "type": "object", "additionalProperties": false, "required": ["text"],
  "properties": {"text": {"type": "string", "description": "What it says."}}})";

/// A kind with nothing to it but a text, and one thing that can be done to it.
class NoteKind : public resources::Kind {
 public:
  NoteKind()
      : Kind({.type = "note",
              .description = "A text, for tests.",
              .versions = {"v1"},
              .schema = kNoteSchema}) {}

  std::vector<resources::KindAction> Actions() const override {
    return {{.name = "shout",
             .description = "Says it loudly.",
             .run = [](const Context&, const resources::Resource& note,
                       const boost::json::object&) -> Result<boost::json::value> {
               return boost::json::value(
                   std::string(std::string_view(note.spec.at("text").as_string())) + "!");
             }}};
  }
};

Request ToRequest(const Ask& ask) {
  Request request{.method = ask.method};
  const std::size_t mark = ask.target.find('?');
  request.path = ask.target.substr(0, mark);
  std::string_view rest = mark == std::string::npos ? std::string_view()
                                                    : std::string_view(ask.target).substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const std::size_t equals = pair.find('=');
    request.query.emplace_back(pair.substr(0, equals), equals == std::string_view::npos
                                                           ? std::string_view()
                                                           : pair.substr(equals + 1));
  }
  if (ask.signed_in) {
    request.headers.Set("Authorization", "Bearer " + std::string(ApiHarness::kToken));
  }
  if (ask.body) {
    request.headers.Set("Content-Type", "application/json");
    request.body = SourceOf(*ask.body);
  }
  for (const auto& [name, value] : ask.headers) request.headers.Set(name, value);
  return request;
}

}  // namespace

std::string Told::Text(std::string_view pointer) const {
  boost::system::error_code failed;
  const auto* value = json.find_pointer(pointer, failed);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(std::string_view(value->get_string()))
                            : boost::json::serialize(*value);
}

ApiHarness::ApiHarness(std::vector<Route> routes)
    : routes_(routes.empty() ? RouteTable() : std::move(routes)),
      log_(Logger::ToFunction(LogLevel::kInfo, LogFormat::kJson,
                              [this](std::string_view line) { log_lines.emplace_back(line); })) {
  registry_.Add(resources::MakeWorkspaceKind());
  registry_.Add(std::make_unique<NoteKind>());
  registry_.Add(secrets::MakeSecretKind());
  sealer_ = secrets::Sealer::Open({PosixFiles(), home_ / "sealing"}, SystemRng()).value();
  resource_sealer_ = std::make_unique<secrets::ResourceSealer>(*sealer_);
  dataset_parts_.emplace(
      datasets::DatasetKindParts{.clock = clock, .rng = SystemRng(), .sealer = sealer_.get()});
  registry_.Add(datasets::MakeDatasetKind(*dataset_parts_));
  Open();
}

void ApiHarness::Open() {
  store_ = control::OpenSqliteStore(home_ / "control.db", {}, clock).value();
  resources_ = resources::ResourceService::Open(Context::Background(), *store_, registry_,
                                                resource_sealer_.get(), clock)
                   .value();
  objects_ = std::make_unique<objects::LocalObjectStore>(home_ / "datasets", PosixFiles());
  packs_ = std::make_unique<datasets::PackStore>(PosixFiles(), home_ / "packed");
  chains_ = std::make_unique<datasets::ChainStore>(*store_, *objects_, packs_.get());
  packer_ = std::make_unique<datasets::Packer>(*chains_, *packs_, engine::EngineOptions{});
  states_ = std::make_unique<datasets::StateStore>(*chains_, PosixFiles(), home_ / "states");
  queries_ = std::make_unique<sql::QueryService>(*chains_, *states_, engine::EngineOptions{});
  ingestor_ =
      std::make_unique<pipelines::Ingestor>(*chains_, *states_, PosixFiles(), clock,
                                            pipelines::IngestOptions{.scratch = home_ / "ingest"});
  deriver_ =
      std::make_unique<pipelines::Deriver>(*chains_, *states_, PosixFiles(), clock,
                                           pipelines::DeriveOptions{.scratch = home_ / "derive"});
  reverter_ = std::make_unique<pipelines::Reverter>(
      *chains_, PosixFiles(), clock, pipelines::RevertOptions{.scratch = home_ / "revert"});
  compactor_ =
      std::make_unique<pipelines::Compactor>(*chains_, PosixFiles(), clock, home_ / "compact");
  lineage_ = std::make_unique<pipelines::LineageReader>(*chains_, engine::EngineOptions{});
  router_ = std::make_unique<Router>(routes_, Components(),
                                     Services{.authenticator = authenticator_,
                                              .resources = *resources_,
                                              .server = server,
                                              .backups = backups,
                                              .store = *store_,
                                              .chains = *chains_,
                                              .states = *states_,
                                              .packer = *packer_,
                                              .working = working_,
                                              .dataset_parts = *dataset_parts_,
                                              .queries = *queries_,
                                              .ingestor = *ingestor_,
                                              .deriver = *deriver_,
                                              .reverter = *reverter_,
                                              .compactor = *compactor_,
                                              .lineage = *lineage_,
                                              .source_rights = source_rights_,
                                              .metrics = metrics_,
                                              .clock = clock,
                                              .log = *log_,
                                              .signing_key = "test-signing-key"});
}

void ApiHarness::Restart() {
  router_.reset();
  queries_.reset();
  compactor_.reset();
  lineage_.reset();
  reverter_.reset();
  deriver_.reset();
  ingestor_.reset();
  states_.reset();
  packer_.reset();
  chains_.reset();
  resources_.reset();
  store_.reset();
  Open();
}

Told ApiHarness::Send(const Ask& ask) {
  Response response = router_->Handle(Context::Background().WithRequestId("r-1"), ToRequest(ask));
  const Method method = ask.method == Method::kHead ? Method::kGet : ask.method;
  // What no route stands behind is documented nowhere: 404, 405, OPTIONS and a stranger's 401.
  const bool of_a_route = !response.route.empty() && ask.method != Method::kOptions &&
                          response.status != 401 && response.status != 405;
  if (of_a_route) {
    EXPECT_TRUE(IsDocumented(routes_, method, response.route, response));
  }
  Told told{.status = response.status, .headers = response.headers, .route = response.route};
  if (auto* text = std::get_if<std::string>(&response.body)) {
    told.text = std::move(*text);
    boost::system::error_code failed;
    told.json = boost::json::parse(told.text, failed);
  } else if (auto* events = std::get_if<std::unique_ptr<EventSource>>(&response.body)) {
    told.events = std::move(*events);
  }
  return told;
}

Told ApiHarness::Apply(std::string_view manifest) {
  const boost::json::object body{{"documents", {{{"source", "test.yaml"}, {"text", manifest}}}}};
  return Post("/api/apply", boost::json::serialize(body));
}

}  // namespace weir::api
