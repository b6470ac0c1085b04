#include "datasets/copy_objects.h"

#include <algorithm>
#include <memory>
#include <span>

#include "base/keccak.h"
#include "base/sha3_group.h"
#include "datasets/side_by_side.h"
#include "slices/physical_hash.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kPieceBytes = 256 << 10;

// One object on its way.
class Lane {
 public:
  explicit Lane(const ObjectToCopy& object) : object_(object) {}

  Status Open(const Context& context, const Repository& from, const Repository& to) {
    ASSIGN_OR_RETURN(source_, from.Get(context, object_.part, object_.hash));
    ASSIGN_OR_RETURN(writer_, to.Create(context, object_.part, object_.hash));
    return Ok();
  }

  // Brings the next bytes to the target; none at the end.
  Result<ByteView> Move() {
    std::size_t filled = 0;
    while (!ended_ && filled < piece_.size()) {
      ASSIGN_OR_RETURN(const std::size_t count, source_->Read(std::span(piece_).subspan(filled)));
      ended_ = count == 0;
      filled += count;
    }
    copied_ += filled;
    if (copied_ > object_.size) return Damaged("more");
    const ByteView bytes = ByteView(piece_).first(filled);
    if (!bytes.empty()) RETURN_IF_ERROR(writer_->Write(bytes));
    return bytes;
  }

  Status Finish(const Digest& digest) {
    if (copied_ != object_.size) return Damaged("less");
    if (Multihash(Multihash::kSha3_256, digest) != object_.hash) {
      return Corrupt("{} is damaged: its bytes have another hash", Name());
    }
    return writer_->Commit();
  }

  const ObjectToCopy& object() const { return object_; }

 private:
  std::string Name() const { return Repository::NameOf(object_.part, object_.hash); }
  Error Damaged(std::string_view how) const {
    return Corrupt("{} is damaged: it has {} than the {} bytes it should have", Name(), how,
                   object_.size);
  }

  const ObjectToCopy object_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<objects::ObjectWriter> writer_;
  Bytes piece_ = Bytes(kPieceBytes);
  std::uint64_t copied_ = 0;
  bool ended_ = false;
};

// One thread copies as many objects in turn as are hashed side by side: while it works on one, the
// network brings bytes of the others.
Status CopyGroup(const Context& context, const Repository& from, const Repository& to,
                 std::span<const ObjectToCopy> objects, const CopyOptions& options) {
  std::vector<Lane> lanes;
  Sha3Group hashes;
  const auto told = [&](const Lane& lane, auto result) {
    if (!result && options.on_failed) options.on_failed(lane.object());
    return result;
  };
  for (const ObjectToCopy& object : objects) {
    lanes.emplace_back(object);
    hashes.AddStream();
    RETURN_IF_ERROR(told(lanes.back(), lanes.back().Open(context, from, to)));
  }
  std::vector<ByteView> pieces(lanes.size());
  for (std::uint64_t moved = 1; moved > 0;) {
    RETURN_IF_ERROR(context.Check());
    moved = 0;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      ASSIGN_OR_RETURN(pieces[i], told(lanes[i], lanes[i].Move()));
      moved += pieces[i].size();
    }
    hashes.AppendEach(pieces);
    if (options.on_bytes) options.on_bytes(moved);
  }
  const std::vector<Digest> digests = hashes.Finish();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    RETURN_IF_ERROR(told(lanes[i], lanes[i].Finish(digests[i])));
    if (options.on_object) options.on_object(lanes[i].object());
  }
  return options.then ? options.then(objects) : Ok();
}

Result<std::shared_ptr<const ReadableFile>> Open(const Context& context, const Repository& to,
                                                 const ObjectToCopy& object) {
  if (object.part == Repository::Part::kCheckpoint) return to.OpenCheckpoint(context, object.hash);
  return to.OpenSlice(context, object.hash);
}

Result<bool> IsPresent(const Context& context, const Repository& to, const ObjectToCopy& object,
                       Present present) {
  ASSIGN_OR_RETURN(const auto size, to.SizeOf(context, object.part, object.hash));
  if (size != object.size) return false;
  if (present == Present::kBySize) return true;
  if (object.part == Repository::Part::kBlock) return bool(to.Block(context, object.hash));
  ASSIGN_OR_RETURN(const auto file, Open(context, to, object));
  const auto hash = std::move(slices::PhysicalHashes(context, {&file, 1})[0]);
  RETURN_IF_ERROR(context.Check());
  return hash && *hash == object.hash;
}

// Those that are not there.
Result<std::vector<ObjectToCopy>> Lacking(const Context& context, const Repository& to,
                                          const std::vector<ObjectToCopy>& objects,
                                          const CopyOptions& options) {
  std::vector<char> present(objects.size());
  RETURN_IF_ERROR(SideBySide(objects.size(), UsualThreads(), [&](std::size_t i) -> Status {
    ASSIGN_OR_RETURN(const bool there, IsPresent(context, to, objects[i], options.present));
    present[i] = static_cast<char>(there);
    if (there && options.on_object) options.on_object(objects[i]);
    return Ok();
  }));
  std::vector<ObjectToCopy> there;
  std::vector<ObjectToCopy> lacking;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    (present[i] != 0 ? there : lacking).push_back(objects[i]);
  }
  if (options.then && !there.empty()) RETURN_IF_ERROR(options.then(there));
  return lacking;
}

}  // namespace

Status CopyObjects(const Context& context, const Repository& from, const Repository& to,
                   std::vector<ObjectToCopy> objects, const CopyOptions& options) {
  ASSIGN_OR_RETURN(objects, Lacking(context, to, objects, options));
  // Objects of a like size end together, so that few lanes stay empty.
  std::stable_sort(objects.begin(), objects.end(),
                   [](const auto& a, const auto& b) { return a.size > b.size; });
  // Twice as many as compute: about half of them wait for a network or a disk.
  const std::size_t threads = 2 * UsualThreads();
  const std::size_t size =
      std::clamp<std::size_t>((objects.size() + threads - 1) / threads, 1, kMostKeccakLanes);
  return SideBySide((objects.size() + size - 1) / size, threads, [&](std::size_t i) {
    const auto rest = std::span<const ObjectToCopy>(objects).subspan(i * size);
    return CopyGroup(context, from, to, rest.first(std::min(size, rest.size())), options);
  });
}

}  // namespace weir::datasets
