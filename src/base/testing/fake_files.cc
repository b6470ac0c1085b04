#include "base/testing/fake_files.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <optional>
#include <utility>

#include "base/guarded_by.h"
#include "base/testing/fake_disk.h"

namespace weir {

// The disk and the plan of what fails. Every call holds the mutex to its end.
class FakeFiles::State {
 public:
  explicit State(const Clock& clock) : clock_(clock) {}

  std::mutex& mutex() { return mutex_; }
  FakeDisk& disk() { return disk_; }
  Timestamp Now() const { return clock_.Now(); }

  // Counts a call; the error it shall fail with, if it is its turn.
  Status Enter(std::string_view verb, const Path& path) {
    const int call = calls_++;
    if (!failing_call_ || call < *failing_call_) return Ok();
    if (!is_out_) failing_call_.reset();
    return Error{failing_code_, fmt::format("{} {}: told to fail", verb, path.string()), {}};
  }

  void FailCall(int nth, ErrorCode code) {
    failing_call_ = calls_ + nth;
    failing_code_ = code;
    is_out_ = false;
  }
  void FailFromCall(int nth) {
    FailCall(nth, ErrorCode::kUnavailable);
    is_out_ = true;
  }
  int calls() const { return calls_; }

  void FillDisk(std::uint64_t free_bytes, const Path& directory) {
    full_directory_ = directory;
    capacity_ = disk_.UsedBytes(directory) + free_bytes;
  }

  std::uint64_t FreeBytes(const Path& path) const {
    if (!capacity_ || !IsBelow(path, full_directory_)) return std::uint64_t{1} << 40;
    const std::uint64_t used = disk_.UsedBytes(full_directory_);
    return used < *capacity_ ? *capacity_ - used : 0;
  }

  // The power cuts so far; a file opened before the last one is dead.
  int cuts() const { return cuts_; }
  void CutPower(Rng* rng) {
    ++cuts_;
    failing_call_.reset();
    is_out_ = false;
    disk_.CutPower(rng);
  }

 private:
  const Clock& clock_;
  std::mutex mutex_;
  FakeDisk disk_;
  int calls_ = 0;
  std::optional<int> failing_call_;
  ErrorCode failing_code_ = ErrorCode::kUnavailable;
  bool is_out_ = false;  // all calls fail after that one
  std::optional<std::uint64_t> capacity_;
  Path full_directory_;
  int cuts_ = 0;
};

class FakeFiles::Reader final : public ReadableFile {
 public:
  Reader(Path path, std::shared_ptr<State> state, FakeDisk::NodePtr node)
      : path_(std::move(path)),
        state_(std::move(state)),
        node_(std::move(node)),
        cuts_(state_->cuts()),
        size_(node_->content.size()) {}

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> buffer) const override {
    const std::lock_guard lock(state_->mutex());
    RETURN_IF_ERROR(state_->Enter("read", path_));
    if (cuts_ != state_->cuts()) {
      return Unavailable("read {}: opened before the power cut", path_.string());
    }
    if (buffer.empty() || offset >= node_->content.size()) return std::size_t{0};
    const std::size_t count = std::min<std::size_t>(buffer.size(), node_->content.size() - offset);
    std::memcpy(buffer.data(), node_->content.data() + offset, count);
    return count;
  }

  std::uint64_t size() const override { return size_; }

 private:
  const Path path_;
  const std::shared_ptr<State> state_;
  const FakeDisk::NodePtr node_;
  const int cuts_;
  const std::uint64_t size_;
};

class FakeFiles::Writer final : public WritableFile {
 public:
  Writer(Path path, std::shared_ptr<State> state, FakeDisk::NodePtr node)
      : path_(std::move(path)),
        state_(std::move(state)),
        node_(std::move(node)),
        cuts_(state_->cuts()) {}

  Status Append(ByteView bytes) override {
    const std::lock_guard lock(state_->mutex());
    RETURN_IF_ERROR(Usable());
    if (Status turn = state_->Enter("write", path_); !turn) {
      Take(bytes.first(bytes.size() / 2));
      return Fail(std::move(turn).error());
    }
    const std::uint64_t room = state_->FreeBytes(path_);
    if (room < bytes.size()) {
      Take(bytes.first(room));
      return Fail(Exhausted("write {}: no space left on the device", path_.string()));
    }
    Take(bytes);
    return Ok();
  }

  Status Sync() override {
    const std::lock_guard lock(state_->mutex());
    RETURN_IF_ERROR(Usable());
    if (Status turn = state_->Enter("sync", path_); !turn) return Fail(std::move(turn).error());
    node_->durable_content = node_->content;
    return Ok();
  }

  Status Close() override {
    const std::lock_guard lock(state_->mutex());
    if (std::exchange(closed_, true)) return Ok();
    return state_->Enter("close", path_);
  }

 private:
  Status Usable() const {
    if (closed_) return Internal("write {}: the file is closed", path_.string());
    if (failed_) return Unavailable("write {}: an earlier write or sync failed", path_.string());
    if (cuts_ != state_->cuts()) {
      return Unavailable("write {}: opened before the power cut", path_.string());
    }
    return Ok();
  }

