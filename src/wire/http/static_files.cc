#include "wire/http/static_files.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/hex.h"
#include "base/sha256.h"
#include "wire/http/packer.h"

namespace weir::http {
namespace {

constexpr std::size_t kHashDigits = 12;
constexpr std::size_t kCopiedBytes = 64 << 10;  // above that a body is read, not copied
constexpr std::size_t kLargestFile = 64 << 20;

struct TypeOfEnding {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array<TypeOfEnding, 14> kTypes = {{
    {".css", "text/css; charset=utf-8"},
    {".gif", "image/gif"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".jpg", "image/jpeg"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".woff2", "font/woff2"},
    {".webmanifest", "application/manifest+json"},
}};

std::string_view TypeOf(std::string_view name) {
  for (const TypeOfEnding& each : kTypes) {
    if (name.ends_with(each.ending)) return each.type;
  }
  return "application/octet-stream";
}

// "icons/logo.svg" -> "icons/logo.3f2a9c1b04de.svg".
std::string HashedName(std::string_view name, std::string_view hash) {
  const std::size_t slash = name.rfind('/');
  std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash)) {
    dot = name.size();
  }
  return fmt::format("{}.{}{}", name.substr(0, dot), hash, name.substr(dot));
}

// A variant that saves less than a tenth is not worth the client's time.
std::string PackedVariant(const std::string& content, std::string given, Coding coding,
                          std::string_view type) {
  if (given.empty() && IsWorthPacking(type)) given = Pack(content, coding, Effort::kSmall);
  return given.size() < content.size() - content.size() / 10 ? std::move(given) : std::string();
}

class SharedText final : public ByteSource {
 public:
  SharedText(std::shared_ptr<const void> owner, std::string_view text)
      : owner_(std::move(owner)), text_(text) {}

  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min(buffer.size(), text_.size() - at_);
    std::memcpy(buffer.data(), text_.data() + at_, count);
    at_ += count;
    return count;
  }
  std::optional<std::uint64_t> Size() const override { return text_.size(); }

 private:
  const std::shared_ptr<const void> owner_;
  const std::string_view text_;  // of the owner
  std::size_t at_ = 0;
};

Result<StaticFiles::File> ReadOne(const Files& disk, const Files::Path& path, std::string name) {
  StaticFiles::File file{.name = std::move(name)};
  ASSIGN_OR_RETURN(file.content, disk.ReadAll(path, kLargestFile));
  const auto variant = [&](const char* ending) -> Result<std::string> {
    Result<std::string> packed = disk.ReadAll(path.string() + ending, kLargestFile);
    if (!packed && packed.error().code == ErrorCode::kNotFound) return std::string();
    return packed;
  };
  ASSIGN_OR_RETURN(file.gzip, variant(".gz"));
  ASSIGN_OR_RETURN(file.zstd, variant(".zst"));
  return file;
}

Status ReadTree(const Files& disk, const Files::Path& directory, const std::string& prefix,
                std::vector<StaticFiles::File>& found) {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, disk.List(directory));
  const auto is_variant = [&](const std::string& name) {
    const std::size_t dot = name.rfind('.');
    return (name.ends_with(".gz") || name.ends_with(".zst")) &&
           std::binary_search(names.begin(), names.end(), name.substr(0, dot));
  };
  for (const std::string& name : names) {
    const Files::Path path = directory / name;
    ASSIGN_OR_RETURN(const FileInfo info, disk.Stat(path));
    if (info.is_directory) {
      RETURN_IF_ERROR(ReadTree(disk, path, prefix + name + "/", found));
    } else if (!is_variant(name)) {
      ASSIGN_OR_RETURN(found.emplace_back(), ReadOne(disk, path, prefix + name));
    }
  }
  return Ok();
}

}  // namespace

// One file, whole and packed.
struct StaticFiles::Page {
  std::string type;
  std::string hash;
  std::string content;
  std::string gzip;
  std::string zstd;

  const std::string& Variant(Coding coding) const {
    if (coding == Coding::kZstd) return zstd;
    return coding == Coding::kGzip ? gzip : content;
  }
};

StaticFiles::StaticFiles(std::string prefix, std::vector<File> files) : prefix_(std::move(prefix)) {
  for (File& file : files) Add(std::move(file));
}

void StaticFiles::Add(File file) {
  auto page = std::make_shared<Page>();
  page->type = TypeOf(file.name);
  page->hash = ToHex(Sha256::Of(AsBytes(file.content))).substr(0, kHashDigits);
  page->gzip = PackedVariant(file.content, std::move(file.gzip), Coding::kGzip, page->type);
  page->zstd = PackedVariant(file.content, std::move(file.zstd), Coding::kZstd, page->type);
  page->content = std::move(file.content);
  by_path_[prefix_ + file.name] = {page, false};
  by_path_[prefix_ + HashedName(file.name, page->hash)] = {page, true};
}

Result<std::unique_ptr<StaticFiles>> StaticFiles::Load(std::string prefix,
                                                       const Files::Path& directory,
                                                       const Files& files) {
  std::vector<File> found;
  RETURN_IF_ERROR(ReadTree(files, directory, "", found));
  return std::make_unique<StaticFiles>(std::move(prefix), std::move(found));
}

std::string StaticFiles::UrlOf(std::string_view name) const {
  const auto found = by_path_.find(prefix_ + std::string(name));
  if (found == by_path_.end()) return {};
  return prefix_ + HashedName(name, found->second.page->hash);
}

std::optional<api::Response> StaticFiles::Answer(const api::Request& request) const {
  if (request.method != api::Method::kGet && request.method != api::Method::kHead) return {};
  const auto found = by_path_.find(request.path);
  if (found == by_path_.end()) return {};
  const auto& [page, is_immutable] = found->second;
  api::Response response;
  response.route = prefix_ + "{file}";
  const std::string tag = '"' + page->hash + '"';
  response.headers.Set("ETag", tag);
  response.headers.Set("Vary", "Accept-Encoding");
  response.headers.Set("Cache-Control",
                       is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
  const auto known = request.headers.Get("If-None-Match");
  if (known && known->find(tag) != std::string_view::npos) {
    response.status = 304;
    return response;
  }
  response.headers.Set("Content-Type", page->type);
  Coding coding = ChooseCoding(request.headers.Get("Accept-Encoding").value_or(""));
  if (page->Variant(coding).empty()) coding = Coding::kIdentity;
  if (coding != Coding::kIdentity) {
    response.headers.Set("Content-Encoding", std::string(NameOf(coding)));
  }
  const std::string& body = page->Variant(coding);
  if (body.size() <= kCopiedBytes) {
    response.body = body;
  } else {
    response.body = std::make_unique<SharedText>(page, body);
  }
  return response;
}

}  // namespace weir::http
