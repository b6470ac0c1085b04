#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <utility>

#include "base/errno_error.h"
#include "base/files.h"

namespace weir {
namespace {

// Of one call. Larger writes take large pieces of page cache, and a virtual machine that gives free
// memory back to its host must fetch each of those anew: ten times the cost of the copy.
constexpr std::size_t kMostWritten = 16 << 10;

Error ErrnoOf(std::string_view verb, const Files::Path& path) {
  const int error_number = errno;  // before the formatting can change it
  return ErrnoError(error_number, fmt::format("{} {}", verb, path.string()));
}

// The one owner of an open descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() { (void)Close(); }

  int number() const { return number_; }

  // False, with errno, when the kernel reports an error only now. Linux frees the number anyhow.
  bool Close() {
    const int number = std::exchange(number_, -1);
    return number < 0 || ::close(number) == 0 || errno == EINTR;
  }

 private:
  int number_;
};

Result<Descriptor> OpenDescriptor(std::string_view verb, const Files::Path& path, int flags,
                                  unsigned mode = 0) {
  for (;;) {
    const int number = ::open(path.c_str(), flags | O_CLOEXEC, mode);
    if (number >= 0) return Descriptor(number);
    if (errno != EINTR) return ErrnoOf(verb, path);
  }
}

Timestamp ToTimestamp(const timespec& time) {
  return Timestamp{std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}};
}

class PosixReadableFile final : public ReadableFile {
 public:
  PosixReadableFile(Files::Path path, Descriptor descriptor, std::uint64_t size)
      : path_(std::move(path)), descriptor_(std::move(descriptor)), size_(size) {}

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> buffer) const override {
    std::size_t filled = 0;
    while (filled < buffer.size()) {
      const ssize_t count = ::pread(descriptor_.number(), buffer.data() + filled,
                                    buffer.size() - filled, static_cast<off_t>(offset + filled));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return ErrnoOf("read", path_);
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
    }
    return filled;
  }

  std::uint64_t size() const override { return size_; }

 private:
  const Files::Path path_;
  const Descriptor descriptor_;
  const std::uint64_t size_;
};

class PosixWritableFile final : public WritableFile {
 public:
  PosixWritableFile(Files::Path path, Descriptor descriptor)
      : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

  Status Append(ByteView bytes) override {
    RETURN_IF_ERROR(Usable());
    while (!bytes.empty()) {
      const ssize_t count =
          ::write(descriptor_.number(), bytes.data(), std::min(bytes.size(), kMostWritten));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Fail("write");
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return Ok();
  }

  Status Sync() override {
    RETURN_IF_ERROR(Usable());
    // fdatasync writes the length too, and spares the times.
    if (::fdatasync(descriptor_.number()) != 0) return Fail("sync");
    return Ok();
  }

  Status Close() override {
    if (!descriptor_.Close()) return Fail("close");
    return Ok();
  }

 private:
  Status Usable() const {
    if (failed_) return Unavailable("write {}: an earlier write or sync failed", path_.string());
    if (descriptor_.number() < 0) return Internal("write {}: the file is closed", path_.string());
    return Ok();
  }

  Error Fail(std::string_view verb) {
    failed_ = true;
    return ErrnoOf(verb, path_);
  }

  const Files::Path path_;
  Descriptor descriptor_;
  bool failed_ = false;
};

class PosixFilesImpl final : public Files {
 public:
  Result<std::unique_ptr<ReadableFile>> Open(const Path& path) const override {
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    ASSIGN_OR_RETURN(Descriptor descriptor, OpenDescriptor("open", path, O_RDONLY | O_NONBLOCK));
    struct stat info {};
    if (::fstat(descriptor.number(), &info) != 0) return ErrnoOf("open", path);
    if (!S_ISREG(info.st_mode)) return Invalid("open {}: not a regular file", path.string());
    return std::make_unique<PosixReadableFile>(path, std::move(descriptor),
                                               static_cast<std::uint64_t>(info.st_size));
  }

