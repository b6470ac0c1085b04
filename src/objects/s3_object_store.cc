#include "objects/s3_object_store.h"

#include <arrow/filesystem/s3fs.h>
#include <arrow/io/interfaces.h>
#include <arrow/util/future.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "objects/object_key.h"
#include "objects/s3_error.h"
#include "objects/s3_retries.h"

namespace weir::objects {
namespace {

using arrow::fs::FileType;
using arrow::fs::S3FileSystem;

// One request fetches this much when the caller reads in small pieces.
constexpr std::uint64_t kReadAhead = 4 << 20;

// The SDK costs memory and 50 ms, so it starts with the first bucket.
Status StartSdk() {
  static std::once_flag once;
  static arrow::Status started;
  std::call_once(once, [] {
    auto global = arrow::fs::S3GlobalOptions::Defaults();
    global.log_level = arrow::fs::S3LogLevel::Off;
    started = arrow::fs::InitializeS3(global);
  });
  return S3Status(started, "start the S3 client");
}

// The SDK must be shut down before the destructors of its libraries' globals run. Some of those are
// made with the first client, so this is called after it: what is registered later runs earlier.
void StopSdkAtExit() {
  static std::once_flag once;
  std::call_once(once, [] { std::atexit([] { (void)arrow::fs::EnsureS3Finalized(); }); });
}

class S3Writer final : public ObjectWriter {
 public:
  S3Writer(Context context, std::shared_ptr<S3FileSystem> file_system,
           std::shared_ptr<arrow::io::OutputStream> stream, std::string attempt)
      : context_(std::move(context)),
        file_system_(std::move(file_system)),
        stream_(std::move(stream)),
        attempt_(std::move(attempt)) {}

  // Its own destructor would complete the upload.
  ~S3Writer() override { (void)stream_->Abort(); }

  Status Write(ByteView bytes) override {
    RETURN_IF_ERROR(context_.Check());
    return Note(stream_->Write(bytes.data(), static_cast<std::int64_t>(bytes.size())));
  }

  Status Commit() override {
    RETURN_IF_ERROR(context_.Check());
    if (failed_) return Unavailable("{}: an earlier part was not stored", attempt_);
    return Note(stream_->Close());
  }

 private:
  Status Note(const arrow::Status& status) {
    failed_ = failed_ || !status.ok();
    return S3Status(status, attempt_);
  }

  const Context context_;
  const std::shared_ptr<S3FileSystem> file_system_;
  const std::shared_ptr<arrow::io::OutputStream> stream_;
  const std::string attempt_;
  bool failed_ = false;
};

class S3Source final : public ByteSource {
 public:
  S3Source(Context context, std::shared_ptr<arrow::io::RandomAccessFile> file, std::uint64_t begin,
           std::uint64_t size, std::string attempt)
      : context_(std::move(context)),
        file_(std::move(file)),
        position_(begin),
        end_(begin + size),
        size_(size),
        attempt_(std::move(attempt)) {}

  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    if (buffered_.empty()) {
      const std::uint64_t left = end_ - position_;
      if (left == 0 || buffer.empty()) return 0;
      if (buffer.size() >= kReadAhead) return Fetch(buffer.first(std::min(left, buffer.size())));
      block_.resize(std::min(left, kReadAhead));
      ASSIGN_OR_RETURN(const std::size_t fetched, Fetch(block_));
      buffered_ = std::span(block_).first(fetched);
    }
    const std::size_t count = std::min(buffer.size(), buffered_.size());
    std::memcpy(buffer.data(), buffered_.data(), count);
    buffered_ = buffered_.subspan(count);
    return count;
  }

  std::optional<std::uint64_t> Size() const override { return size_; }

