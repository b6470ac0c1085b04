#include "datasets/backup/dataset_copies.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>

#include "base/bytes.h"
#include "datasets/backup/counted_copy.h"
#include "datasets/chain_record.h"
#include "datasets/copy_objects.h"
#include "datasets/directory.h"
#include "datasets/keys.h"
#include "datasets/side_by_side.h"

namespace weir::datasets {
namespace {

using backup::BackedUpDataset;
using backup::ObjectCounts;
using Sizes = std::unordered_map<std::string, std::uint64_t>;  // by "blocks/f1620…"

// A chain that has no name yet, or none any more, is a dataset too.
Result<std::string> NameOf(control::Snapshot& cut, const odf::DatasetId& id) {
  const auto entry = FindDataset(cut, id);
  if (entry) return entry->workspace + "/" + entry->name;
  if (entry.error().code == ErrorCode::kNotFound) return std::string();
  return entry.error();
}

Error OfDataset(const BackedUpDataset& dataset, Error error) {
  // A block leads to it, so that it is not there is damage.
  if (error.code == ErrorCode::kNotFound) error.code = ErrorCode::kCorrupt;
  error.message = fmt::format("dataset {}: {}", dataset.name.empty() ? dataset.id : dataset.name,
                              error.message);
  if (error.code == ErrorCode::kCorrupt && error.hint.empty()) {
    error.hint = "`weir verify` says more; nothing was backed up that could not be restored";
  }
  return error;
}

Result<Sizes> SizesIn(const Context& context, const Repository& repository) {
  Sizes sizes;
  RETURN_IF_ERROR(repository.List(context, [&](const objects::ObjectInfo& object) {
    sizes.emplace(object.key, object.size);
    return Ok();
  }));
  return sizes;
}

bool IsThere(const Sizes& there, const ObjectToCopy& object) {
  const auto found = there.find(Repository::NameOf(object.part, object.hash));
  return found != there.end() && found->second == object.size;
}

// A backup that crashed may have left an object between rename and flush.
Status MakeLast(const Context& context, objects::ObjectStore& target, const odf::DatasetId& id,
                const ObjectToCopy& object) {
  const std::string key = fmt::format("{}{}/{}", backup::kDatasetsFolder, id.ToMultibase(),
                                      Repository::NameOf(object.part, object.hash));
  const auto writer = target.Create(context, key, IfExists::kFail);
  if (!writer && writer.error().code == ErrorCode::kAlreadyExists) return Ok();
  if (!writer) return writer.error();
  return Unavailable("{} went away while it was backed up", key);
}

// Blocks and small slices that the cut itself holds, as their repository is going to.
class PendingObjects {
 public:
  static Result<PendingObjects> Read(control::Snapshot& cut, const odf::DatasetId& id) {
    PendingObjects pending;
    for (const std::string_view part : {"block", "slice"}) {
      control::ScanOptions page{.limit = 64};  // of up to 256 KiB
      for (bool more = true; more;) {
        ASSIGN_OR_RETURN(auto entries, cut.Scan(PendingKey(id).With(part), page));
        more = entries.size() == page.limit;
        if (more) page.after = entries.back().key;
        for (control::Entry& entry : entries) pending.Add(std::move(entry.value));
      }
    }
    return pending;
  }

  bool empty() const { return values_.empty(); }
  const std::string* Find(const ObjectToCopy& object) const {
    const auto found = values_.find(object.hash);
    return found == values_.end() ? nullptr : &found->second;
  }

 private:
  void Add(std::string value) {
    const Multihash hash = Multihash::Sha3Of(AsBytes(value));
    values_.emplace(hash, std::move(value));
  }

