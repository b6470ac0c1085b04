#include "datasets/verify_data.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <span>

#include "datasets/block_slice.h"
#include "datasets/copy_objects.h"
#include "datasets/side_by_side.h"
#include "slices/check_slice.h"
#include "slices/physical_hash.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kSlicesAtOnce = 8;  // as many as are hashed side by side

// Each group of slices keeps about two cores busy.
std::size_t GroupsAtOnce() { return std::max<std::size_t>(1, UsualThreads() / 2); }

}  // namespace

Error InBlock(const Multihash& block, const Error& error) {
  const ErrorCode code = error.code == ErrorCode::kNotFound ? ErrorCode::kCorrupt : error.code;
  return Error{code, fmt::format("block {}: {}", block.ToText(), error.message), error.hint};
}

void DataVerifier::Add(const Multihash& block, const odf::MetadataEvent& event,
                       const odf::SetVocab& vocab) {
  if (const odf::DataSlice* slice = SliceOf(event)) {
    waiting_.push_back({block, Repository::Part::kSlice, *slice, vocab});
  }
  if (const odf::Checkpoint* checkpoint = CheckpointOf(event)) {
    const odf::DataSlice object{.physical_hash = checkpoint->physical_hash,
                                .size = checkpoint->size};
    waiting_.push_back({block, Repository::Part::kCheckpoint, object, vocab});
  }
}

bool DataVerifier::IsFull() const { return waiting_.size() >= GroupsAtOnce() * kSlicesAtOnce; }

Result<std::uint64_t> DataVerifier::Flush() {
  const Status checked = Check();
  DropNear();
  std::uint64_t bytes = 0;
  for (const Waiting& waiting : waiting_) bytes += waiting.slice.size;
  waiting_.clear();
  if (!checked) return checked.error();
  return bytes;
}

Status DataVerifier::Check() {
  if (waiting_.empty()) return Ok();
  if (brings_near_) RETURN_IF_ERROR(BringNear());
  const std::size_t groups = GroupsAtOnce();
  const std::size_t size =
      std::clamp<std::size_t>((waiting_.size() + groups - 1) / groups, 1, kSlicesAtOnce);
  return SideBySide((waiting_.size() + size - 1) / size, groups, [&](std::size_t i) {
    const auto rest = std::span<const Waiting>(waiting_).subspan(i * size);
    return CheckGroup(rest.first(std::min(size, rest.size())));
  });
}

Status DataVerifier::CheckGroup(std::span<const Waiting> group) {
  RETURN_IF_ERROR(CheckSlices(group));
  for (const Waiting& waiting : group) {
    if (waiting.part == Repository::Part::kCheckpoint) RETURN_IF_ERROR(CheckCheckpoint(waiting));
  }
  return Ok();
}

Result<DataParts::File> DataVerifier::Open(const Waiting& waiting) {
  auto file = OpenAnywhere(waiting);
  if (!file) return InBlock(waiting.block, file.error());
  return file;
}

Result<DataParts::File> DataVerifier::OpenAnywhere(const Waiting& waiting) {
  const bool is_slice = waiting.part == Repository::Part::kSlice;
  const Multihash& hash = waiting.slice.physical_hash;
  if (!brings_near_) return is_slice ? parts_.Slice(waiting.slice) : parts_.Checkpoint(hash);
  const Repository near(*scratch_, "");
  return is_slice ? near.OpenSlice(context_, hash) : near.OpenCheckpoint(context_, hash);
}

Status DataVerifier::CheckSlices(std::span<const Waiting> group) {
  std::vector<slices::SliceToCheck> checks;
  std::vector<Multihash> blocks;
  Status opened;
  for (const Waiting& waiting : group) {
    if (waiting.part != Repository::Part::kSlice) continue;
    auto file = Open(waiting);
    if (!file) {
      opened = std::move(file).error();  // after those before it
      break;
    }
    checks.push_back({.file = *std::move(file),
                      .slice = waiting.slice,
                      .vocab = waiting.vocab,
                      .finds_facts = false,
                      .known = [this, &waiting] { return parts_.Facts(waiting.slice); }});
    blocks.push_back(waiting.block);
  }
  const auto reports = slices::CheckSlices(context_, checks);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (!reports[i]) return InBlock(blocks[i], reports[i].error());
  }
  return opened;
}

Status DataVerifier::CheckCheckpoint(const Waiting& waiting) {
  ASSIGN_OR_RETURN(const DataParts::File file, Open(waiting));
  const auto hash = std::move(slices::PhysicalHashes(context_, {&file, 1})[0]);
  if (!hash) return InBlock(waiting.block, hash.error());
  if (file->size() == waiting.slice.size && *hash == waiting.slice.physical_hash) return Ok();
  return Corrupt("block {}: checkpoint {} is not what was written", waiting.block.ToText(),
                 waiting.slice.physical_hash.ToText());
}

Status DataVerifier::BringNear() {
  std::vector<ObjectToCopy> objects;
  for (const Waiting& waiting : waiting_) {
    objects.push_back({waiting.part, waiting.slice.physical_hash, waiting.slice.size});
  }
  std::mutex mutex;
  std::optional<Multihash> failed;
  const CopyOptions options{.on_failed = [&](const ObjectToCopy& object) {
    const std::lock_guard lock(mutex);
    if (!failed) failed = object.hash;
  }};
  const Status copied =
      CopyObjects(context_, *parts_.far(), Repository(*scratch_, ""), objects, options);
  if (copied || !failed) return copied;
  const auto bad = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& waiting) {
    return waiting.slice.physical_hash == *failed;
  });
  return InBlock(bad->block, copied.error());
}

void DataVerifier::DropNear() {
  if (!brings_near_) return;
  const Repository near(*scratch_, "");
  for (const Waiting& waiting : waiting_) {
    // What stays is only room in a directory that goes as a whole.
    (void)near.Delete(context_, Repository::NameOf(waiting.part, waiting.slice.physical_hash));
  }
}

}  // namespace weir::datasets