 private:
  Result<std::size_t> Fetch(std::span<std::byte> into) {
    RETURN_IF_ERROR(context_.Check());
    const auto count = file_->ReadAt(static_cast<std::int64_t>(position_),
                                     static_cast<std::int64_t>(into.size()), into.data());
    RETURN_IF_ERROR(S3Status(count.status(), attempt_));
    // The object had this many bytes a moment ago: it was replaced by a shorter one.
    if (*count == 0) return Unavailable("{}: it changed while it was read", attempt_);
    position_ += static_cast<std::uint64_t>(*count);
    return static_cast<std::size_t>(*count);
  }

  const Context context_;
  const std::shared_ptr<arrow::io::RandomAccessFile> file_;
  std::uint64_t position_;
  const std::uint64_t end_;
  const std::uint64_t size_;
  const std::string attempt_;
  std::vector<std::byte> block_;
  std::span<std::byte> buffered_;
};

class S3ObjectStore final : public ObjectStore {
 public:
  S3ObjectStore(std::shared_ptr<S3FileSystem> file_system, const S3Location& location)
      : file_system_(std::move(file_system)),
        root_(location.prefix.empty() ? location.bucket + "/"
                                      : location.bucket + "/" + location.prefix + "/") {}

  Result<std::unique_ptr<ObjectWriter>> Create(const Context& context, std::string_view key,
                                               IfExists if_exists) override {
    RETURN_IF_ERROR(Begin(context, key));
    if (if_exists == IfExists::kFail) {
      ASSIGN_OR_RETURN(const bool exists, Exists(context, key));
      if (exists) return AlreadyExists("object {} in {}", key, ToString());
    }
    std::string attempt = Attempt("put", key);
    auto stream = file_system_->OpenOutputStream(PathOf(key));
    RETURN_IF_ERROR(S3Status(stream.status(), attempt));
    return std::make_unique<S3Writer>(context, file_system_, *std::move(stream),
                                      std::move(attempt));
  }

  Result<std::unique_ptr<ByteSource>> Get(const Context& context, std::string_view key,
                                          ByteRange range) override {
    RETURN_IF_ERROR(Begin(context, key));
    std::string attempt = Attempt("get", key);
    auto file = file_system_->OpenInputFile(PathOf(key));
    RETURN_IF_ERROR(S3Status(file.status(), attempt));
    const auto whole = (*file)->GetSize();
    RETURN_IF_ERROR(S3Status(whole.status(), attempt));
    const auto end = static_cast<std::uint64_t>(*whole);
    const std::uint64_t begin = std::min(range.offset, end);
    const std::uint64_t size = std::min(range.length.value_or(end), end - begin);
    return std::make_unique<S3Source>(context, *std::move(file), begin, size, std::move(attempt));
  }

  Result<ObjectInfo> Stat(const Context& context, std::string_view key) override {
    RETURN_IF_ERROR(Begin(context, key));
    const auto info = file_system_->GetFileInfo(PathOf(key));
    RETURN_IF_ERROR(S3Status(info.status(), Attempt("look at", key)));
    if (info->type() != FileType::File) return NotFound("object {} in {}", key, ToString());
    return InfoOf(*info, std::string(key));
  }

  Status List(const Context& context, std::string_view prefix, const Visit& visit) override {
    arrow::fs::FileSelector selector;
    selector.base_dir = root_ + std::string(DirectoryOf(prefix));
    selector.base_dir.pop_back();  // its slash
    selector.recursive = true;
    selector.allow_not_found = true;
    const std::string attempt = fmt::format("list {} in {}", prefix, ToString());
    // One page at a time, so that a large bucket does not become a large list.
    const auto next_page = file_system_->GetFileInfoGenerator(selector);
    for (;;) {
      RETURN_IF_ERROR(context.Check());
      const auto page = next_page().result();
      RETURN_IF_ERROR(S3Status(page.status(), attempt));
      if (page->empty()) return Ok();
      for (const arrow::fs::FileInfo& info : *page) {
        if (info.type() != FileType::File || !info.path().starts_with(root_)) continue;
        std::string key = info.path().substr(root_.size());
        if (!key.starts_with(prefix) || !CheckKey(key)) continue;
        RETURN_IF_ERROR(visit(InfoOf(info, std::move(key))));
      }
    }
  }

