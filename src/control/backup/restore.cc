#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "control/backup/backup.h"
#include "control/backup/records.h"
#include "control/backup/repository.h"
#include "control/backup/restore_plan.h"
#include "control/backup/restored_home.h"
#include "control/sqlite_store.h"

namespace weir::backup {
namespace {

using control::BatchWrites;
using control::Revision;
using control::StoredEvent;
using control::StoreState;

// Writes the records of chunks into one transaction of an empty database, so that a half-filled one
// never shows.
class Filling {
 public:
  Filling(const Context& context, Repository& repository, control::WriteSession& session,
          const OnProgress& on_progress)
      : context_(context), repository_(repository), session_(session), on_progress_(on_progress) {}

  // The backup as it is.
  Status Fill(const Manifest& base) {
    for (const ChunkRef& chunk : base.entries) {
      ASSIGN_OR_RETURN(auto entries, Fetch(chunk, ReadEntries));
      for (control::Entry& entry : entries) {
        writes_.entries.push_back({std::move(entry.key),
                                   std::make_shared<const std::string>(std::move(entry.value)),
                                   entry.revision});
      }
      RETURN_IF_ERROR(Write());
    }
    for (const ChunkRef& chunk : base.log) {
      ASSIGN_OR_RETURN(writes_.commits, Fetch(chunk, ReadCommits));
      RETURN_IF_ERROR(Write());
    }
    for (const ChunkRef& chunk : base.events) {
      ASSIGN_OR_RETURN(writes_.events, Fetch(chunk, ReadEvents));
      RETURN_IF_ERROR(Write());
    }
    state_ = base.state;
    return Write();
  }

  // What happened after that, up to `at`, as the log of a later backup tells it.
  Status RollForward(const Manifest& log, Timestamp at) {
    for (const ChunkRef& chunk : log.log) {
      ASSIGN_OR_RETURN(const auto commits, Fetch(chunk, ReadCommits));
      for (const control::CommitPtr& commit : commits) {
        if (commit->revision <= state_.revision) continue;
        if (commit->time > at) return AddEvents(log);
        Redo(commit);
      }
      RETURN_IF_ERROR(Write());
    }
    return AddEvents(log);
  }

  const StoreState& state() const { return state_; }

 private:
  void Redo(const control::CommitPtr& commit) {
    for (const control::Change& change : commit->changes) {
      writes_.entries.push_back({change.key, change.value, commit->revision});
    }
    writes_.commits.push_back(commit);
    state_.revision = commit->revision;
    state_.log_changes += static_cast<std::int64_t>(commit->changes.size());
    state_.log_bytes += commit->Bytes();
  }

  Status AddEvents(const Manifest& log) {
    for (const ChunkRef& chunk : log.events) {
      ASSIGN_OR_RETURN(auto events, Fetch(chunk, ReadEvents));
      for (StoredEvent& event : events) {
        if (event.position <= state_.position || event.revision > state_.revision) continue;
        state_.position = event.position;
        writes_.events.push_back(std::move(event));
      }
    }
    return Write();
  }

  template <typename Record>
  Result<std::vector<Record>> Fetch(const ChunkRef& chunk,
                                    Result<std::vector<Record>> (*read)(std::string_view)) {
    RETURN_IF_ERROR(context_.Check());
    ASSIGN_OR_RETURN(const std::string content, repository_.Fetch(context_, chunk));
    auto records = read(content);
    if (!records || records->size() != chunk.records) {
      return Corrupt("chunk {} does not belong there", chunk.id.ObjectKey());
    }
    ++progress_.chunks;
    progress_.bytes += chunk.stored_size;
    progress_.records += chunk.records;
    if (on_progress_) on_progress_(progress_);
    return records;
  }

  Status Write() {
    writes_.state = state_;
    RETURN_IF_ERROR(session_.Write(writes_));
    writes_ = {};
    return Ok();
  }

