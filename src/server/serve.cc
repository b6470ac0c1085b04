#include "server/serve.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/worker_pool.h"
#include "net/io_threads.h"
#include "server/home.h"
#include "server/port_holder.h"
#include "server/service_notice.h"
#include "server/socket_path.h"
#include "server/stop_signals.h"
#include "server/tls_choice.h"
#include "wire/http/http_door.h"

namespace weir::server {
namespace {

// A command that works on the home itself is done within this.
constexpr std::chrono::milliseconds kPatienceForCommands{3'000};

std::unique_ptr<Logger> MakeLogger(const Settings& settings, const Clock& clock) {
  if (settings.log_format == "auto") return Logger::ToStderr(settings.log_level, clock);
  const LogFormat format = settings.log_format == "json" ? LogFormat::kJson : LogFormat::kText;
  return Logger::ToStderr(settings.log_level, format, clock);
}

std::size_t Cores() { return std::max(1U, std::thread::hardware_concurrency()); }

std::size_t IoThreadsOf(const Settings& settings) {
  return settings.io_threads > 0 ? static_cast<std::size_t>(settings.io_threads) : Cores();
}

std::size_t WorkersOf(const Settings& settings) {
  if (settings.worker_threads > 0) return static_cast<std::size_t>(settings.worker_threads);
  return std::max<std::size_t>(8, 4 * Cores());
}

// A running server. Made in the order of the members and stopped in the reverse one.
class Server {
 public:
  Server(const ServeOptions& options, Config config)
      : options_(options),
        settings_(config.settings),
        pinned_(options.system_time ? PinnedClock(*options.system_time) : nullptr),
        clock_(pinned_ ? *pinned_ : SystemClock()),
        log_(MakeLogger(settings_, clock_)),
        config_(std::move(config)) {}

  Status Start() {
    ASSIGN_OR_RETURN(home_, Home::Open({.paths = options_.paths,
                                        .config = config_,
                                        .files = PosixFiles(),
                                        .clock = clock_,
                                        .log = *log_,
                                        .patience = kPatienceForCommands,
                                        .has_token_file = true}));
    ASSIGN_OR_RETURN(socket_, SocketPath::Open(options_.paths.socket()));
    // A server that was killed leaves its socket; we hold the home's lock, so nobody listens on it.
    RETURN_IF_ERROR(PosixFiles().RemoveTree(options_.paths.socket()));
    io_threads_ = std::make_unique<net::IoThreads>(IoThreadsOf(settings_));
    workers_ = std::make_unique<WorkerPool>(
        WorkerPool::Options{.name = "weir-worker", .threads = WorkersOf(settings_)}, *log_);
    RETURN_IF_ERROR(OpenDoor());
    RETURN_IF_ERROR(
        PosixFiles().WriteDurably(options_.paths.pid(), AsBytes(fmt::format("{}\n", ::getpid()))));
    AnnounceReady();
    return Ok();
  }

  void Reload() {
    auto config = LoadConfig(options_.sources, PosixFiles());
    if (!config) return log_->Error("reload_failed", config.error());
    home_->facts().SetConfig(config->entries);
    log_->SetLevel(config->settings.log_level);
    if (Status reloaded = door_->ReloadTls(); !reloaded) {
      return log_->Error("tls_reload_failed", reloaded.error());
    }
    log_->Info("reloaded");
  }

  void Stop() {
    home_->facts().SetPhase(api::Phase::kDraining);
    log_->Info("draining");
    Notify("STOPPING=1");
    if (Status drained = door_->Drain(settings_.drain_timeout); !drained) {
      log_->Warn("drain_incomplete", drained.error());
    }
    door_->Stop();
    door_.reset();
    workers_->Stop(WorkerPool::StopMode::kDrop);
    io_threads_->Stop();
    (void)PosixFiles().RemoveTree(options_.paths.socket());
    (void)PosixFiles().RemoveTree(options_.paths.pid());
    home_.reset();
    log_->Info("stopped");
  }

 private:
  Status OpenDoor() {
    ASSIGN_OR_RETURN(const net::Address address, net::ParseAddress(settings_.listen));
    ASSIGN_OR_RETURN(auto tls, ChooseTls(settings_, options_.paths, address, PosixFiles()));
    http::HttpDoorOptions door{
        .listen = {address}, .socket = socket_->name(), .tls = std::move(tls)};
    door.limits.max_connections = static_cast<std::size_t>(settings_.max_connections);
    door.limits.max_body_bytes = static_cast<std::uint64_t>(settings_.max_body_bytes);
    door.limits.idle_timeout = settings_.idle_timeout;
    door.default_timeout = settings_.request_timeout;
    has_tls_ = door.tls.has_value();
    auto opened = http::HttpDoor::Open(std::move(door), {.io_threads = *io_threads_,
                                                         .workers = *workers_,
                                                         .handler = home_->handler(),
                                                         .log = *log_,
                                                         .metrics = home_->metrics()});
    if (!opened) return NameHolder(std::move(opened).error(), address);
    door_ = *std::move(opened);
    return Ok();
  }

  static Error NameHolder(Error error, const net::Address& address) {
    if (error.code != ErrorCode::kUnavailable || address.port == 0) return error;
    const auto holder = HolderOfPort(address.port);
    if (!holder) return error;
    return Unavailable("{} is in use by {}", address.ToString(), *holder)
        .WithHint("stop that process, or choose another address with --listen");
  }

  void AnnounceReady() {
    std::vector<api::DoorAddress> doors;
    for (const net::Address& address : door_->addresses()) {
      if (address.is_unix()) continue;
      doors.push_back({"http", (has_tls_ ? "https://" : "http://") + address.ToString()});
    }
    doors.push_back({"http", "unix:" + options_.paths.socket().string()});
    const std::string first = doors.front().address;
    home_->facts().SetDoors(std::move(doors));
    home_->facts().SetPhase(api::Phase::kReady);
    log_->Info("ready", {{"address", first},
                         {"home", options_.paths.root.string()},
                         {"pid", ::getpid()},
                         {"version", WEIR_VERSION}});
    Notify("READY=1");
    // Starting has touched memory that serving never will.
    ::malloc_trim(0);
  }

  void Notify(std::string_view state) {
    if (Status sent = NotifyService(options_.notify_socket, state); !sent) {
      log_->Warn("service_notice_failed", sent.error());
    }
  }

  const ServeOptions& options_;
  const Settings settings_;
  const std::unique_ptr<Clock> pinned_;
  const Clock& clock_;
  const std::unique_ptr<Logger> log_;
  Config config_;
  std::unique_ptr<Home> home_;
  std::unique_ptr<SocketPath> socket_;
  std::unique_ptr<net::IoThreads> io_threads_;
  std::unique_ptr<WorkerPool> workers_;
  bool has_tls_ = false;
  std::unique_ptr<http::HttpDoor> door_;
};

}  // namespace

Status Serve(const ServeOptions& options) {
  ASSIGN_OR_RETURN(Config config, LoadConfig(options.sources, PosixFiles()));
  StopSignals signals;
  Server server(options, std::move(config));
  RETURN_IF_ERROR(server.Start());
  while (signals.Wait() == SIGHUP) server.Reload();
  signals.Release();
  server.Stop();
  return Ok();
}

}  // namespace weir::server
