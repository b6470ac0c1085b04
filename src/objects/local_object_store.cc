#include "objects/local_object_store.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "objects/object_key.h"

namespace weir::objects {
namespace {

constexpr std::string_view kTemporary = ".tmp-";

// The number tells apart the writers of this process, the pid those of others.
Files::Path TemporaryBeside(const Files::Path& path) {
  static std::atomic<std::uint64_t> count{0};
  return path.parent_path() / fmt::format("{}{}-{}-{}", kTemporary, getpid(), count.fetch_add(1),
                                          path.filename().string());
}

// Whoever wrote what is there may have failed between rename and sync.
Error AlreadyThere(Files& files, const Files::Path& path) {
  if (Status durable = files.MakeDurable(path); !durable) return std::move(durable).error();
  return AlreadyExists("object {}", path.string());
}

class LocalWriter final : public ObjectWriter {
 public:
  LocalWriter(Context context, Files& files, Files::Path path, IfExists if_exists)
      : context_(std::move(context)),
        files_(files),
        path_(std::move(path)),
        temporary_(TemporaryBeside(path_)),
        if_exists_(if_exists) {}

  ~LocalWriter() override {
    if (file_ == nullptr) return;
    file_.reset();
    (void)files_.Remove(temporary_);  // if it stays, it is hidden
  }

  Status Begin() {
    auto file = files_.Create(temporary_, IfExists::kFail);
    for (int next = 0; !file && file.error().code == ErrorCode::kAlreadyExists && next < 100;
         ++next) {
      temporary_ = TemporaryBeside(path_);  // a crashed process of the same pid left it
      file = files_.Create(temporary_, IfExists::kFail);
    }
    if (!file && file.error().code == ErrorCode::kNotFound) {
      RETURN_IF_ERROR(files_.CreateDirectories(path_.parent_path()));
      file = files_.Create(temporary_, IfExists::kFail);
    }
    if (!file) return std::move(file).error();
    file_ = std::move(file).value();
    return Ok();
  }

  Status Write(ByteView bytes) override {
    RETURN_IF_ERROR(context_.Check());
    return file_->Append(bytes);
  }

  Status Commit() override {
    RETURN_IF_ERROR(context_.Check());
    RETURN_IF_ERROR(file_->Sync());
    RETURN_IF_ERROR(file_->Close());
    if (if_exists_ == IfExists::kFail) {
      ASSIGN_OR_RETURN(const bool exists, files_.Exists(path_));
      if (exists) return AlreadyThere(files_, path_);
    }
    RETURN_IF_ERROR(files_.Rename(temporary_, path_));
    file_.reset();  // there is no temporary any more
    return files_.SyncDirectory(path_.parent_path());
  }

 private:
  const Context context_;
  Files& files_;
  const Files::Path path_;
  Files::Path temporary_;
  const IfExists if_exists_;
  std::unique_ptr<WritableFile> file_;
};

class LocalSource final : public ByteSource {
 public:
  LocalSource(Context context, std::unique_ptr<ReadableFile> file, ByteRange range)
      : context_(std::move(context)), file_(std::move(file)) {
    position_ = std::min(range.offset, file_->size());
    end_ = position_ + std::min(range.length.value_or(file_->size()), file_->size() - position_);
    size_ = end_ - position_;
  }

  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    RETURN_IF_ERROR(context_.Check());
    const std::uint64_t wanted = std::min<std::uint64_t>(buffer.size(), end_ - position_);
    ASSIGN_OR_RETURN(const std::size_t count, file_->Read(position_, buffer.first(wanted)));
    position_ += count;
    return count;
  }

  std::optional<std::uint64_t> Size() const override { return size_; }

