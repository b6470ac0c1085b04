#include "datasets/cache_part.h"

#include <algorithm>

namespace weir::datasets {
namespace {

struct Candidate {
  CachePart* part = nullptr;
  CacheEntry entry;
};

Result<std::vector<std::string>> NamesIn(const Files& files,
                                         const std::filesystem::path& directory) {
  auto names = files.List(directory);
  if (!names && names.error().code == ErrorCode::kNotFound) return std::vector<std::string>();
  return names;
}

// Its files come and go meanwhile.
Status Measure(const Files& files, const std::filesystem::path& directory, CacheEntry& entry) {
  ASSIGN_OR_RETURN(const auto names, NamesIn(files, directory));
  for (const std::string& name : names) {
    const auto info = files.Stat(directory / name);
    if (!info && info.error().code == ErrorCode::kNotFound) continue;
    if (!info) return info.error();
    entry.bytes += info->size;
    entry.used = std::max(entry.used, info->modified);
  }
  return Ok();
}

}  // namespace

Result<Evicted> KeepWithin(const Context& context, std::span<CachePart* const> parts,
                           std::uint64_t most_bytes) {
  std::vector<Candidate> candidates;
  std::uint64_t bytes = 0;
  for (CachePart* part : parts) {
    ASSIGN_OR_RETURN(auto entries, part->Entries());
    for (CacheEntry& entry : entries) {
      bytes += entry.bytes;
      candidates.push_back({.part = part, .entry = std::move(entry)});
    }
  }
  std::ranges::sort(candidates, {}, [](const Candidate& each) { return each.entry.used; });
  Evicted evicted;
  Status first = Ok();
  for (const Candidate& each : candidates) {
    if (bytes <= most_bytes) return evicted;
    RETURN_IF_ERROR(context.Check());
    Status gone = each.part->Evict(context, each.entry.id);
    if (!gone) {
      if (first) first = std::move(gone);
      continue;
    }
    bytes -= each.entry.bytes;
    evicted.entries += 1;
    evicted.bytes += each.entry.bytes;
  }
  if (bytes > most_bytes && !first) return std::move(first).error();
  return evicted;
}

Result<std::vector<CacheEntry>> DirectoryPart::Entries() const {
  return EntriesBelow(files_, directory_, uses_);
}

Result<std::uint64_t> DirectoryPart::KeptBytes(const odf::DatasetId& id) const {
  CacheEntry entry{.id = id};
  RETURN_IF_ERROR(Measure(files_, directory_ / id.ToMultibase(), entry));
  return entry.bytes;
}

Status DirectoryPart::Evict(const Context&, const odf::DatasetId& id) {
  return files_.RemoveTree(directory_ / id.ToMultibase());
}

void UseTimes::Note(const odf::DatasetId& id) {
  const Timestamp now = clock_.Now();
  const std::lock_guard lock(mutex_);
  times_[id] = now;
}

std::optional<Timestamp> UseTimes::Of(const odf::DatasetId& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = times_.find(id);
  return found == times_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<CacheEntry>> EntriesBelow(const Files& files,
                                             const std::filesystem::path& directory,
                                             const UseTimes& uses) {
  ASSIGN_OR_RETURN(const auto names, NamesIn(files, directory));
  std::vector<CacheEntry> entries;
  for (const std::string& name : names) {
    const auto id = odf::DatasetId::Parse("did:odf:" + name);
    if (!id) continue;  // not ours
    CacheEntry entry{.id = *id};
    RETURN_IF_ERROR(Measure(files, directory / name, entry));
    if (const auto used = uses.Of(*id)) entry.used = std::max(entry.used, *used);
    if (entry.bytes > 0) entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace weir::datasets