  void Take(ByteView bytes) {
    node_->content.append(AsText(bytes));
    node_->modified = state_->Now();
  }

  Error Fail(Error error) {
    failed_ = true;
    return error;
  }

  const Path path_;
  const std::shared_ptr<State> state_;
  const FakeDisk::NodePtr node_;
  const int cuts_;
  bool failed_ = false;
  bool closed_ = false;
};

FakeFiles::FakeFiles(const Clock& clock) : state_(std::make_shared<State>(clock)) {}
FakeFiles::~FakeFiles() = default;

void FakeFiles::FailCall(int nth, ErrorCode code) {
  const std::lock_guard lock(state_->mutex());
  state_->FailCall(nth, code);
}

int FakeFiles::calls() const {
  const std::lock_guard lock(state_->mutex());
  return state_->calls();
}

void FakeFiles::FailFromCall(int nth) {
  const std::lock_guard lock(state_->mutex());
  state_->FailFromCall(nth);
}

void FakeFiles::FillDisk(std::uint64_t free_bytes, const Path& directory) {
  const std::lock_guard lock(state_->mutex());
  state_->FillDisk(free_bytes, directory);
}

void FakeFiles::FlipBit(const Path& path, std::uint64_t bit) {
  const std::lock_guard lock(state_->mutex());
  FakeNode& node = **state_->disk().Find(path);
  WEIR_CHECK_MSG(!node.content.empty(), path.string());
  const std::size_t at = bit / 8 % node.content.size();
  const char mask = static_cast<char>(1U << (bit % 8));
  node.content[at] ^= mask;
  if (at < node.durable_content.size()) node.durable_content[at] ^= mask;
}

void FakeFiles::CutPower() {
  const std::lock_guard lock(state_->mutex());
  state_->CutPower(nullptr);
}

void FakeFiles::CutPower(Rng& rng) {
  const std::lock_guard lock(state_->mutex());
  state_->CutPower(&rng);
}

std::vector<Files::Path> FakeFiles::Paths() const {
  const std::lock_guard lock(state_->mutex());
  return state_->disk().FilePaths();
}

Files::Path FakeFiles::OnlyPath() const {
  const std::vector<Path> paths = Paths();
  WEIR_CHECK_MSG(paths.size() == 1, fmt::format("there are {} files", paths.size()));
  return paths.front();
}

Result<std::unique_ptr<ReadableFile>> FakeFiles::Open(const Path& path) const {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("open", path));
  ASSIGN_OR_RETURN(FakeDisk::NodePtr node, state_->disk().Find(path));
  if (node->is_directory) return Invalid("open {}: not a regular file", path.string());
  return std::make_unique<Reader>(path, state_, std::move(node));
}

Result<std::unique_ptr<WritableFile>> FakeFiles::Create(const Path& path, IfExists if_exists,
                                                        unsigned mode) {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("create", path));
  ASSIGN_OR_RETURN(FakeDisk::NodePtr node,
                   state_->disk().CreateFile(path, if_exists, mode, state_->Now()));
  return std::make_unique<Writer>(path, state_, std::move(node));
}

Result<FileInfo> FakeFiles::Stat(const Path& path) const {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("stat", path));
  ASSIGN_OR_RETURN(const FakeDisk::NodePtr node, state_->disk().Find(path));
  return FileInfo{.size = node->content.size(),
                  .modified = node->modified,
                  .is_directory = node->is_directory,
                  .mode = node->mode};
}

Result<std::vector<std::string>> FakeFiles::List(const Path& directory) const {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("list", directory));
  ASSIGN_OR_RETURN(const FakeDisk::NodePtr node, state_->disk().Find(directory));
  if (!node->is_directory) return NotFound("list {}: not a directory", directory.string());
  std::vector<std::string> names;
  for (const auto& [name, child] : node->entries) names.push_back(name);
  return names;
}

Status FakeFiles::CreateDirectories(const Path& path) {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("create directory", path));
  return state_->disk().MakeDirectories(path, state_->Now());
}

Status FakeFiles::Rename(const Path& from, const Path& to) {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("rename to", to));
  return state_->disk().Rename(from, to);
}

Status FakeFiles::Remove(const Path& path) {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("remove", path));
  return state_->disk().Remove(path);
}

Status FakeFiles::SyncFile(const Path& path) {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("sync", path));
  ASSIGN_OR_RETURN(const FakeDisk::NodePtr node, state_->disk().Find(path));
  if (node->is_directory) return state_->disk().SyncDirectory(path);
  node->durable_content = node->content;
  return Ok();
}

Status FakeFiles::SyncDirectory(const Path& directory) {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("sync directory", directory));
  return state_->disk().SyncDirectory(directory);
}

Status FakeFiles::SetMode(const Path& path, unsigned mode) {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("set mode of", path));
  ASSIGN_OR_RETURN(const FakeDisk::NodePtr node, state_->disk().Find(path));
  node->mode = mode;
  return Ok();
}

Result<std::uint64_t> FakeFiles::FreeSpace(const Path& path) const {
  const std::lock_guard lock(state_->mutex());
  RETURN_IF_ERROR(state_->Enter("look at free space of", path));
  return state_->FreeBytes(path);
}

}  // namespace weir
