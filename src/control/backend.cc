#include "control/backend.h"

namespace weir::control {

std::int64_t Commit::Bytes() const {
  std::size_t bytes = 0;
  for (const Change& change : changes) {
    bytes += change.key.space().size() + change.key.tuple().size();
    if (change.value) bytes += change.value->size();
  }
  return static_cast<std::int64_t>(bytes);
}

Result<std::vector<CommitPtr>> ReadLog(View& view, Revision after, std::size_t max_commits,
                                       std::int64_t max_bytes) {
  ASSIGN_OR_RETURN(const auto infos, view.ListCommits(after, max_commits));
  if (infos.empty()) return std::vector<CommitPtr>{};
  Revision up_to = infos.front().revision;
  std::int64_t bytes = 0;
  for (const CommitInfo& info : infos) {
    bytes += info.bytes;
    if (bytes > max_bytes && info.revision != up_to) break;
    up_to = info.revision;
  }
  return view.ReadCommits(after, up_to);
}

}  // namespace weir::control