  Result<std::unique_ptr<WritableFile>> Create(const Path& path, IfExists if_exists,
                                               unsigned mode) override {
    const int on_exists = if_exists == IfExists::kReplace ? O_TRUNC : O_EXCL;
    ASSIGN_OR_RETURN(Descriptor descriptor,
                     OpenDescriptor("create", path, O_WRONLY | O_CREAT | on_exists, mode));
    return std::make_unique<PosixWritableFile>(path, std::move(descriptor));
  }

  Result<FileInfo> Stat(const Path& path) const override {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return ErrnoOf("stat", path);
    return FileInfo{.size = static_cast<std::uint64_t>(info.st_size),
                    .modified = ToTimestamp(info.st_mtim),
                    .is_directory = S_ISDIR(info.st_mode),
                    .mode = info.st_mode & 07777U};
  }

  Result<std::vector<std::string>> List(const Path& directory) const override {
    std::vector<std::string> names;
    std::error_code code;
    std::filesystem::directory_iterator entry(directory, code);
    for (; !code && entry != std::filesystem::directory_iterator(); entry.increment(code)) {
      names.push_back(entry->path().filename().string());
    }
    if (code) return ErrnoError(code.value(), fmt::format("list {}", directory.string()));
    std::sort(names.begin(), names.end());
    return names;
  }

  Status CreateDirectories(const Path& path) override {
    if (path.empty()) return Ok();
    if (::mkdir(path.c_str(), 0777) == 0) return SyncParent(path);
    if (errno == EEXIST) return RequireDirectory(path);
    if (errno != ENOENT || !path.has_parent_path()) return ErrnoOf("create directory", path);
    RETURN_IF_ERROR(CreateDirectories(path.parent_path()));
    if (::mkdir(path.c_str(), 0777) == 0) return SyncParent(path);
    if (errno == EEXIST) return RequireDirectory(path);
    return ErrnoOf("create directory", path);
  }

  Status Rename(const Path& from, const Path& to) override {
    if (::rename(from.c_str(), to.c_str()) == 0) return Ok();
    return ErrnoOf("rename to", to);
  }

  Status Remove(const Path& path) override {
    if (::remove(path.c_str()) == 0) return Ok();
    return ErrnoOf("remove", path);
  }

  Status SyncFile(const Path& path) override {
    ASSIGN_OR_RETURN(const Descriptor descriptor, OpenDescriptor("sync", path, O_RDONLY));
    if (::fsync(descriptor.number()) != 0) return ErrnoOf("sync", path);
    return Ok();
  }

  Status SyncDirectory(const Path& directory) override {
    ASSIGN_OR_RETURN(const Descriptor descriptor,
                     OpenDescriptor("sync directory", directory, O_RDONLY | O_DIRECTORY));
    // EINVAL: a file system (some network ones) that has no such call.
    if (::fsync(descriptor.number()) != 0 && errno != EINVAL) {
      return ErrnoOf("sync directory", directory);
    }
    return Ok();
  }

  Status SetMode(const Path& path, unsigned mode) override {
    if (::chmod(path.c_str(), mode) == 0) return Ok();
    return ErrnoOf("set mode of", path);
  }

  Result<std::uint64_t> FreeSpace(const Path& path) const override {
    struct statvfs info {};
    if (::statvfs(path.c_str(), &info) != 0) return ErrnoOf("look at free space of", path);
    return static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
  }

 private:
  Status SyncParent(const Path& path) {
    // "a/b/" names b, whose parent is a.
    const Path plain = path.has_filename() ? path : path.parent_path();
    const Path parent = plain.parent_path();
    return SyncDirectory(parent.empty() ? Path(".") : parent);
  }

  Status RequireDirectory(const Path& path) const {
    ASSIGN_OR_RETURN(const FileInfo info, Stat(path));
    if (info.is_directory) return Ok();
    return AlreadyExists("create directory {}: a file of that name is there", path.string());
  }
};

}  // namespace

Files& PosixFiles() {
  static PosixFilesImpl files;
  return files;
}

}  // namespace weir