 private:
  const Context context_;
  const std::unique_ptr<ReadableFile> file_;
  std::uint64_t position_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace

Result<std::unique_ptr<ObjectWriter>> LocalObjectStore::Create(const Context& context,
                                                               std::string_view key,
                                                               IfExists if_exists) {
  RETURN_IF_ERROR(CheckKey(key));
  RETURN_IF_ERROR(context.Check());
  if (if_exists == IfExists::kFail) {
    ASSIGN_OR_RETURN(const bool exists, Exists(context, key));
    if (exists) return AlreadyThere(files_, root_ / key);
  }
  auto writer = std::make_unique<LocalWriter>(context, files_, root_ / key, if_exists);
  RETURN_IF_ERROR(writer->Begin());
  return writer;
}

Result<std::unique_ptr<ByteSource>> LocalObjectStore::Get(const Context& context,
                                                          std::string_view key, ByteRange range) {
  RETURN_IF_ERROR(CheckKey(key));
  RETURN_IF_ERROR(context.Check());
  auto file = files_.Open(root_ / key);
  if (!file) {
    // A directory is no object.
    if (file.error().code != ErrorCode::kNotFound && file.error().code != ErrorCode::kInvalid) {
      return std::move(file).error();
    }
    return NotFound("object {} in {}", key, ToString());
  }
  return std::make_unique<LocalSource>(context, std::move(file).value(), range);
}

Result<ObjectInfo> LocalObjectStore::Stat(const Context& context, std::string_view key) {
  RETURN_IF_ERROR(CheckKey(key));
  RETURN_IF_ERROR(context.Check());
  const auto info = files_.Stat(root_ / key);
  if (!info && info.error().code != ErrorCode::kNotFound) return info.error();
  if (!info || info->is_directory) return NotFound("object {} in {}", key, ToString());
  return ObjectInfo{.key = std::string(key), .size = info->size, .modified = info->modified};
}

Status LocalObjectStore::List(const Context& context, std::string_view prefix, const Visit& visit) {
  const std::string directory(DirectoryOf(prefix));
  if (!directory.empty()) {
    RETURN_IF_ERROR(CheckKey(std::string_view(directory).substr(0, directory.size() - 1)));
  }
  return Walk(context, directory, prefix, visit);
}

Status LocalObjectStore::Walk(const Context& context, const std::string& directory,
                              std::string_view prefix, const Visit& visit) {
  RETURN_IF_ERROR(context.Check());
  const auto names = files_.List(root_ / directory);
  if (!names) {
    if (names.error().code == ErrorCode::kNotFound)
      return Ok();  // nothing was put there, or it went
    return names.error();
  }
  for (const std::string& name : *names) {
    const std::string key = directory + name;
    // A directory may lead to the prefix, be within it, or neither.
    const std::size_t common = std::min(key.size(), prefix.size());
    if (name.front() == '.' || key.compare(0, common, prefix, 0, common) != 0) continue;
    const auto info = files_.Stat(root_ / key);
    if (!info && info.error().code == ErrorCode::kNotFound) continue;  // deleted meanwhile
    if (!info) return info.error();
    if (info->is_directory) {
      RETURN_IF_ERROR(Walk(context, key + "/", prefix, visit));
    } else if (key.size() >= prefix.size()) {
      RETURN_IF_ERROR(visit({.key = key, .size = info->size, .modified = info->modified}));
    }
  }
  return Ok();
}

Status LocalObjectStore::Delete(const Context& context, std::string_view key) {
  ASSIGN_OR_RETURN(const bool exists, Exists(context, key));
  if (!exists) return Ok();  // or it is a directory, which is no object
  Status removed = files_.Remove(root_ / key);
  if (!removed && removed.error().code == ErrorCode::kNotFound) return Ok();
  return removed;
}

Status LocalObjectStore::PutFile(const Context& context, std::string_view key, Files& files,
                                 const Files::Path& path) {
  if (&files != &files_) return ObjectStore::PutFile(context, key, files, path);
  RETURN_IF_ERROR(CheckKey(key));
  RETURN_IF_ERROR(context.Check());
  const Files::Path object = root_ / key;
  RETURN_IF_ERROR(files_.SyncFile(path));
  RETURN_IF_ERROR(files_.CreateDirectories(object.parent_path()));
  // Between two disks nothing can be moved.
  if (!files_.Rename(path, object)) return ObjectStore::PutFile(context, key, files, path);
  return files_.SyncDirectory(object.parent_path());
}

Status LocalObjectStore::RemoveLeftovers(const Context& context, Timestamp before) {
  return RemoveLeftoversIn(context, root_, before);
}

Status LocalObjectStore::RemoveLeftoversIn(const Context& context, const Files::Path& directory,
                                           Timestamp before) {
  RETURN_IF_ERROR(context.Check());
  const auto names = files_.List(directory);
  if (!names) return names.error().code == ErrorCode::kNotFound ? Ok() : Status(names.error());
  for (const std::string& name : *names) {
    const auto info = files_.Stat(directory / name);
    if (!info) continue;  // gone meanwhile
    if (info->is_directory) {
      RETURN_IF_ERROR(RemoveLeftoversIn(context, directory / name, before));
    } else if (name.starts_with(kTemporary) && info->modified < before) {
      (void)files_.Remove(directory / name);  // next time, then
    }
  }
  return Ok();
}

}  // namespace weir::objects
