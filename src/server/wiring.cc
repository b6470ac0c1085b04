#include <algorithm>
#include <optional>
#include <thread>

#include "api/authenticator.h"
#include "api/components.h"
#include "api/route_table.h"
#include "api/router.h"
#include "base/process_metrics.h"
#include "base/rng.h"
#include "catalog/cache_keeper.h"
#include "catalog/dataset_tables.h"
#include "control/postgres_store.h"
#include "control/sqlite_store.h"
#include "datasets/chain_store.h"
#include "datasets/pack_store.h"
#include "datasets/packer.h"
#include "datasets/publisher.h"
#include "datasets/split_store.h"
#include "datasets/state_store.h"
#include "objects/local_object_store.h"
#include "objects/open_object_store.h"
#include "pipelines/compact/compact.h"
#include "pipelines/derive/derive.h"
#include "pipelines/ingest.h"
#include "pipelines/lineage/dataset_lineage.h"
#include "pipelines/revert/revert.h"
#include "resources/resource_service.h"
#include "secrets/resource_sealer.h"
#include "server/home.h"
#include "server/home_backups.h"
#include "server/home_lock.h"
#include "server/kinds.h"
#include "server/secret_file.h"
#include "sql/query_service.h"

/// The only place where objects are made and joined, in order; they end in the reverse one.
namespace weir::server {
namespace {

constexpr std::chrono::seconds kOpenWithin{30};

Result<std::unique_ptr<control::Store>> OpenStore(const Home::Options& options) {
  const std::string& url = options.config.settings.store_url;
  if (url.empty()) return control::OpenSqliteStore(options.paths.control_db(), {}, options.clock);
  control::PostgresStoreOptions postgres;
  postgres.backend.connection.conninfo = url;
  return control::OpenPostgresStore(postgres, options.clock);
}

// Where the repositories of datasets are.
struct Objects {
  std::unique_ptr<objects::ObjectStore> roots;  // or all
  std::unique_ptr<objects::ObjectStore> derivatives;
  std::unique_ptr<datasets::SplitStore> split;

  objects::ObjectStore& all() const { return split ? *split : *roots; }
};

Result<Objects> OpenObjects(const Home::Options& options, control::Store& store) {
  const Settings& settings = options.config.settings;
  Objects objects;
  if (settings.datasets_url.empty()) {
    objects.roots =
        std::make_unique<objects::LocalObjectStore>(options.paths.datasets(), options.files);
  } else {
    ASSIGN_OR_RETURN(objects.roots, objects::OpenObjectStore(settings.datasets_url));
  }
  if (settings.derivatives_url.empty()) return objects;
  ASSIGN_OR_RETURN(objects.derivatives, objects::OpenObjectStore(settings.derivatives_url));
  objects.split =
      std::make_unique<datasets::SplitStore>(store, *objects.roots, *objects.derivatives);
  return objects;
}

class OwnedHome : public Home {
 public:
  explicit OwnedHome(Options options) : options_(std::move(options)) {}

  Status Open() {
    RETURN_IF_ERROR(MakeRunDirectory(options_.files, options_.paths));
    ASSIGN_OR_RETURN(lock_, LockHome(options_.paths, options_.patience));
    RETURN_IF_ERROR(PrepareHome(options_.files, options_.paths));
    RETURN_IF_ERROR(OpenSecrets());
    ASSIGN_OR_RETURN(store_, OpenStore(options_));
    RETURN_IF_ERROR(OpenResources());
    RETURN_IF_ERROR(OpenDatasets());
    RETURN_IF_ERROR(OpenApi());
    AddProcessMetrics(metrics_);
    return Ok();
  }

  api::Handler& handler() override { return *router_; }
  MetricRegistry& metrics() override { return metrics_; }
  HomeFacts& facts() override { return *facts_; }

 private:
  Status OpenSecrets() {
    secrets::KeyFile keys(options_.files, options_.paths.keys() / "sealing");
    ASSIGN_OR_RETURN(sealer_, secrets::Sealer::Open(std::move(keys), SystemRng()));
    resource_sealer_ = std::make_unique<secrets::ResourceSealer>(*sealer_);
    return Ok();
  }

