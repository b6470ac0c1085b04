#include "cli/manifest_input.h"

#include <boost/json/array.hpp>

#include "cli/standard_input.h"
#include "resources/manifest_files.h"
#include "server/kinds.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

json::array ToJson(std::vector<resources::Document>& documents) {
  json::array array;
  array.reserve(documents.size());
  for (resources::Document& document : documents) {
    array.push_back(
        json::object{{"source", std::move(document.source)}, {"text", std::move(document.text)}});
  }
  return array;
}

// Every problem with its place, as the server would tell them.
Error ErrorOf(Error error, const resources::Problems& problems) {
  if (problems.empty()) return error;
  error.message = fmt::format(
      "{} of the manifests' variables cannot be filled in; nothing was sent", problems.total());
  error.hint = "set them, or give --disable-interpolation to leave every $ as it is";
  for (const resources::Problem& problem : problems.items()) {
    error.message += "\n  " + problem.ToString();
  }
  return error;
}

}  // namespace

std::vector<Flag> ManifestFlags() {
  return {{.name = "filename",
           .letter = 'f',
           .value = "FILE",
           .sentence = "a file of manifests, a directory of them, or - for standard input",
           .completes = Completes::kFiles,
           .repeated = true},
          {.name = "recursive", .letter = 'R', .sentence = "directories within directories too"},
          {.name = "disable-interpolation",
           .sentence = "leave $NAME and ${NAME} as they are instead of filling in variables"}};
}

Result<json::object> ReadManifests(const Arguments& arguments, Session& session) {
  std::vector<std::string> paths = arguments.All("filename");
  for (std::string& path : arguments.All("PATH")) paths.push_back(std::move(path));
  if (paths.empty()) {
    return Invalid("which manifests?").WithHint("give -f FILE, -f DIRECTORY or -f -");
  }
  const resources::Environment environment = session.environment();
  StandardInput standard_input;
  resources::KindRegistry kinds;  // says which keys of a manifest name files
  server::AddKinds(kinds, {.clock = SystemClock(), .rng = SystemRng()});
  resources::Problems problems;
  auto collected = resources::CollectManifests(
      {.paths = paths, .recursive = arguments.Has("recursive")}, session.files(), standard_input,
      arguments.Has("disable-interpolation") ? nullptr : &environment, kinds, problems);
  if (!collected) return ErrorOf(std::move(collected).error(), problems);
  json::object body;
  body["documents"] = ToJson(collected->documents);
  if (!collected->attachments.empty()) body["attachments"] = ToJson(collected->attachments);
  return body;
}

}  // namespace weir::cli
