#include "pipelines/fetch_glob.h"

#include <glob.h>

#include <algorithm>
#include <tuple>

#include "pipelines/fetch_event_time.h"

namespace weir::pipelines {
namespace {

constexpr std::size_t kMostFiles = 100'000;

struct Match {
  std::string path;
  std::optional<Timestamp> event_time = {};

  auto Key() const { return std::tie(event_time, path); }
};

Result<std::vector<Match>> FilesOf(const std::string& pattern) {
  glob_t found{};
  const int failed = ::glob(pattern.c_str(), GLOB_MARK, nullptr, &found);
  std::vector<Match> matches;
  for (std::size_t i = 0; failed == 0 && i < found.gl_pathc; ++i) {
    std::string path = found.gl_pathv[i];
    if (!path.ends_with('/')) matches.push_back({.path = std::move(path)});
  }
  globfree(&found);
  if (failed != 0 && failed != GLOB_NOMATCH) return Unavailable("cannot look for {}", pattern);
  if (matches.size() > kMostFiles) {
    return Exhausted("{} finds {} files, and {} are the most", pattern, matches.size(), kMostFiles);
  }
  return matches;
}

// One look for the next file.
class GlobFetch {
 public:
  GlobFetch(const Context& context, const FetchPlace& place, const odf::FetchStepFilesGlob& step)
      : context_(context), place_(place), step_(step) {}

  Result<std::optional<FetchedFile>> Run(const std::optional<odf::SourceState>& state) {
    // Nobody learns by a pattern what there is where they may not look.
    const std::string fixed = step_.path.substr(0, step_.path.find_first_of("*?["));
    if (!place_.rights.is_owner) {
      RETURN_IF_ERROR(place_.rights.CheckPath(fixed.substr(0, fixed.rfind('/') + 1)));
    }
    ASSIGN_OR_RETURN(std::vector<Match> matches, FilesOf(step_.path));
    if (step_.order == odf::SourceOrdering::kByEventTime) {
      for (Match& match : matches) {
        ASSIGN_OR_RETURN(match.event_time, EventTimeOf(match.path));
      }
    }
    std::ranges::sort(matches, {}, &Match::Key);
    const auto next = Next(matches, state);
    if (next == matches.end()) return std::optional<FetchedFile>();
    ASSIGN_OR_RETURN(FetchedFile fetched, FetchLocal(place_, next->path));
    fetched.found.state = {
        .source_name = kPollingSourceName, .kind = "odf/etag", .value = next->path};
    ASSIGN_OR_RETURN(fetched.found.event_time, EventTimeOf(next->path));
    return std::optional(std::move(fetched));
  }

 private:
  using Matches = std::vector<Match>;

  Result<std::optional<Timestamp>> EventTimeOf(const std::string& path) const {
    ASSIGN_OR_RETURN(const FileInfo info, place_.files.Stat(path));
    return FetchedEventTime(context_, place_.bench, step_.event_time, path, info.modified);
  }

  // The file after the last one; when that is gone, the first whose name is behind its own.
  static Matches::const_iterator Next(const Matches& matches,
                                      const std::optional<odf::SourceState>& state) {
    if (!state) return matches.begin();
    const auto last = std::ranges::find(matches, state->value, &Match::path);
    if (last != matches.end()) return last + 1;
    return std::ranges::find_if(matches,
                                [&](const Match& match) { return match.path > state->value; });
  }

  const Context& context_;
  const FetchPlace& place_;
  const odf::FetchStepFilesGlob& step_;
};

}  // namespace

Result<std::optional<FetchedFile>> FetchGlob(const Context& context, const FetchPlace& place,
                                             const odf::FetchStepFilesGlob& step,
                                             const std::optional<odf::SourceState>& state) {
  return GlobFetch(context, place, step).Run(state);
}

}  // namespace weir::pipelines