  Status Delete(const Context& context, std::string_view key) override {
    ASSIGN_OR_RETURN(const bool exists, Exists(context, key));
    if (!exists) return Ok();
    Status deleted = S3Status(file_system_->DeleteFile(PathOf(key)), Attempt("delete", key));
    if (!deleted && deleted.error().code == ErrorCode::kNotFound) return Ok();
    return deleted;
  }

  std::string ToString() const override { return "s3://" + root_.substr(0, root_.size() - 1); }

 private:
  static Status Begin(const Context& context, std::string_view key) {
    RETURN_IF_ERROR(CheckKey(key));
    return context.Check();
  }

  static ObjectInfo InfoOf(const arrow::fs::FileInfo& info, std::string key) {
    return {.key = std::move(key),
            .size = static_cast<std::uint64_t>(info.size()),
            .modified = Timestamp(info.mtime().time_since_epoch())};
  }

  std::string PathOf(std::string_view key) const { return root_ + std::string(key); }
  std::string Attempt(std::string_view verb, std::string_view key) const {
    return fmt::format("{} object {} in {}", verb, key, ToString());
  }

  const std::shared_ptr<S3FileSystem> file_system_;
  const std::string root_;  // bucket/prefix/
};

// The first of these variables that is set, else empty.
std::string FromEnvironment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  }
  return "";
}

// Read here and not by the SDK, which would ask the network for a region when there is none.
std::string RegionOf(const S3Location& location) {
  if (!location.region.empty()) return location.region;
  const std::string region = FromEnvironment({"AWS_REGION", "AWS_DEFAULT_REGION"});
  return region.empty() ? "us-east-1" : region;
}

// The library's own default is a path of the system it was built on.
std::string AuthoritiesOf(const ObjectStoreOptions& options) {
  if (!options.certificate_authorities.empty()) return options.certificate_authorities;
  std::string path = FromEnvironment({"AWS_CA_BUNDLE", "SSL_CERT_FILE"});
  if (!path.empty()) return path;
  for (const char* usual : {"/etc/ssl/certs/ca-certificates.crt",   // Debian
                            "/etc/pki/tls/certs/ca-bundle.crt"}) {  // Red Hat
    if (options.files->Exists(usual).value_or(false)) return usual;
  }
  return "";
}

arrow::fs::S3Options OptionsOf(const S3Location& location, const ObjectStoreOptions& options) {
  auto s3 = options.access_key_id.empty()
                ? arrow::fs::S3Options::Defaults()
                : arrow::fs::S3Options::FromAccessKey(
                      options.access_key_id, options.secret_access_key, options.session_token);
  s3.region = RegionOf(location);
  if (!location.endpoint.empty()) {
    const std::size_t scheme = location.endpoint.find("://");
    s3.scheme = location.endpoint.substr(0, scheme);
    s3.endpoint_override = location.endpoint.substr(scheme + 3);
  }
  using Seconds = std::chrono::duration<double>;
  s3.connect_timeout = Seconds(options.connect_timeout).count();
  s3.request_timeout = Seconds(options.stall_timeout).count();
  s3.tls_ca_file_path = AuthoritiesOf(options);
  s3.retry_strategy = std::make_shared<S3Retries>(options.max_attempts);
  // A small object is then one request.
  s3.allow_delayed_open = true;
  return s3;
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> OpenS3ObjectStore(const S3Location& location,
                                                       const ObjectStoreOptions& options) {
  RETURN_IF_ERROR(StartSdk());
  auto file_system = S3FileSystem::Make(OptionsOf(location, options));
  RETURN_IF_ERROR(S3Status(file_system.status(), "open s3://" + location.bucket));
  StopSdkAtExit();
  return std::make_unique<S3ObjectStore>(*std::move(file_system), location);
}

}  // namespace weir::objects
