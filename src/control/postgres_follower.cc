#include "control/postgres_follower.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "control/postgres_reads.h"

namespace weir::control {
namespace {

constexpr std::chrono::milliseconds kAskEvery{500};
constexpr std::chrono::milliseconds kReconnectAfter{250};

Revision NewestIn(const std::vector<std::string>& payloads) {
  Revision newest = 0;
  for (const std::string& payload : payloads) {
    Revision revision = 0;
    std::from_chars(payload.data(), payload.data() + payload.size(), revision);
    newest = std::max(newest, revision);
  }
  return newest;
}

}  // namespace

PostgresFollower::PostgresFollower(PostgresConnection::Options options, std::string channel,
                                   std::function<void(Revision)> committed)
    : options_(std::move(options)),
      channel_(std::move(channel)),
      committed_(std::move(committed)),
      wake_(::eventfd(0, EFD_CLOEXEC)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {
  WEIR_CHECK(wake_ >= 0);
}

PostgresFollower::~PostgresFollower() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  (void)!::write(wake_, &one, sizeof one);
  thread_.join();
  ::close(wake_);
}

void PostgresFollower::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto connection = PostgresConnection::Open(options_)) {
      (void)FollowOn(**connection, stop);  // what fails is tried again on a new connection
    }
    if (!stop.stop_requested()) Sleep(kReconnectAfter);
  }
}

Status PostgresFollower::FollowOn(PostgresConnection& connection, const std::stop_token& stop) {
  RETURN_IF_ERROR(connection.Execute("LISTEN " + channel_));
  while (!stop.stop_requested()) {
    // Whatever was committed before we listened, or was not heard.
    ASSIGN_OR_RETURN(const StoreState state, PostgresReads(connection).ReadState());
    committed_(state.revision);
    std::vector<std::string> payloads;
    do {
      ASSIGN_OR_RETURN(payloads, connection.WaitForNotifications(wake_, kAskEvery));
      if (!payloads.empty()) committed_(NewestIn(payloads));
    } while (!payloads.empty() && !stop.stop_requested());
  }
  return Ok();
}

void PostgresFollower::Sleep(std::chrono::milliseconds time) const {
  pollfd wait{wake_, POLLIN, 0};
  (void)::poll(&wait, 1, static_cast<int>(time.count()));
}

}  // namespace weir::control
