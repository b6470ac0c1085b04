#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "control/backend.h"
#include "control/backup/backup.h"
#include "control/backup/chunk_builder.h"
#include "control/backup/records.h"
#include "control/backup/repository.h"

namespace weir::backup {
namespace {

using control::Key;
using control::Revision;
using control::View;

constexpr std::size_t kRowsAtOnce = 500;
constexpr std::size_t kCommitsAtOnce = 64;
constexpr std::int64_t kLogBytesAtOnce = 4 << 20;
constexpr std::size_t kPieceSize = 1 << 20;

// Chunks end after keys that a hash picks, one in 128, so that an entry that comes or goes changes
// its own chunk and no other.
bool EndsChunk(const Key& key) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  const auto mix = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  };
  mix(key.space());
  mix(key.tuple());
  // The last letters, in which neighbours differ, reach only some of the bits so far.
  hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
  return (hash >> 32) % 128 == 0;
}

// Commits and events leave at the front and come at the back: round numbers stay where they are.
bool EndsChunk(std::int64_t number) { return number % 256 == 0; }

class Creation {
 public:
  Creation(const Context& context, Repository& repository, const CreateOptions& options)
      : context_(context), repository_(repository), options_(options) {}

  Status AddEntries(View& view) {
    ChunkBuilder builder(ChunkKind::kEntries, Into(manifest_.entries));
    std::optional<Key> after;
    for (;;) {
      ASSIGN_OR_RETURN(const auto entries, view.ReadEntries(after, kRowsAtOnce));
      if (entries.empty()) return builder.Finish();
      for (const control::Entry& entry : entries) {
        RETURN_IF_ERROR(builder.Add(entry, EndsChunk(entry.key)));
      }
      created_.entries += entries.size();
      after = entries.back().key;
    }
  }

  Status AddLog(View& view) {
    ChunkBuilder builder(ChunkKind::kLog, Into(manifest_.log));
    Revision after = view.state().floor;
    for (;;) {
      ASSIGN_OR_RETURN(const auto commits,
                       control::ReadLog(view, after, kCommitsAtOnce, kLogBytesAtOnce));
      if (commits.empty()) return builder.Finish();
      for (const control::CommitPtr& commit : commits) {
        RETURN_IF_ERROR(builder.Add(*commit, EndsChunk(commit->revision)));
        manifest_.time = std::max(manifest_.time, commit->time);
      }
      after = commits.back()->revision;
    }
  }

  Status AddEvents(View& view) {
    ChunkBuilder builder(ChunkKind::kEvents, Into(manifest_.events));
    std::int64_t after = 0;
    for (;;) {
      ASSIGN_OR_RETURN(const auto events, view.ReadEvents(std::nullopt, after, kRowsAtOnce));
      if (events.empty()) return builder.Finish();
      for (const control::StoredEvent& event : events) {
        RETURN_IF_ERROR(builder.Add(event, EndsChunk(event.position)));
      }
      after = events.back().position;
    }
  }

  Status AddFile(const std::string& name) {
    WEIR_CHECK(!name.starts_with("keys"));
    Files& files = *options_.home_files;
    const auto content = files.ReadAll(options_.home / name);
    if (!content && content.error().code == ErrorCode::kNotFound) return Ok();
    if (!content) return content.error();
    ASSIGN_OR_RETURN(const FileInfo info, files.Stat(options_.home / name));
    BackedUpFile file{.path = name, .mode = info.mode, .pieces = {}};
    const auto store = Into(file.pieces);
    for (std::size_t at = 0; at < content->size(); at += kPieceSize) {
      std::string piece(HeaderOf(ChunkKind::kFile));
      piece.append(*content, at, kPieceSize);
      RETURN_IF_ERROR(store(piece, 1));
    }
    manifest_.files.push_back(std::move(file));
    return Ok();
  }

  Status NoteDatasets(View& view) {
    return options_.datasets->Note(context_, view, repository_.store(),
                                   repository_.newest_datasets());
  }

  Status CopyDatasets() {
    const auto on_objects = [this](const ObjectCounts& now) {
      created_.objects = now;
      Tell();
    };
    ASSIGN_OR_RETURN(manifest_.datasets, options_.datasets->Copy(context_, repository_.store(),
                                                                 created_.objects, on_objects));
    created_.datasets = manifest_.datasets->size();
    return Ok();
  }

  Result<Created> Finish(const control::StoreState& state) {
    manifest_.state = state;
    manifest_.home_format = options_.home_format;
    manifest_.written_by = WEIR_VERSION;
    ASSIGN_OR_RETURN(const BackupId id, repository_.Save(context_, manifest_));
    created_.id = id.text;
    created_.time = manifest_.time;
    created_.revision = manifest_.state.revision;
    return created_;
  }

  Manifest& manifest() { return manifest_; }

 private:
  ChunkBuilder::Store Into(std::vector<ChunkRef>& list) {
    return [this, &list](std::string_view content, std::uint64_t records) -> Status {
      RETURN_IF_ERROR(context_.Check());
      ASSIGN_OR_RETURN(const auto stored, repository_.Store(context_, content, records));
      list.push_back(stored.chunk);
      Count(stored);
      return Ok();
    };
  }

  void Count(const Repository::Stored& stored) {
    ++created_.chunks;
    created_.stored_bytes += stored.chunk.stored_size;
    if (stored.is_new) {
      ++created_.new_chunks;
      created_.new_bytes += stored.chunk.stored_size;
    }
    records_ += stored.chunk.records;
    Tell();
  }

  void Tell() const {
    if (!options_.on_progress) return;
    options_.on_progress({.chunks = created_.chunks,
                          .bytes = created_.stored_bytes,
                          .records = records_,
                          .objects = created_.objects});
  }

  const Context& context_;
  Repository& repository_;
  const CreateOptions& options_;
  Manifest manifest_;
  Created created_;
  std::uint64_t records_ = 0;
};

}  // namespace

Result<Created> Create(const Context& context, control::Store& store, const Clock& clock,
                       objects::ObjectStore& target, const CreateOptions& options) {
  ASSIGN_OR_RETURN(Repository repository, Repository::OpenForWriting(context, target));
  Creation creation(context, repository, options);
  if (options.datasets != nullptr) RETURN_IF_ERROR(options.datasets->Hold(context));
  // Before the view: every commit acknowledged until now is in it.
  creation.manifest().time = clock.Now();
  ASSIGN_OR_RETURN(auto snapshot, store.Read(context));
  auto* view = dynamic_cast<View*>(snapshot.get());
  if (view == nullptr) return Unimplemented("this control store cannot be backed up");
  RETURN_IF_ERROR(creation.AddEntries(*view));
  RETURN_IF_ERROR(creation.AddLog(*view));
  RETURN_IF_ERROR(creation.AddEvents(*view));
  if (options.datasets != nullptr) RETURN_IF_ERROR(creation.NoteDatasets(*view));
  const control::StoreState state = view->state();
  // The copy may take long, and a view that is held keeps the database from tidying up.
  snapshot.reset();
  for (const std::string& name : options.files) RETURN_IF_ERROR(creation.AddFile(name));
  if (options.datasets != nullptr) RETURN_IF_ERROR(creation.CopyDatasets());
  return creation.Finish(state);
}

}  // namespace weir::backup
