#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "control/backup/backup.h"
#include "control/backup/chunk_summary.h"
#include "control/backup/repository.h"

namespace weir::backup {
namespace {

const std::vector<BackedUpDataset> kNoDatasets;

Error In(const BackupId& id, Error error) {
  error.message = fmt::format("backup of {}: {}", id.Time(), error.message);
  return error;
}

class Verification {
 public:
  Verification(const Context& context, Repository& repository, const OnProgress& on_progress)
      : context_(context), repository_(repository), on_progress_(on_progress) {}

  Status Check(const BackupId& id) {
    ASSIGN_OR_RETURN(const Manifest manifest, repository_.Load(context_, id));
    if (Status checked = Check(manifest); !checked) return In(id, checked.error());
    if (verified_.backups++ == 0) verified_.oldest = manifest.time;
    verified_.newest = manifest.time;
    verified_.newest_id = id.text;
    verified_.newest_revision = manifest.state.revision;
    for (const BackedUpDataset& dataset : manifest.datasets.value_or(kNoDatasets)) {
      datasets_[dataset.id].emplace(manifest.state.revision, dataset);
    }
    return Ok();
  }

  // What the backups that were checked hold of datasets.
  Status CheckDatasets(objects::ObjectStore& source, const VerifyDataset& verify) {
    for (const auto& [id, backed_up] : datasets_) {
      std::vector<BackedUpDataset> heads;
      for (const auto& [revision, dataset] : backed_up) {
        if (heads.empty() || heads.back().head != dataset.head) heads.push_back(dataset);
      }
      ASSIGN_OR_RETURN(const ObjectCounts objects, verify(context_, source, heads));
      verified_.datasets += 1;
      verified_.objects.objects += objects.objects;
      verified_.objects.bytes += objects.bytes;
      Tell();
    }
    return Ok();
  }

  const Verified& verified() const { return verified_; }

 private:
  Status Check(const Manifest& manifest) {
    RETURN_IF_ERROR(Check(manifest, manifest.entries, ChunkKind::kEntries));
    RETURN_IF_ERROR(Check(manifest, manifest.log, ChunkKind::kLog));
    RETURN_IF_ERROR(Check(manifest, manifest.events, ChunkKind::kEvents));
    for (const BackedUpFile& file : manifest.files) {
      for (const ChunkRef& piece : file.pieces) {
        RETURN_IF_ERROR(Summary(piece, ChunkKind::kFile));
      }
    }
    return Ok();
  }

  Status Check(const Manifest& manifest, const std::vector<ChunkRef>& chunks, ChunkKind kind) {
    std::string last;
    for (const ChunkRef& chunk : chunks) {
      ASSIGN_OR_RETURN(const ChunkSummary* summary, Summary(chunk, kind));
      const bool follows = last.empty() || last < summary->first;
      const bool is_of_its_time = summary->newest <= manifest.state.revision;
      if (!follows || !is_of_its_time || summary->records != chunk.records) {
        return Corrupt("chunk {} does not belong there", chunk.id.ObjectKey());
      }
      last = summary->last;
    }
    return Ok();
  }

  // A chunk is read once, however many backups share it.
  Result<const ChunkSummary*> Summary(const ChunkRef& chunk, ChunkKind kind) {
    RETURN_IF_ERROR(context_.Check());
    const auto known = summaries_.find(chunk.id.hex);
    if (known != summaries_.end()) return &known->second;
    ASSIGN_OR_RETURN(const std::string content, repository_.Fetch(context_, chunk));
    auto summary = Summarise(kind, content);
    if (!summary) {
      return Corrupt("chunk {}: {}", chunk.id.ObjectKey(), summary.error().message);
    }
    Count(chunk);
    return &summaries_.emplace(chunk.id.hex, *std::move(summary)).first->second;
  }

  void Count(const ChunkRef& chunk) {
    ++verified_.chunks;
    verified_.bytes += chunk.stored_size;
    records_ += chunk.records;
    Tell();
  }

  void Tell() const {
    if (!on_progress_) return;
    on_progress_({.chunks = verified_.chunks,
                  .bytes = verified_.bytes,
                  .records = records_,
                  .objects = verified_.objects});
  }

  const Context& context_;
  Repository& repository_;
  const OnProgress& on_progress_;
  std::unordered_map<std::string, ChunkSummary> summaries_;
  // By id, the newest first; two backups of one moment are told apart by what they are of.
  std::map<std::string, std::multimap<control::Revision, BackedUpDataset, std::greater<>>>
      datasets_;
  Verified verified_;
  std::uint64_t records_ = 0;
};

}  // namespace

Result<Verified> Verify(const Context& context, objects::ObjectStore& source,
                        const VerifyOptions& options) {
  ASSIGN_OR_RETURN(Repository repository, Repository::Open(context, source));
  ASSIGN_OR_RETURN(const std::vector<BackupId> ids, repository.List(context));
  if (ids.empty()) return NotFound("there are no backups in {}", source.ToString());
  Verification verification(context, repository, options.on_progress);
  for (const BackupId& id : ids) RETURN_IF_ERROR(verification.Check(id));
  if (options.datasets) RETURN_IF_ERROR(verification.CheckDatasets(source, options.datasets));
  return verification.verified();
}

}  // namespace weir::backup
