#include "datasets/checked_slices.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "slices/physical_hash.h"

namespace weir::datasets {
namespace {

using File = std::shared_ptr<const ReadableFile>;

Status CheckSize(const ReadableFile& file, const odf::DataSlice& slice, std::string_view what) {
  if (file.size() == slice.size) return Ok();
  return Corrupt("{} has {} bytes, {} were written", what, file.size(), slice.size);
}

Status CheckHash(const Result<Multihash>& hash, const odf::DataSlice& slice,
                 std::string_view what) {
  if (!hash) return hash.error();
  if (*hash == slice.physical_hash) return Ok();
  return Corrupt("{} is not what was written", what);
}

std::string NameOf(const odf::DataSlice& slice) { return "slice " + slice.physical_hash.ToText(); }

}  // namespace

Status CheckBytes(const Context& context, File file, const odf::DataSlice& slice,
                  std::string_view what) {
  RETURN_IF_ERROR(CheckSize(*file, slice, what));
  return CheckHash(slices::PhysicalHashes(context, {&file, 1}).front(), slice, what);
}

// Slices that nobody else hashes meanwhile: the one that is wanted, and those beside it.
class CheckedSlices::Claim {
 public:
  explicit Claim(CheckedSlices& known) : known_(known) {}
  ~Claim() {
    const std::lock_guard lock(known_.mutex_);
    for (const odf::DataSlice* slice : slices_) known_.claimed_.erase(slice->physical_hash);
    known_.changed_.notify_all();
  }
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;

  /// False: the wanted one was checked, maybe while this waited for another who did it.
  bool Take(const SliceInGroup& wanted) {
    std::unique_lock lock(known_.mutex_);
    const Multihash& hash = wanted.slice().physical_hash;
    known_.changed_.wait(lock, [&] { return !known_.claimed_.contains(hash); });
    if (known_.checked_.contains(hash)) return false;
    slices_.reserve(wanted.group.size());
    Add(wanted.slice());
    for (const odf::DataSlice& beside : wanted.group) Add(beside);
    return true;
  }

  /// Of the one that is wanted; the others are as good as not asked for when something is wrong.
  Status Check(const Context& context, const File& file, const Open& open) {
    std::vector<const odf::DataSlice*> slices = {slices_.front()};
    std::vector<File> files = {file};
    RETURN_IF_ERROR(CheckSize(*file, *slices.front(), NameOf(*slices.front())));
    for (const odf::DataSlice* beside : std::span(slices_).subspan(1)) {
      auto opened = open(*beside);
      if (!opened || !CheckSize(**opened, *beside, "")) continue;
      slices.push_back(beside);
      files.push_back(*std::move(opened));
    }
    const auto hashes = slices::PhysicalHashes(context, files);
    for (std::size_t i = 1; i < slices.size(); ++i) {
      if (CheckHash(hashes[i], *slices[i], "")) known_.NoteWritten(slices[i]->physical_hash);
    }
    RETURN_IF_ERROR(CheckHash(hashes.front(), *slices.front(), NameOf(*slices.front())));
    known_.NoteWritten(slices.front()->physical_hash);
    return Ok();
  }

 private:
  // Under the lock.
  void Add(const odf::DataSlice& slice) {
    if (known_.checked_.contains(slice.physical_hash)) return;
    if (known_.claimed_.insert(slice.physical_hash).second) slices_.push_back(&slice);
  }

  CheckedSlices& known_;
  std::vector<const odf::DataSlice*> slices_;
};

Result<File> CheckedSlices::OpenChecked(const Context& context, const SliceInGroup& wanted,
                                        const Open& open) {
  ASSIGN_OR_RETURN(File file, open(wanted.slice()));
  Claim claim(*this);
  if (claim.Take(wanted)) RETURN_IF_ERROR(claim.Check(context, file, open));
  return file;
}

void CheckedSlices::NoteWritten(const Multihash& physical_hash) {
  const std::lock_guard lock(mutex_);
  checked_.insert(physical_hash);
}

}  // namespace weir::datasets
