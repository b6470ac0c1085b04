#include "control/testing/postgres_server.h"

#include <pwd.h>
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

#include "control/testing/child_process.h"

namespace weir::control {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr const char* kUser = "postgres";  // PostgreSQL does not run as root
constexpr std::chrono::seconds kStartTimeout{60};

std::string Tail(const std::filesystem::path& path) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  return text.substr(text.size() - std::min<std::size_t>(text.size(), 2000));
}

}  // namespace

Result<std::unique_ptr<PostgresServer>> PostgresServer::Start() {
  auto server = std::unique_ptr<PostgresServer>(new PostgresServer());
  RETURN_IF_ERROR(server->Initialize());
  RETURN_IF_ERROR(server->Launch());
  return server;
}

PostgresServer& PostgresServer::Shared() {
  static const std::unique_ptr<PostgresServer> server = Start().value();
  return *server;
}

PostgresServer::~PostgresServer() {
  if (pid_ > 0) Kill();  // nobody needs the data
}

std::string PostgresServer::conninfo() const {
  return "postgresql:///postgres?user=postgres&host=" + dir_.path().native();
}

Status PostgresServer::Initialize() {
  if (::geteuid() == 0) {
    const passwd* user = ::getpwnam(kUser);
    if (user == nullptr) return NotFound("user {}", kUser).WithHint("apt install postgresql-15");
    if (::chown(dir_.path().c_str(), user->pw_uid, user->pw_gid) != 0) {
      return Unavailable("chown {} to {}", dir_.path().native(), kUser);
    }
  }
  // Its own flushes are not what the tests are about: a killed process loses nothing by their lack.
  const std::filesystem::path log = dir_ / "initdb.log";
  ASSIGN_OR_RETURN(const pid_t pid,
                   StartChild({std::string(kPrograms) + "initdb", "-D", dir_ / "data", "-U", kUser,
                               "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"},
                              {.user = kUser, .output_path = log}));
  if (WaitForChild(pid) != 0) return Unavailable("initdb failed: {}", Tail(log));
  return Ok();
}

Status PostgresServer::Launch() {
  ASSIGN_OR_RETURN(
      pid_, StartChild({std::string(kPrograms) + "postgres", "-D", dir_ / "data", "-k", dir_.path(),
                        "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB",
                        "-c", "max_connections=200", "-c", "restart_after_crash=on"},
                       {.user = kUser, .output_path = dir_ / "server.log"}));
  return WaitUntilReady();
}

Status PostgresServer::WaitUntilReady() const {
  const auto deadline = std::chrono::steady_clock::now() + kStartTimeout;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto probe = StartChild({std::string(kPrograms) + "pg_isready", "-q", "-h", dir_.path()},
                                  {.output_path = dir_ / "probe.log"});
    if (probe && WaitForChild(*probe) == 0) return Ok();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // between probes
  }
  return Unavailable("PostgreSQL did not start: {}", Tail(dir_ / "server.log"));
}

void PostgresServer::Kill() {
  // PostgreSQL's word for it: no process finishes anything, and the next start is a recovery.
  // SIGKILL would leave its children behind for a moment, and they keep the next start out.
  ::kill(pid_, SIGQUIT);
  WaitForChild(pid_);
  pid_ = -1;
}

Status PostgresServer::Restart() { return Launch(); }

}  // namespace weir::control
