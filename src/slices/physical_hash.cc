#include "slices/physical_hash.h"

#include <algorithm>

#include "base/keccak.h"
#include "base/sha3_group.h"

namespace weir::slices {
namespace {

constexpr std::size_t kPieceBytes = 256 << 10;
constexpr std::size_t kMostAtOnce = kMostKeccakLanes;

// One file on its way through the hash.
struct FileReading {
  std::shared_ptr<const ReadableFile> file;
  Bytes piece = Bytes(kPieceBytes);
  std::uint64_t offset = 0;
  Status status = {};

  // The next bytes; none at the end or after an error.
  ByteView Next() {
    if (!status || offset >= file->size()) return {};
    const auto read = file->Read(offset, piece);
    if (!read) {
      status = read.error();
      return {};
    }
    if (*read == 0) {
      status = Corrupt("a file of {} bytes ends at {}", file->size(), offset);
      return {};
    }
    offset += *read;
    return ByteView(piece).first(*read);
  }
};

using Files = std::span<const std::shared_ptr<const ReadableFile>>;

void HashSideBySide(const Context& context, Files files, std::vector<Result<Multihash>>& hashes) {
  Sha3Group group;
  std::vector<FileReading> readings;
  for (const auto& file : files) {
    group.AddStream();
    readings.push_back({.file = file});
  }
  Status wanted;
  std::vector<ByteView> pieces(files.size());
  do {
    wanted = context.Check();
    if (!wanted) break;
    std::transform(readings.begin(), readings.end(), pieces.begin(),
                   [](FileReading& reading) { return reading.Next(); });
    group.AppendEach(pieces);
  } while (
      std::any_of(pieces.begin(), pieces.end(), [](ByteView piece) { return !piece.empty(); }));
  const std::vector<Digest> digests = group.Finish();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Status& status = wanted ? readings[i].status : wanted;
    if (status) {
      hashes.emplace_back(Multihash(Multihash::kSha3_256, digests[i]));
    } else {
      hashes.emplace_back(status.error());
    }
  }
}

}  // namespace

std::vector<Result<Multihash>> PhysicalHashes(
    const Context& context, std::span<const std::shared_ptr<const ReadableFile>> files) {
  std::vector<Result<Multihash>> hashes;
  while (hashes.size() < files.size()) {
    const Files rest = files.subspan(hashes.size());
    HashSideBySide(context, rest.first(std::min(rest.size(), kMostAtOnce)), hashes);
  }
  return hashes;
}

}  // namespace weir::slices
