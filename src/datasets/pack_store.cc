#include "datasets/pack_store.h"

#include <algorithm>
#include <utility>

#include "datasets/lost_files.h"

namespace weir::datasets {
namespace {

constexpr const char* kRecordFile = "packed.json";

bool Overlap(const PackedRecord& one, const PackedRecord& other) {
  return one.first_offset <= other.last_offset && other.first_offset <= one.last_offset;
}

PackedFiles LostOf(const Files& files, const std::filesystem::path& directory,
                   const PackedFiles& packed) {
  PackedFiles lost;
  for (const auto& file : packed) {
    const CachedFile& written = file->record().file;
    const bool is_there = IsThere(files, directory / written.name, written.row.slice.size);
    if (!is_there || file->is_lost()) lost.push_back(file);
  }
  return lost;
}

std::uint64_t FirstOffset(const std::shared_ptr<PackedFile>& file) {
  return file->record().first_offset;
}

}  // namespace

std::filesystem::path PackStore::DirectoryOf(const odf::DatasetId& id) const {
  return directory_ / id.ToMultibase();
}

Result<std::shared_ptr<const PackedFiles>> PackStore::Find(const Context& context,
                                                           const odf::DatasetId& id) {
  uses_.Note(id);
  if (auto known = Known(id)) {
    const PackedFiles lost = LostOf(files_, DirectoryOf(id), *known);
    if (lost.empty()) return known;
    RETURN_IF_ERROR(DropKnown(id, lost));
    return Known(id);
  }
  // What is loaded is tidied up too, which nobody may do beside one who writes.
  const std::lock_guard one_at_a_time(changing_);
  if (auto known = Known(id)) return known;
  ASSIGN_OR_RETURN(PackedFiles loaded, Load(context, id));
  const std::lock_guard lock(mutex_);
  return known_.emplace(id, std::make_shared<const PackedFiles>(std::move(loaded))).first->second;
}

std::shared_ptr<const PackedFiles> PackStore::Known(const odf::DatasetId& id) {
  const std::lock_guard lock(mutex_);
  const auto known = known_.find(id);
  return known == known_.end() ? nullptr : known->second;
}

// Fails only as `context` asks: whatever else keeps files from being read, the slices are there.
Result<PackedFiles> PackStore::Load(const Context& context, const odf::DatasetId& id) const {
  const auto directory = DirectoryOf(id);
  std::vector<PackedRecord> records;
  const auto content = files_.ReadAll(directory / kRecordFile);
  auto decoded =
      content ? DecodePackedRecords(*content) : Result<std::vector<PackedRecord>>(content.error());
  if (decoded) {
    records = *std::move(decoded);
  } else if (IsDamage(decoded.error())) {
    (void)files_.RemoveTree(directory);
  }
  std::vector<CachedFile> written;
  for (const PackedRecord& record : records) written.push_back(record.file);
  const auto whole = AreWhole(context, files_, directory, written);
  RETURN_IF_ERROR(context.Check());
  PackedFiles packed;
  std::vector<std::string> kept = {kRecordFile};
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!whole[i]) continue;
    kept.push_back(records[i].file.name);
    packed.push_back(std::make_shared<PackedFile>(files_, directory, std::move(records[i])));
  }
  RemoveOthers(files_, directory, kept);
  return packed;
}

Status PackStore::Replace(const odf::DatasetId& id, PackedFiles packed) {
  std::vector<PackedRecord> records;
  for (const auto& file : packed) records.push_back(file->record());
  const auto path = DirectoryOf(id) / kRecordFile;
  RETURN_IF_ERROR(files_.WriteDurably(path, AsBytes(Encode(records))));
  const std::lock_guard lock(mutex_);
  known_[id] = std::make_shared<const PackedFiles>(std::move(packed));
  return Ok();
}

Status PackStore::Put(const Context& context, const odf::DatasetId& id, PackedRecord made) {
  const auto loaded = Find(context, id);
  if (!loaded) return loaded.error();
  const std::lock_guard one_at_a_time(changing_);
  const auto before = Known(id);
  PackedFiles packed;
  PackedFiles replaced;
  for (const auto& file : *before) {
    (Overlap(file->record(), made) ? replaced : packed).push_back(file);
  }
  auto file = std::make_shared<PackedFile>(files_, DirectoryOf(id), std::move(made));
  packed.insert(std::ranges::upper_bound(packed, FirstOffset(file), {}, FirstOffset), file);
  Status put = Replace(id, std::move(packed));
  if (!put) file->Retire();
  for (const auto& old : put ? replaced : PackedFiles{}) old->Retire();
  return put;
}

Status PackStore::Drop(const Context& context, const odf::DatasetId& id, const PackedFiles& gone) {
  const auto loaded = Find(context, id);
  if (!loaded) return loaded.error();
  return DropKnown(id, gone);
}

Status PackStore::DropKnown(const odf::DatasetId& id, const PackedFiles& gone) {
  const std::lock_guard one_at_a_time(changing_);
  const auto before = Known(id);
  PackedFiles packed;
  for (const auto& file : *before) {
    if (std::ranges::find(gone, file) == gone.end()) packed.push_back(file);
  }
  if (packed.size() == before->size()) return Ok();
  // A record that cannot be written names files that the next process leaves aside by itself.
  if (!Replace(id, packed)) {
    const std::lock_guard lock(mutex_);
    known_[id] = std::make_shared<const PackedFiles>(std::move(packed));
  }
  for (const auto& file : gone) file->Retire();
  TellGone(id);
  return Ok();
}

Result<std::vector<CacheEntry>> PackStore::Entries() const {
  return EntriesBelow(files_, directory_, uses_);
}

Status PackStore::Evict(const Context&, const odf::DatasetId& id) {
  const std::lock_guard one_at_a_time(changing_);
  const auto known = Known(id);
  // Nobody reads what was not loaded, nor writes beside it.
  if (!known) return files_.RemoveTree(DirectoryOf(id));
  const Status removed = files_.Remove(DirectoryOf(id) / kRecordFile);
  if (!removed && removed.error().code != ErrorCode::kNotFound) return removed.error();
  for (const auto& file : *known) file->Retire();
  {
    const std::lock_guard lock(mutex_);
    known_[id] = std::make_shared<const PackedFiles>();
  }
  TellGone(id);
  return Ok();
}

void PackStore::OnGone(std::function<void(const odf::DatasetId&)> forget) {
  const std::lock_guard lock(mutex_);
  forget_ = std::move(forget);
}

void PackStore::TellGone(const odf::DatasetId& id) {
  std::function<void(const odf::DatasetId&)> forget;
  {
    const std::lock_guard lock(mutex_);
    forget = forget_;
  }
  if (forget) forget(id);
}

Result<std::uint64_t> PackStore::KeptBytes(const odf::DatasetId& id) const {
  return BytesIn(files_, DirectoryOf(id));
}

std::shared_ptr<engine::FilterTally> PackStore::TallyOf(const odf::DatasetId& id) {
  const std::lock_guard lock(mutex_);
  auto& tally = tallies_[id];
  if (!tally) tally = std::make_shared<engine::FilterTally>();
  return tally;
}

}  // namespace weir::datasets