  Status OpenResources() {
    dataset_parts_.emplace(datasets::DatasetKindParts{
        .clock = options_.clock, .rng = SystemRng(), .sealer = sealer_.get()});
    AddKinds(kinds_, *dataset_parts_);
    const Context context = Context::Background().WithTimeout(kOpenWithin);
    ASSIGN_OR_RETURN(resources_,
                     resources::ResourceService::Open(context, *store_, kinds_,
                                                      resource_sealer_.get(), options_.clock));
    return Ok();
  }

  Status OpenDatasets() {
    ASSIGN_OR_RETURN(objects_, OpenObjects(options_, *store_));
    working_.emplace(options_.files, options_.paths.working());
    packs_ = std::make_unique<datasets::PackStore>(options_.files, options_.paths.packed());
    chains_ = std::make_unique<datasets::ChainStore>(*store_, objects_.all(), packs_.get());
    const Context context = Context::Background().WithTimeout(kOpenWithin);
    RETURN_IF_ERROR(datasets::ReconcileAll(context, *chains_, objects_.split.get(), options_.log));
    ASSIGN_OR_RETURN(publisher_, datasets::Publisher::Start(*chains_, options_.log));
    states_ =
        std::make_unique<datasets::StateStore>(*chains_, options_.files, options_.paths.states());
    engine::EngineOptions engine{.threads = std::max(2U, std::thread::hardware_concurrency()),
                                 .spill_directory = options_.paths.cache() / "spills"};
    queries_ = std::make_unique<sql::QueryService>(*chains_, *states_, engine);
    engine.spill_directory = options_.paths.cache() / "state-spills";
    RETURN_IF_ERROR(KeepCache(std::move(engine)));
    return OpenIngestor();
  }

  Status KeepCache(engine::EngineOptions engine) {
    const Settings& settings = options_.config.settings;
    const engine::EngineOptions one_core{.threads = 1,
                                         .spill_directory = options_.paths.cache() / "pack-spills"};
    packer_ = std::make_unique<datasets::Packer>(*chains_, *packs_, one_core);
    catalog::CacheKeeperOptions keeping{
        .engine = std::move(engine),
        .packing_percent = static_cast<unsigned>(settings.cache_packing),
        .most_bytes = static_cast<std::uint64_t>(settings.cache_bytes),
        .parts = {states_.get(), packs_.get(), &*working_}};
    ASSIGN_OR_RETURN(keeper_, catalog::CacheKeeper::Start(*chains_, *states_, *packer_,
                                                          options_.log, std::move(keeping)));
    return Ok();
  }

  Status OpenIngestor() {
    const engine::EngineOptions engine{
        .threads = std::max(1U, std::thread::hardware_concurrency()),
        .memory_bytes = static_cast<std::uint64_t>(options_.config.settings.ingest_memory_bytes),
        .spill_directory = options_.paths.cache() / "spill"};
    const auto tables = [this](const Context& context) {
      return std::make_unique<catalog::DatasetTables>(context, *chains_, *states_);
    };
    ingestor_ = std::make_unique<pipelines::Ingestor>(
        *chains_, *states_, options_.files, options_.clock,
        pipelines::IngestOptions{
            .engine = engine, .scratch = options_.paths.cache() / "ingest", .tables = tables});
    deriver_ = std::make_unique<pipelines::Deriver>(
        *chains_, *states_, options_.files, options_.clock,
        pipelines::DeriveOptions{.engine = engine,
                                 .scratch = options_.paths.cache() / "ingest",
                                 .working = options_.paths.working(),
                                 .tables = tables});
    reverter_ = std::make_unique<pipelines::Reverter>(
        *chains_, options_.files, options_.clock,
        pipelines::RevertOptions{
            .engine = engine, .scratch = options_.paths.cache() / "ingest", .tables = tables});
    compactor_ = std::make_unique<pipelines::Compactor>(*chains_, options_.files, options_.clock,
                                                        options_.paths.cache() / "ingest");
    lineage_ = std::make_unique<pipelines::LineageReader>(*chains_, engine);
    const Settings& settings = options_.config.settings;
    source_rights_.paths.assign(settings.source_paths.begin(), settings.source_paths.end());
    source_rights_.commands = settings.source_commands;
    source_rights_.env = settings.source_env;
    source_rights_.networks = settings.source_networks;
    return ingestor_->CleanScratch();
  }

