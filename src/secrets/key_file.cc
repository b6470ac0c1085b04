#include "secrets/key_file.h"

#include <fmt/format.h>

#include <string>

namespace weir::secrets {
namespace {

constexpr unsigned kOwnerOnly = 0600;
constexpr unsigned kOwnerOnlyDirectory = 0700;
constexpr unsigned kEverybodyElse = 0077;
constexpr std::size_t kMaxFileSize = 1 << 20;

}  // namespace

Result<KeyRing> KeyFile::Load() const {
  ASSIGN_OR_RETURN(const FileInfo info, files_.Stat(path_));
  if ((info.mode & kEverybodyElse) != 0) {
    return Denied("the sealing keys {} have mode {:04o}, others than their owner may touch them",
                  path_.string(), info.mode & 07777U)
        .WithHint(
            fmt::format("chmod 600 {}; if others read them, rotate the keys", path_.string()));
  }
  ASSIGN_OR_RETURN(std::string text, files_.ReadAll(path_, kMaxFileSize));
  const SecretValue content = SecretValue::Take(text);
  auto ring = KeyRing::Parse(content.Reveal());
  if (!ring) {
    return Corrupt("{}: {}", path_.string(), ring.error().message)
        .WithHint("put back the copy of the keys that you keep apart from backups");
  }
  return ring;
}

Result<KeyRing> KeyFile::LoadOrCreate(Rng& rng) const {
  auto loaded = Load();
  if (loaded) {
    // Whoever made it may have failed between rename and sync.
    RETURN_IF_ERROR(files_.MakeDurable(path_));
    return loaded;
  }
  if (loaded.error().code != ErrorCode::kNotFound) return loaded;
  KeyRing ring = KeyRing::Generate(rng);
  RETURN_IF_ERROR(files_.CreateDirectories(path_.parent_path()));
  RETURN_IF_ERROR(files_.SetMode(path_.parent_path(), kOwnerOnlyDirectory));
  RETURN_IF_ERROR(Save(ring));
  return ring;
}

Status KeyFile::Save(const KeyRing& ring) const {
  const SecretValue text = ring.Serialize();
  return files_.WriteDurably(path_, AsBytes(text.Reveal()), kOwnerOnly);
}

}  // namespace weir::secrets
