#include "api/components.h"
#include "api/reference_page.h"
#include "api/route_table.h"
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/reference.h"
#include "cli/session.h"
#include "server/config.h"

namespace weir::cli {
namespace {

Result<ExitCode> WriteManPages(const Arguments& arguments, Session& session) {
  const std::filesystem::path directory = arguments.Text("DIR");
  RETURN_IF_ERROR(session.files().CreateDirectories(directory));
  for (const auto& [name, page] : ManPages(session.root())) {
    RETURN_IF_ERROR(session.files().WriteDurably(directory / name, AsBytes(page)));
  }
  return ExitCode::kOk;
}

Command Page(std::string name, std::string summary, std::string (*write)(Session&)) {
  return {.name = std::move(name),
          .summary = std::move(summary),
          .run = [write](const Arguments&, Session& session) -> Result<ExitCode> {
            session.out().Write(write(session));
            return ExitCode::kOk;
          }};
}

}  // namespace

Command DocsCommand() {
  return {.name = "docs",
          .summary = "write the pages of docs/ that come from the program itself",
          .commands = {Page("reference", "docs/reference/cli.md",
                            [](Session& session) { return CliReference(session.root()); }),
                       Page("exit-codes", "docs/reference/exit-codes.md",
                            [](Session&) { return ExitCodeReference(); }),
                       Page("config", "docs/reference/config.md",
                            [](Session&) { return server::ConfigReference(); }),
                       Page("api", "docs/reference/api.md",
                            [](Session&) {
                              return api::ReferencePage(api::RouteTable(), api::Components());
                            }),
                       {.name = "man",
                        .summary = "docs/man/",
                        .arguments = {{.name = "DIR", .sentence = "where to", .required = true}},
                        .run = WriteManPages}},
          .hidden = true};
}

}  // namespace weir::cli