  std::map<Multihash, std::string> values_;
};

}  // namespace

Repository CopyOf(objects::ObjectStore& backups, const odf::DatasetId& id) {
  return {backups, fmt::format("{}{}/", backup::kDatasetsFolder, id.ToMultibase())};
}

Status DatasetCopies::Hold(const Context& context) {
  ASSIGN_OR_RETURN(pin_, Pin::TakeOfAll(context, chains_.store(), clock_.Now()));
  return Ok();
}

Status DatasetCopies::Note(const Context& context, control::Snapshot& cut,
                           objects::ObjectStore& target,
                           std::span<const BackedUpDataset> previous) {
  std::map<std::string_view, std::string_view> heads;
  for (const BackedUpDataset& dataset : previous) heads.emplace(dataset.id, dataset.head);
  control::ScanOptions page;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(const auto entries, cut.Scan(HeadsKey(), page));
    for (const control::Entry& entry : entries) {
      RETURN_IF_ERROR(context.Check());
      Noted noted;
      ASSIGN_OR_RETURN(noted.id, IdIn(entry.key));
      noted.dataset.id = noted.id.ToMultibase();
      ASSIGN_OR_RETURN(noted.dataset.name, NameOf(cut, noted.id));
      ASSIGN_OR_RETURN(const Multihash head, HeadIn(noted.id, entry.value));
      noted.dataset.head = head.ToText();
      if (Status done = NoteOne(context, cut, target, noted); !done) {
        return OfDataset(noted.dataset, std::move(done).error());
      }
      const auto known = heads.find(noted.dataset.id);
      for (const Reference& reference : noted.references) {
        const bool is_block = reference.object.part == Repository::Part::kBlock;
        if (!is_block || known == heads.end()) continue;
        if (reference.object.hash.ToText() == known->second) {
          noted.lasting = reference.sequence_number;
        }
      }
      noted_.push_back(std::move(noted));
    }
    more = entries.size() == page.limit;
    if (more) page.after = entries.back().key;
  }
  return Ok();
}

Status DatasetCopies::NoteOne(const Context& context, control::Snapshot& cut,
                              objects::ObjectStore& target, Noted& noted) {
  const Repository ours = chains_.RepositoryOf(noted.id);
  ASSIGN_OR_RETURN(const Checkpoints checkpoints, CheckpointsIn(context, ours));
  ASSIGN_OR_RETURN(noted.references, ReferencedObjects(context, cut, ours, noted.id, checkpoints));
  ASSIGN_OR_RETURN(const PendingObjects pending, PendingObjects::Read(cut, noted.id));
  if (pending.empty()) return Ok();
  const Repository copy = CopyOf(target, noted.id);
  ASSIGN_OR_RETURN(const Sizes there, SizesIn(context, copy));
  std::vector<std::pair<const ObjectToCopy*, const std::string*>> lacking;
  for (const Reference& reference : noted.references) {
    const std::string* const bytes = pending.Find(reference.object);
    if (bytes == nullptr || IsThere(there, reference.object)) continue;
    lacking.emplace_back(&reference.object, bytes);
    stored_.new_objects += 1;
    stored_.new_bytes += reference.object.size;
  }
  return SideBySide(lacking.size(), UsualThreads(), [&](std::size_t i) {
    const auto& [object, bytes] = lacking[i];
    if (object->part == Repository::Part::kBlock) {
      return copy.PutBlock(context, object->hash, AsBytes(*bytes));
    }
    return copy.PutSlice(context, object->hash, AsBytes(*bytes));
  });
}

Result<std::vector<BackedUpDataset>> DatasetCopies::Copy(const Context& context,
                                                         objects::ObjectStore& target,
                                                         ObjectCounts& done,
                                                         const backup::OnObjects& on_objects) {
  done = stored_;
  CountedCopy counted(done, on_objects);
  std::vector<BackedUpDataset> datasets;
  for (const Noted& noted : noted_) {
    const Repository copy = CopyOf(target, noted.id);
    ASSIGN_OR_RETURN(const Sizes there, SizesIn(context, copy));
    std::vector<ObjectToCopy> lacking;
    std::vector<ObjectToCopy> unsure;
    for (const Reference& reference : noted.references) {
      const ObjectToCopy& object = reference.object;
      if (!IsThere(there, object)) {
        lacking.push_back(object);
        continue;
      }
      if (!noted.lasting || reference.sequence_number > *noted.lasting) unsure.push_back(object);
      counted.Count(object, false);
    }
    RETURN_IF_ERROR(SideBySide(unsure.size(), UsualThreads(), [&](std::size_t i) {
      return MakeLast(context, target, noted.id, unsure[i]);
    }));
    CopyOptions options;
    options.on_object = [&](const ObjectToCopy& object) { counted.Count(object, true); };
    Status copied =
        CopyObjects(context, chains_.RepositoryOf(noted.id), copy, std::move(lacking), options);
    if (!copied) return OfDataset(noted.dataset, std::move(copied).error());
    datasets.push_back(noted.dataset);
  }
  return datasets;
}

}  // namespace weir::datasets
