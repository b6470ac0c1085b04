#include "pipelines/derive/working_files.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/hex.h"
#include "base/rng.h"
#include "base/sha3.h"
#include "base/varint.h"

namespace weir::pipelines {
namespace {

// Another layout of the states themselves (engine/duckdb/exact_states.h) is another number too.
constexpr std::string_view kMagic = "weir working state 1\n";
constexpr std::size_t kPiece = 1 << 20;
constexpr const char* kTemporary = ".tmp-";

// Writes pieces to a file, and their hash after them.
class Writing {
 public:
  explicit Writing(WritableFile& file) : file_(file) { buffer_.reserve(kPiece); }

  Status Say(std::uint64_t number) {
    AppendVarint(buffer_, number);
    return buffer_.size() < kPiece ? Ok() : Flush();
  }
  Status Say(ByteView bytes) {
    RETURN_IF_ERROR(Say(bytes.size()));
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    return buffer_.size() < kPiece ? Ok() : Flush();
  }
  Status Finish() {
    RETURN_IF_ERROR(Flush());
    RETURN_IF_ERROR(file_.Append(hash_.Finish()));
    return file_.Close();
  }

 private:
  Status Flush() {
    hash_.Update(buffer_);
    RETURN_IF_ERROR(file_.Append(buffer_));
    buffer_.clear();
    return Ok();
  }

  WritableFile& file_;
  Bytes buffer_;
  Sha3 hash_;
};

Status WriteState(Writing& file, const WorkingState& state) {
  RETURN_IF_ERROR(file.Say(AsBytes(kMagic)));
  RETURN_IF_ERROR(file.Say(state.consumed.size()));
  for (const auto& block : state.consumed) {
    RETURN_IF_ERROR(file.Say(block ? block->ToBytes() : Bytes()));
  }
  RETURN_IF_ERROR(file.Say(std::ranges::count_if(
      state.groups, [](const auto& entry) { return entry.second != nullptr; })));
  for (const auto& [made_by, groups] : state.groups) {
    if (!groups) continue;
    RETURN_IF_ERROR(file.Say(AsBytes(made_by)));
    RETURN_IF_ERROR(file.Say(groups->size()));
    Status said;
    groups->VisitAll([&](std::string_view key, std::string_view kept) {
      if (said) said = file.Say(AsBytes(key));
      if (said) said = file.Say(AsBytes(kept));
    });
    RETURN_IF_ERROR(said);
  }
  return file.Finish();
}

Result<ByteView> ReadBytes(ByteView& rest) {
  ASSIGN_OR_RETURN(const std::uint64_t size, ReadVarint(rest));
  if (size > rest.size()) return Corrupt("a working state is cut short");
  const ByteView bytes = rest.first(size);
  rest = rest.subspan(size);
  return bytes;
}

Result<std::shared_ptr<engine::KeptGroups>> ReadGroups(ByteView& rest) {
  ASSIGN_OR_RETURN(const std::uint64_t count, ReadVarint(rest));
  auto groups = std::make_shared<engine::KeptGroups>();
  for (std::uint64_t i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(const ByteView key, ReadBytes(rest));
    ASSIGN_OR_RETURN(const ByteView kept, ReadBytes(rest));
    groups->Put(AsText(key), AsText(kept));
  }
  return groups;
}

Result<WorkingState> ReadState(ByteView content) {
  Digest hash;
  if (content.size() < hash.size()) return Corrupt("a working state is cut short");
  ByteView rest = content.first(content.size() - hash.size());
  if (!std::ranges::equal(Sha3::Of(rest), content.last(hash.size()))) {
    return Corrupt("a working state is not what was written");
  }
  ASSIGN_OR_RETURN(const ByteView magic, ReadBytes(rest));
  if (AsText(magic) != kMagic) return Corrupt("a working state of another version");
  WorkingState state{.is_on_disk = true};
  ASSIGN_OR_RETURN(const std::uint64_t blocks, ReadVarint(rest));
  for (std::uint64_t i = 0; i < blocks; ++i) {
    ASSIGN_OR_RETURN(const ByteView block, ReadBytes(rest));
    auto& consumed = state.consumed.emplace_back();
    if (!block.empty()) {
      ASSIGN_OR_RETURN(consumed, Multihash::FromBytes(block));
    }
  }
  ASSIGN_OR_RETURN(const std::uint64_t steps, ReadVarint(rest));
  for (std::uint64_t i = 0; i < steps; ++i) {
    ASSIGN_OR_RETURN(const ByteView made_by, ReadBytes(rest));
    ASSIGN_OR_RETURN(state.groups[std::string(AsText(made_by))], ReadGroups(rest));
  }
  return state;
}

// What a process that died left of writing a state. An older state that is being written here at
// this moment is lost with it; it would not be used any more.
void RemoveLeftovers(Files& files, const std::filesystem::path& directory) {
  const auto names = files.List(directory);
  if (!names) return;
  for (const std::string& name : *names) {
    if (name.starts_with(kTemporary)) (void)files.Remove(directory / name);
  }
}

}  // namespace

std::optional<WorkingState> WorkingFiles::Read(const odf::DatasetId& id, std::size_t most_bytes) {
  if (directory_.empty()) return std::nullopt;
  const auto content = files_.ReadAll(PathOf(id), most_bytes);
  if (!content) return std::nullopt;
  auto state = ReadState(AsBytes(*content));
  if (state) return *std::move(state);
  Remove(id);
  return std::nullopt;
}

Status WorkingFiles::Write(const odf::DatasetId& id, const WorkingState& state) {
  if (directory_.empty()) return Ok();
  const std::filesystem::path path = PathOf(id);
  RETURN_IF_ERROR(files_.CreateDirectories(path.parent_path()));
  RemoveLeftovers(files_, path.parent_path());
  std::array<std::byte, 8> random{};
  SystemRng().Fill(random);
  const std::filesystem::path temporary = path.parent_path() / (kTemporary + ToHex(random));
  const auto write = [&]() -> Status {
    ASSIGN_OR_RETURN(const auto file, files_.Create(temporary, IfExists::kFail));
    Writing writing(*file);
    RETURN_IF_ERROR(WriteState(writing, state));
    return files_.Rename(temporary, path);
  };
  Status written = write();
  if (!written) (void)files_.Remove(temporary);
  return written;
}

void WorkingFiles::Remove(const odf::DatasetId& id) {
  if (!directory_.empty()) (void)files_.RemoveTree(directory_ / id.ToMultibase());
}

std::filesystem::path WorkingFiles::PathOf(const odf::DatasetId& id) const {
  return directory_ / id.ToMultibase() / "groups";
}

}  // namespace weir::pipelines
