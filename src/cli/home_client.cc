#include "cli/home_client.h"

#include "base/uuid.h"
#include "server/home.h"

namespace weir::cli {
namespace {

// Another command may have the home for a moment.
constexpr std::chrono::milliseconds kPatience{5'000};

class HomeClient : public Client {
 public:
  explicit HomeClient(const Globals& globals)
      : paths_(globals.home),
        pinned_(globals.system_time ? PinnedClock(*globals.system_time) : nullptr),
        ids_(clock(), SystemRng()) {}

  Status Open(const Context& context) {
    ASSIGN_OR_RETURN(
        server::Config config,
        server::LoadConfig({.variables = server::ProcessEnvironment(), .file = paths_.config()},
                           PosixFiles()));
    const auto patience =
        std::chrono::duration_cast<std::chrono::milliseconds>(context.Remaining(kPatience));
    ASSIGN_OR_RETURN(home_, server::Home::Open({.paths = paths_,
                                                .config = std::move(config),
                                                .files = PosixFiles(),
                                                .clock = clock(),
                                                .log = *log_,
                                                .patience = patience}));
    home_->facts().SetPhase(api::Phase::kReady);
    return Ok();
  }

  Result<api::Response> Send(const Context& context, api::Request request) override {
    request.door = api::Door::kInProcess;
    return home_->handler().Handle(context.WithRequestId(ids_.Next().ToString()),
                                   std::move(request));
  }

  std::string Name() const override { return "the home " + paths_.root.string(); }

 private:
  const Clock& clock() const { return pinned_ ? *pinned_ : SystemClock(); }

  const server::HomePaths paths_;
  const std::unique_ptr<Clock> pinned_;
  UuidMaker ids_;
  // What a server would log of a request is what the command says itself.
  const std::unique_ptr<Logger> log_ = Logger::Silent();
  std::unique_ptr<server::Home> home_;
};

}  // namespace

Result<std::unique_ptr<Client>> OpenHomeClient(const Globals& globals, const Context& context) {
  auto client = std::make_unique<HomeClient>(globals);
  RETURN_IF_ERROR(client->Open(context));
  return client;
}

}  // namespace weir::cli
