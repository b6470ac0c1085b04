#include "cli/commands/commands.h"
#include "cli/session.h"

namespace weir::cli {

Command VersionCommand() {
  return {.name = "version",
          .summary = "say which version this program is",
          .run = [](const Arguments&, Session& session) -> Result<ExitCode> {
            session.out().Write("weir " WEIR_VERSION "\n");
            return ExitCode::kOk;
          }};
}

}  // namespace weir::cli
