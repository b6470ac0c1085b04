#include "cli/session.h"

#include "server/option_values.h"

namespace weir::cli {
namespace {

constexpr std::chrono::seconds kBrief{60};

}  // namespace

std::vector<Flag> GlobalFlags() {
  return {
      {.name = "home",
       .value = "DIR",
       .sentence = "the home to work on, or whose server to talk to",
       .fallback = ".weir",
       .completes = Completes::kDirectories,
       .environment = "WEIR_HOME"},
      {.name = "server",
       .value = "URL",
       .sentence = "the server to talk to, with the token in WEIR_TOKEN",
       .environment = "WEIR_SERVER"},
      {.name = "ca-file",
       .value = "FILE",
       .sentence = "PEM file of the authorities to believe about an https server; the machine's "
                   "otherwise",
       .completes = Completes::kFiles,
       .environment = "WEIR_CA_FILE"},
      {.name = "timeout",
       .value = "DURATION",
       .sentence = "how long to wait for an answer, as 500ms, 30s or 5m; 60s unless the command "
                   "goes on by its nature"},
      {.name = "system-time",
       .value = "TIME",
       .sentence = "what this process takes for the time now, for repeatable tests",
       .environment = "WEIR_SYSTEM_TIME"},
  };
}

Result<Globals> GlobalsOf(const Arguments& arguments) {
  Globals globals{.home = arguments.Text("home"), .server = arguments.Text("server")};
  globals.ca_file = arguments.Text("ca-file");
  if (arguments.Has("timeout")) {
    auto timeout = server::ParseDuration(arguments.Text("timeout"));
    if (!timeout) return Invalid("--timeout: {}", timeout.error().message);
    globals.timeout = *timeout;
  }
  if (arguments.Has("system-time")) {
    auto time = ParseTimestamp(arguments.Text("system-time"));
    if (!time) return Invalid("--system-time: {}", time.error().message);
    globals.system_time = *time;
  }
  return globals;
}

Session::Session(Parts parts)
    : parts_(std::move(parts)),
      pinned_(parts_.globals.system_time ? PinnedClock(*parts_.globals.system_time) : nullptr) {}

void Session::Say(std::string_view line) {
  parts_.messages.Write(line);
  parts_.messages.Write("\n");
  (void)parts_.messages.Flush();
}

Context Session::Brief() const {
  return Context::Background().WithTimeout(parts_.globals.timeout.value_or(kBrief));
}

Context Session::Long() const {
  const Context context = Context::Background();
  return parts_.globals.timeout ? context.WithTimeout(*parts_.globals.timeout) : context;
}

Result<Client*> Session::client() {
  if (client_ == nullptr) {
    ASSIGN_OR_RETURN(client_, parts_.connect(parts_.globals, Brief()));
  }
  return client_.get();
}

}  // namespace weir::cli