  const Context& context_;
  Repository& repository_;
  control::WriteSession& session_;
  const OnProgress& on_progress_;
  BatchWrites writes_;
  StoreState state_;
  Progress progress_;
};

// The oldest first; of one moment, the one of the lower revision.
Result<std::vector<Manifest>> LoadAll(const Context& context, Repository& repository) {
  ASSIGN_OR_RETURN(const auto ids, repository.List(context));
  std::vector<Manifest> manifests;
  for (const BackupId& id : ids) {
    ASSIGN_OR_RETURN(Manifest manifest, repository.Load(context, id));
    manifests.push_back(std::move(manifest));
  }
  std::ranges::stable_sort(manifests, {}, [](const Manifest& manifest) {
    return std::pair(manifest.time, manifest.state.revision);
  });
  return manifests;
}

Result<std::uint64_t> CountEntries(control::View& view) {
  std::uint64_t count = 0;
  std::optional<control::Key> after;
  for (;;) {
    ASSIGN_OR_RETURN(const auto entries, view.ReadEntries(after, 1000));
    if (entries.empty()) return count;
    count += entries.size();
    after = entries.back().key;
  }
}

Result<Restored> FillDatabase(const Context& context, Repository& repository,
                              const RestorePlan& plan, const RestoreOptions& options,
                              const Files::Path& path) {
  ASSIGN_OR_RETURN(const auto backend, control::OpenSqliteBackend(path, {}));
  ASSIGN_OR_RETURN(const auto session, backend->BeginWrite());
  Filling filling(context, repository, *session, options.on_progress);
  Restored restored;
  if (plan.base != nullptr) {
    RETURN_IF_ERROR(filling.Fill(*plan.base));
    restored.time = plan.base->time;
  }
  if (plan.log != nullptr) {
    RETURN_IF_ERROR(filling.RollForward(*plan.log, *options.at));
    restored.time = *options.at;
  }
  ASSIGN_OR_RETURN(restored.entries, CountEntries(*session));
  restored.revision = filling.state().revision;
  restored.is_earlier = options.at.has_value() && restored.time < *options.at;
  RETURN_IF_ERROR(session->Commit());
  return restored;
}

Status WriteFiles(const Context& context, Repository& repository, const Manifest& manifest,
                  RestoredHome& home) {
  for (const BackedUpFile& file : manifest.files) {
    std::string content;
    for (const ChunkRef& chunk : file.pieces) {
      ASSIGN_OR_RETURN(const std::string stored, repository.Fetch(context, chunk));
      ASSIGN_OR_RETURN(const std::string piece, ReadFilePiece(stored));
      content += piece;
    }
    RETURN_IF_ERROR(home.Write(file.path, content, file.mode));
  }
  return home.Write("format", fmt::format("{}\n", manifest.home_format), 0644);
}

Result<ObjectCounts> BringDatasets(const Context& context, objects::ObjectStore& source,
                                   const RestoreOptions& options, const RestoredHome& home) {
  ASSIGN_OR_RETURN(const auto backend, control::OpenSqliteBackend(home.ControlDatabase(), {}));
  ASSIGN_OR_RETURN(const auto view, backend->OpenView(context));
  const auto on_objects = [&](const ObjectCounts& objects) {
    if (options.on_progress) options.on_progress({.objects = objects});
  };
  return options.datasets(context, source, *view, home.path(), on_objects);
}

}  // namespace

Result<Restored> Restore(const Context& context, objects::ObjectStore& source,
                         const RestoreOptions& options) {
  ASSIGN_OR_RETURN(Repository repository, Repository::Open(context, source));
  ASSIGN_OR_RETURN(const std::vector<Manifest> manifests, LoadAll(context, repository));
  ASSIGN_OR_RETURN(const RestorePlan plan, ChooseBackups(manifests, options.at));
  ASSIGN_OR_RETURN(RestoredHome home, RestoredHome::Begin(options.home));
  ASSIGN_OR_RETURN(Restored restored,
                   FillDatabase(context, repository, plan, options, home.ControlDatabase()));
  const Manifest& described = plan.base != nullptr ? *plan.base : *plan.log;
  RETURN_IF_ERROR(WriteFiles(context, repository, described, home));
  restored.has_datasets = described.datasets.has_value();
  if (restored.has_datasets && options.datasets) {
    ASSIGN_OR_RETURN(restored.objects, BringDatasets(context, source, options, home));
  }
  RETURN_IF_ERROR(home.Appear());
  if (plan.base != nullptr) restored.id = BackupId::Of(plan.base->time, ToJson(*plan.base)).text;
  return restored;
}

}  // namespace weir::backup
