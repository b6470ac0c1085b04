#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/session.h"
#include "server/serve.h"

namespace weir::cli {
namespace {

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  server::ServeOptions options{.paths = server::HomePaths(session.globals().home),
                               .system_time = session.globals().system_time};
  options.sources.variables = server::ProcessEnvironment();
  options.sources.file_must_exist = arguments.Has("config");
  options.sources.file =
      arguments.Has("config") ? arguments.Text("config") : options.paths.config().string();
  for (const server::Option& option : server::Options()) {
    const std::string flag = option.FlagName();
    if (arguments.Has(flag)) options.sources.flags[flag] = arguments.Text(flag);
  }
  options.notify_socket = session.environment()("NOTIFY_SOCKET").value_or("");
  RETURN_IF_ERROR(server::Serve(options));
  return ExitCode::kOk;
}

}  // namespace

Command ServeCommand() {
  std::vector<Flag> flags = {{.name = "config",
                              .value = "FILE",
                              .sentence = "the configuration, instead of weir.yaml in the home",
                              .completes = Completes::kFiles,
                              .environment = "WEIR_CONFIG"}};
  for (const server::Option& option : server::Options()) {
    std::string sentence(option.sentence);
    sentence.pop_back();  // the full stop: more may follow
    if (!option.fallback.empty()) sentence += fmt::format(" (default {})", option.fallback);
    flags.push_back({.name = option.FlagName(),
                     .value = std::string(option.value_name),
                     .sentence = fmt::format("{} [{}]", sentence, option.VariableName())});
  }
  return {
      .name = "serve",
      .summary = "serve a home to clients until told to stop",
      .description =
          "Answers HTTP on the address of --listen and on the socket run/weir.sock in the "
          "home. The bearer token for the address is in run/token. SIGTERM and SIGINT let the "
          "requests that are running finish; SIGHUP reads TLS files and log level again. When "
          "the address is in use by another process the exit code is 8.",
      .flags = std::move(flags),
      .examples = {{"weir serve", ""},
                   {"weir serve --home /var/lib/weir --listen 0.0.0.0:443 --tls-self-signed true",
                    "for other machines, with a certificate made on the spot"}},
      .run = Run};
}

}  // namespace weir::cli
