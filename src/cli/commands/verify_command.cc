#include <boost/json/object.hpp>
#include <filesystem>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/progress.h"
#include "cli/records.h"
#include "cli/session.h"
#include "datasets/verify.h"
#include "objects/open_object_store.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& VerifiedShape() {
  static const Shape shape{.columns = {{.title = "REPOSITORY", .cell = At("repository")},
                                       {.title = "BLOCKS", .cell = At("blocks")},
                                       {.title = "SLICES", .cell = At("slices")},
                                       {.title = "RECORDS", .cell = At("records")},
                                       {.title = "BYTES", .cell = At("bytes")},
                                       {.title = "UNREFERENCED", .cell = At("unreferenced")}},
                           .name = At("repository")};
  return shape;
}

Result<Record> VerifyOne(const Arguments& arguments, Session& session, const std::string& url) {
  ASSIGN_OR_RETURN(const auto objects, objects::OpenObjectStore(url));
  const datasets::Repository repository(*objects, "");
  const Progress progress(session.terminal(), "verifying " + url);
  const auto verified = datasets::VerifyRepository(session.Long(), repository,
                                                   {.data = !arguments.Has("metadata-only")});
  if (!verified) {
    return Error{verified.error().code, url + ": " + verified.error().message,
                 verified.error().hint};
  }
  for (const std::string& warning : verified->warnings) session.Say("warning: " + warning);
  return Record{{"repository", url},
                {"blocks", verified->blocks},
                {"slices", verified->slices},
                {"checkpoints", verified->checkpoints},
                {"records", verified->records},
                {"bytes", verified->bytes},
                {"unreferenced", verified->unreferenced}};
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  std::vector<Record> verified;
  for (const std::string& url : arguments.All("REPOSITORY")) {
    ASSIGN_OR_RETURN(Record record, VerifyOne(arguments, session, url));
    verified.push_back(std::move(record));
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               VerifiedShape(), verified, Plural::kList);
  return ExitCode::kOk;
}

}  // namespace

Command VerifyCommand() {
  return {
      .name = "verify",
      .summary = "check a repository of the Open Data Fabric format, every block and byte",
      .description =
          "Builds the chain again from the bytes of its blocks, by every rule and with every "
          "hash, and checks size, physical and logical hash of every slice, where it lies. "
          "The exit code is 7 when something is not as it was written; the message names the "
          "first block and slice.",
      .arguments = {{.name = "REPOSITORY",
                     .sentence = "a directory, file:///path or s3://bucket/prefix",
                     .required = true,
                     .repeated = true,
                     .completes = Completes::kDirectories}},
      .flags = {{.name = "metadata-only", .sentence = "the chain, without slices"}, OutputFlag()},
      .examples = {{"weir verify s3://lake/population", ""}},
      .run = Run};
}

}  // namespace weir::cli
