#include "resources/manifest_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "resources/named_files.h"
#include "resources/yaml_reader.h"

namespace weir::resources {
namespace {

constexpr int kMaxDepth = 32;  // of directories, and of files that name files

bool IsManifestName(const std::string& name) {
  return !name.starts_with('.') &&
         (name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json"));
}

class Collection {
 public:
  Collection(const ManifestFilesRequest& request, const Files& files, ByteSource& standard_input,
             const Environment* environment, const KindRegistry& registry, Problems& problems)
      : request_(request),
        files_(files),
        standard_input_(standard_input),
        environment_(environment),
        registry_(registry),
        problems_(problems) {}

  Status AddPath(const std::string& path);
  Status AddAttachments();
  ManifestFiles Take() { return std::move(found_); }

 private:
  Status AddDirectory(const Files::Path& directory, int depth);
  Status AddFile(const Files::Path& path);
  Status AddDocument(std::string source, std::string text);
  Status AddNamedIn(const Document& document, int depth);
  Status AddNamed(const std::string& source, const NamedFile& named, int depth);
  Status Count(std::size_t bytes);
  std::string Filled(const std::string& source, std::string text);

  const ManifestFilesRequest& request_;
  const Files& files_;
  ByteSource& standard_input_;
  const Environment* const environment_;
  const KindRegistry& registry_;
  Problems& problems_;
  ManifestFiles found_;
  std::set<std::string> attached_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

Status Collection::Count(std::size_t bytes) {
  bytes_ += bytes;
  if (++count_ > request_.max_files) {
    return Exhausted("more than {} files are given", request_.max_files);
  }
  if (bytes_ > request_.max_total_bytes) {
    return Exhausted("the files given hold more than {} MiB", request_.max_total_bytes >> 20);
  }
  return Ok();
}

Status Collection::AddPath(const std::string& path) {
  if (path == "-") {
    ASSIGN_OR_RETURN(std::string text, ReadAll(standard_input_, request_.max_total_bytes));
    return AddDocument("-", std::move(text));
  }
  ASSIGN_OR_RETURN(const FileInfo info, files_.Stat(path));
  return info.is_directory ? AddDirectory(path, 0) : AddFile(path);
}

Status Collection::AddDirectory(const Files::Path& directory, int depth) {
  if (depth > kMaxDepth) {
    return Exhausted("{} is nested deeper than {} directories", directory.string(), kMaxDepth);
  }
  ASSIGN_OR_RETURN(const auto names, files_.List(directory));
  for (const std::string& name : names) {
    const Files::Path path = directory / name;
    ASSIGN_OR_RETURN(const FileInfo info, files_.Stat(path));
    if (info.is_directory) {
      if (request_.recursive && !name.starts_with('.')) {
        RETURN_IF_ERROR(AddDirectory(path, depth + 1));
      }
    } else if (IsManifestName(name)) {
      RETURN_IF_ERROR(AddFile(path));
    }
  }
  return Ok();
}

Status Collection::AddFile(const Files::Path& path) {
  ASSIGN_OR_RETURN(std::string text, files_.ReadAll(path));
  return AddDocument(path.lexically_normal().string(), std::move(text));
}

Status Collection::AddDocument(std::string source, std::string text) {
  RETURN_IF_ERROR(Count(text.size()));
  std::string filled = Filled(source, std::move(text));
  found_.documents.push_back({.source = std::move(source), .text = std::move(filled)});
  return Ok();
}

std::string Collection::Filled(const std::string& source, std::string text) {
  if (environment_ == nullptr || text.find('$') == std::string::npos) return text;
  auto filled = Interpolate(source, text, *environment_, problems_);
  return filled ? std::move(*filled) : std::move(text);
}

Status Collection::AddAttachments() {
  for (const Document& document : found_.documents) {
    RETURN_IF_ERROR(AddNamedIn(document, 0));
  }
  return Ok();
}

// What is no YAML names no files; the server says what is wrong with it.
Status Collection::AddNamedIn(const Document& document, int depth) {
  if (document.text.find("file") == std::string::npos) return Ok();
  Problems unread;
  const auto nodes = ReadYaml(document.source, document.text, unread);
  if (!nodes) return Ok();
  for (const auto& node : *nodes) {
    for (const NamedFile& named : FilesNamedIn(registry_, document.source, node)) {
      RETURN_IF_ERROR(AddNamed(document.source, named, depth));
    }
  }
  return Ok();
}

Status Collection::AddNamed(const std::string& source, const NamedFile& named, int depth) {
  std::string path = JoinSource(source, named.name);
  if (attached_.contains(path)) return Ok();
  auto text = files_.ReadAll(path);
  if (!text) {
    problems_.Add({.place = named.place,
                   .message = text.error().message,
                   .hint = "names are relative to the manifest's own folder",
                   .code = text.error().code});
    return Ok();
  }
  RETURN_IF_ERROR(Count(text->size()));
  attached_.insert(path);
  Document attachment{.source = path, .text = std::move(*text)};
  if (named.is_manifest) attachment.text = Filled(path, std::move(attachment.text));
  found_.attachments.push_back(attachment);
  return named.is_manifest && depth < kMaxDepth ? AddNamedIn(attachment, depth + 1) : Ok();
}

}  // namespace

Result<ManifestFiles> CollectManifests(const ManifestFilesRequest& request, const Files& files,
                                       ByteSource& standard_input, const Environment* environment,
                                       const KindRegistry& registry, Problems& problems) {
  Collection collection(request, files, standard_input, environment, registry, problems);
  for (const std::string& path : request.paths) RETURN_IF_ERROR(collection.AddPath(path));
  if (!problems.empty()) return problems.AsError();
  if (request.with_attachments) RETURN_IF_ERROR(collection.AddAttachments());
  if (!problems.empty()) return problems.AsError();
  return collection.Take();
}

}  // namespace weir::resources
