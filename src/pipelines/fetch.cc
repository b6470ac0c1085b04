#include "pipelines/fetch.h"

#include <variant>

#include "pipelines/fetch_glob.h"
#include "pipelines/fetch_url.h"

namespace weir::pipelines {
namespace {

// Runs the preparation steps over what was fetched, unless there are none.
Status Prepare(const Context& context, const FetchPlace& place,
               const std::vector<odf::PrepStep>& steps, FetchedFile& fetched) {
  if (steps.empty()) return Ok();
  RETURN_IF_ERROR(place.rights.CheckCommands(steps));
  auto prepared = PrepareFile(context, fetched.path, steps,
                              {.scratch = place.scratch, .allows_commands = true});
  if (!prepared) {
    Error error = prepared.error();
    error.message = fetched.found.name + ": " + error.message;
    return error;
  }
  ASSIGN_OR_RETURN(fetched.found.file, PosixFiles().Open(prepared->path()));
  return Ok();  // the file stays readable, though its name goes
}

}  // namespace

Result<std::optional<Fetched>> FetchNext(const Context& context, const FetchPlace& place,
                                         const odf::SetPollingSource& source,
                                         const std::optional<odf::SourceState>& state) {
  Result<std::optional<FetchedFile>> fetched = std::optional<FetchedFile>();
  if (const auto* url = std::get_if<odf::FetchStepUrl>(&source.fetch.value)) {
    fetched = FetchUrl(context, place, *url, state);
  } else if (const auto* glob = std::get_if<odf::FetchStepFilesGlob>(&source.fetch.value)) {
    fetched = FetchGlob(context, place, *glob, state);
  } else {
    const std::string_view kind =
        std::visit([](const auto& step) { return step.kKind; }, source.fetch.value);
    return Unimplemented("the fetch step {} is accepted but not run yet", kind)
        .WithHint("fetch with a program of yours, and push the file with weir ingest");
  }
  if (!fetched) return place.rights.WithoutValues(fetched.error());
  if (!*fetched) return std::optional<Fetched>();
  FetchedFile& file = **fetched;
  RETURN_IF_ERROR(
      Prepare(context, place, source.prepare.value_or(std::vector<odf::PrepStep>()), file));
  return std::optional(std::move(file.found));
}

}  // namespace weir::pipelines
