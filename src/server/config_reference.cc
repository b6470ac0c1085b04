#include "server/config.h"

namespace weir::server {

std::string ConfigReference() {
  std::string page =
      "# Configuration\n\n"
      "An option is set by a flag of `weir serve`, else by an environment variable, else in\n"
      "`weir.yaml` in the home (or the file that `--config` names), else it has its default. A "
      "name\n"
      "that is no option is refused. `weir config view --show-origin` shows what holds and who "
      "said\n"
      "so.\n\n"
      "In the file, a dot is a level: `tls.key` is\n"
      "```yaml\n"
      "tls:\n"
      "  key: server.pem\n"
      "```\n"
      "Sizes are written `512`, `10kB`, `64MiB`; durations `250ms`, `30s`, `5m`, `2h`.\n\n"
      "| option | default | meaning | flag | variable |\n"
      "| --- | --- | --- | --- | --- |\n";
  for (const Option& option : Options()) {
    const std::string fallback =
        option.fallback.empty() ? "" : fmt::format("`{}`", option.fallback);
    page +=
        fmt::format("| `{}` | {} | {} | `--{} {}` | `{}` |\n", option.name, fallback,
                    option.sentence, option.FlagName(), option.value_name, option.VariableName());
  }
  page += "\nThis page is written by `weir docs config`; the table is src/server/settings.cc.\n";
  return page;
}

}  // namespace weir::server
