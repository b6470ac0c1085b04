#include "objects/object_store.h"

#include <memory>
#include <span>
#include <vector>

#include "base/file_source.h"

namespace weir::objects {
namespace {

constexpr std::size_t kCopyBufferSize = 256 << 10;

}  // namespace

Result<bool> ObjectStore::Exists(const Context& context, std::string_view key) {
  const auto info = Stat(context, key);
  if (info) return true;
  if (info.error().code == ErrorCode::kNotFound) return false;
  return info.error();
}

Status ObjectStore::Put(const Context& context, std::string_view key, ByteView content,
                        IfExists if_exists) {
  ASSIGN_OR_RETURN(const auto writer, Create(context, key, if_exists));
  RETURN_IF_ERROR(writer->Write(content));
  return writer->Commit();
}

Status ObjectStore::Put(const Context& context, std::string_view key, ByteSource& content,
                        IfExists if_exists) {
  ASSIGN_OR_RETURN(const auto writer, Create(context, key, if_exists));
  std::vector<std::byte> buffer(kCopyBufferSize);
  for (;;) {
    ASSIGN_OR_RETURN(const std::size_t count, content.Read(buffer));
    if (count == 0) return writer->Commit();
    RETURN_IF_ERROR(writer->Write(ByteView(buffer).first(count)));
  }
}

Status ObjectStore::PutFile(const Context& context, std::string_view key, Files& files,
                            const Files::Path& path) {
  ASSIGN_OR_RETURN(std::shared_ptr<const ReadableFile> file, files.Open(path));
  RETURN_IF_ERROR(Put(context, key, *SourceOf(std::move(file)), IfExists::kReplace));
  return files.Remove(path);
}

Result<std::string> ObjectStore::GetAll(const Context& context, std::string_view key,
                                        std::size_t limit) {
  ASSIGN_OR_RETURN(const auto source, Get(context, key));
  auto content = ReadAll(*source, limit);
  if (!content && content.error().code == ErrorCode::kExhausted) {
    return Exhausted("object {} in {} is larger than the {} bytes it may have", key, ToString(),
                     limit);
  }
  return content;
}

}  // namespace weir::objects
