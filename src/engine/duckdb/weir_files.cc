#include "engine/duckdb/weir_files.h"

#include <charconv>
#include <duckdb/common/file_opener.hpp>
#include <string_view>

#include "engine/duckdb/errors.h"
#include "engine/duckdb/statement_state.h"

namespace weir::engine {
namespace {

constexpr std::string_view kScheme = "weir://";

class WeirFileHandle final : public duckdb::FileHandle {
 public:
  WeirFileHandle(duckdb::FileSystem& files, const std::string& opened_path,
                 duckdb::FileOpenFlags opened_flags, std::shared_ptr<const ReadableFile> opened)
      : FileHandle(files, opened_path, opened_flags), file(std::move(opened)) {}

  void Close() override {}

  std::shared_ptr<const ReadableFile> file;
  duckdb::idx_t position = 0;
};

WeirFileHandle& Opened(duckdb::FileHandle& handle) { return handle.Cast<WeirFileHandle>(); }

class WeirFiles final : public duckdb::FileSystem {
 public:
  std::string GetName() const override { return "WeirFiles"; }

  bool CanHandleFile(const std::string& path) override { return path.starts_with(kScheme); }

  duckdb::unique_ptr<duckdb::FileHandle> OpenFile(
      const std::string& path, duckdb::FileOpenFlags flags,
      duckdb::optional_ptr<duckdb::FileOpener> opener) override {
    if (flags.OpenForWriting()) throw duckdb::PermissionException("files here are only read");
    auto context = duckdb::FileOpener::TryGetClientContext(opener);
    if (!context) throw duckdb::PermissionException("nothing can be read outside of a statement");
    const std::size_t slash = path.rfind('/');
    const auto source =
        StatementState::Of(*context)->FindScan(path.substr(kScheme.size(), slash - kScheme.size()));
    std::size_t index = 0;
    const auto parsed = std::from_chars(path.data() + slash + 1, path.data() + path.size(), index);
    const bool whole = parsed.ec == std::errc() && parsed.ptr == path.data() + path.size();
    if (!source || !whole || index >= source->files.size()) {
      throw duckdb::PermissionException("this statement may not read that file");
    }
    auto opened = source->files[index].open();
    if (!opened) ThrowIntoDuckDb(opened.error());
    return duckdb::make_uniq<WeirFileHandle>(*this, path, flags, std::move(opened).value());
  }

  void Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes,
            duckdb::idx_t location) override {
    if (ReadSome(handle, buffer, bytes, location) != bytes) {
      throw duckdb::IOException("a slice is shorter than it says");
    }
  }

  int64_t Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes) override {
    auto& opened = Opened(handle);
    const int64_t count = ReadSome(handle, buffer, bytes, opened.position);
    opened.position += static_cast<duckdb::idx_t>(count);
    return count;
  }

  int64_t GetFileSize(duckdb::FileHandle& handle) override {
    return static_cast<int64_t>(Opened(handle).file->size());
  }
  // Files never change: a handle is another file's as soon as anything is different.
  duckdb::timestamp_t GetLastModifiedTime(duckdb::FileHandle&) override {
    return duckdb::timestamp_t(0);
  }
  duckdb::FileType GetFileType(duckdb::FileHandle&) override {
    return duckdb::FileType::FILE_TYPE_REGULAR;
  }
  void Seek(duckdb::FileHandle& handle, duckdb::idx_t location) override {
    Opened(handle).position = location;
  }
  void Reset(duckdb::FileHandle& handle) override { Seek(handle, 0); }
  duckdb::idx_t SeekPosition(duckdb::FileHandle& handle) override {
    return Opened(handle).position;
  }
  bool CanSeek() override { return true; }
  bool OnDiskFile(duckdb::FileHandle&) override { return true; }
  bool FileExists(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override {
    return false;
  }
  bool IsPipe(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override {
    return false;
  }
  duckdb::vector<duckdb::OpenFileInfo> Glob(const std::string& path, duckdb::FileOpener*) override {
    return {duckdb::OpenFileInfo(path)};
  }
  std::string PathSeparator(const std::string&) override { return "/"; }

 private:
  static int64_t ReadSome(duckdb::FileHandle& handle, void* buffer, int64_t bytes,
                          duckdb::idx_t location) {
    const auto count = Opened(handle).file->Read(
        location, {static_cast<std::byte*>(buffer), static_cast<std::size_t>(bytes)});
    if (!count) ThrowIntoDuckDb(count.error());
    return static_cast<int64_t>(*count);
  }
};

}  // namespace

duckdb::unique_ptr<duckdb::FileSystem> MakeWeirFiles() { return duckdb::make_uniq<WeirFiles>(); }

std::string WeirPath(const std::string& handle, std::size_t index) {
  return std::string(kScheme) + handle + "/" + std::to_string(index);
}

}  // namespace weir::engine
