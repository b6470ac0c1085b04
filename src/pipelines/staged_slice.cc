#include "pipelines/staged_slice.h"

#include <fmt/format.h>

#include "base/memory_file.h"
#include "base/rng.h"
#include "datasets/append.h"

namespace weir::pipelines {

StagedSlice::~StagedSlice() {
  file_.reset();
  if (path_.empty()) return;
  // A file that stays is removed when the home is opened again.
  [[maybe_unused]] const Status removed = files_.Remove(path_);
}

Status StagedSlice::Write(ByteView bytes) {
  if (!file_) {
    if (content_.size() + bytes.size() <= datasets::kMostPendingBytes) {
      content_.append(AsText(bytes));
      return Ok();
    }
    RETURN_IF_ERROR(MoveToFile());
  }
  return file_->Append(bytes);
}

Status StagedSlice::MoveToFile() {
  RETURN_IF_ERROR(files_.CreateDirectories(scratch_));
  path_ = scratch_ / fmt::format("slice-{:016x}", SystemRng().Next());
  ASSIGN_OR_RETURN(file_, files_.Create(path_, IfExists::kFail));
  RETURN_IF_ERROR(file_->Append(AsBytes(content_)));
  content_ = {};
  return Ok();
}

Result<std::shared_ptr<const ReadableFile>> StagedSlice::Open() const {
  if (!file_) return FileOf(content_);
  ASSIGN_OR_RETURN(auto file, files_.Open(path_));
  return std::shared_ptr<const ReadableFile>(std::move(file));
}

Result<std::optional<std::string>> StagedSlice::Settle(const Context& context,
                                                       datasets::ChainStore& chains,
                                                       const odf::DatasetId& dataset,
                                                       const Multihash& physical_hash) {
  chains.NoteWritten(physical_hash);
  if (!file_) return std::optional(std::move(content_));
  RETURN_IF_ERROR(file_->Close());
  RETURN_IF_ERROR(chains.RepositoryOf(dataset).PutSliceFile(context, physical_hash, files_, path_));
  path_.clear();
  return std::optional<std::string>();
}

}  // namespace weir::pipelines