  Status OpenApi() {
    ASSIGN_OR_RETURN(const std::string token, Token());
    ASSIGN_OR_RETURN(
        std::string signing_key,
        LoadOrMakeSecret(options_.files, options_.paths.keys() / "signing", SystemRng()));
    authenticator_ = std::make_unique<api::TokenAuthenticator>(token);
    facts_ = std::make_unique<HomeFacts>(HomeFacts::Parts{.paths = options_.paths,
                                                          .config = options_.config,
                                                          .store = *store_,
                                                          .clock = options_.clock,
                                                          .files = options_.files,
                                                          .log = options_.log});
    backups_ = std::make_unique<HomeBackups>(options_.paths, options_.files, *store_, *chains_,
                                             options_.clock);
    router_ = std::make_unique<api::Router>(api::RouteTable(), api::Components(),
                                            api::Services{.authenticator = *authenticator_,
                                                          .resources = *resources_,
                                                          .server = *facts_,
                                                          .backups = *backups_,
                                                          .store = *store_,
                                                          .chains = *chains_,
                                                          .states = *states_,
                                                          .packer = *packer_,
                                                          .working = *working_,
                                                          .dataset_parts = *dataset_parts_,
                                                          .queries = *queries_,
                                                          .ingestor = *ingestor_,
                                                          .deriver = *deriver_,
                                                          .reverter = *reverter_,
                                                          .compactor = *compactor_,
                                                          .lineage = *lineage_,
                                                          .source_rights = source_rights_,
                                                          .metrics = metrics_,
                                                          .clock = options_.clock,
                                                          .log = options_.log,
                                                          .signing_key = std::move(signing_key)});
    return Ok();
  }

  // A command has no door that asks for a token, so it gets one that nobody knows.
  Result<std::string> Token() {
    if (!options_.has_token_file) return MakeSecret(SystemRng());
    return LoadOrMakeSecret(options_.files, options_.paths.token(), SystemRng());
  }

  const Options options_;
  std::unique_ptr<control::ProcessLock> lock_;
  MetricRegistry metrics_;
  std::unique_ptr<secrets::Sealer> sealer_;
  std::unique_ptr<secrets::ResourceSealer> resource_sealer_;
  std::unique_ptr<control::Store> store_;
  std::optional<datasets::DatasetKindParts> dataset_parts_;
  resources::KindRegistry kinds_;
  std::unique_ptr<resources::ResourceService> resources_;
  Objects objects_;
  std::optional<datasets::DirectoryPart> working_;
  std::unique_ptr<datasets::PackStore> packs_;
  std::unique_ptr<datasets::ChainStore> chains_;
  std::unique_ptr<datasets::Publisher> publisher_;
  std::unique_ptr<datasets::StateStore> states_;
  std::unique_ptr<sql::QueryService> queries_;
  std::unique_ptr<datasets::Packer> packer_;
  std::unique_ptr<catalog::CacheKeeper> keeper_;
  std::unique_ptr<pipelines::Ingestor> ingestor_;
  std::unique_ptr<pipelines::Deriver> deriver_;
  std::unique_ptr<pipelines::Reverter> reverter_;
  std::unique_ptr<pipelines::Compactor> compactor_;
  std::unique_ptr<pipelines::LineageReader> lineage_;
  pipelines::SourceRights source_rights_;
  std::unique_ptr<api::TokenAuthenticator> authenticator_;
  std::unique_ptr<HomeFacts> facts_;
  std::unique_ptr<HomeBackups> backups_;
  std::unique_ptr<api::Router> router_;
};

}  // namespace

Result<std::unique_ptr<Home>> Home::Open(Options options) {
  auto home = std::make_unique<OwnedHome>(std::move(options));
  RETURN_IF_ERROR(home->Open());
  return home;
}

}  // namespace weir::server
