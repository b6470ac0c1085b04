#include "base/sha3.h"

#include <algorithm>
#include <cstring>

#include "base/sha3_group.h"
#include "base/sha3_padding.h"

namespace weir {

void Sha3::Update(ByteView bytes) {
  if (bytes.empty()) return;  // its data() may be null, which memcpy may not get
  if (buffered_ > 0) {
    const std::size_t count = std::min(bytes.size(), kSha3BlockSize - buffered_);
    std::memcpy(buffer_.data() + buffered_, bytes.data(), count);
    buffered_ += count;
    bytes = bytes.subspan(count);
    if (buffered_ < kSha3BlockSize) return;
    AbsorbBlocks(state_, buffer_.data(), 1);
    buffered_ = 0;
  }
  const std::size_t blocks = bytes.size() / kSha3BlockSize;
  AbsorbBlocks(state_, bytes.data(), blocks);
  const ByteView rest = bytes.subspan(blocks * kSha3BlockSize);
  if (rest.empty()) return;
  std::memcpy(buffer_.data(), rest.data(), rest.size());
  buffered_ = rest.size();
}

Digest Sha3::Finish() {
  PadSha3Block(buffer_.data(), buffered_);
  AbsorbBlocks(state_, buffer_.data(), 1);
  const Digest digest = DigestOf(state_);
  state_ = {};
  buffered_ = 0;
  return digest;
}

Digest Sha3::Of(ByteView bytes) {
  Sha3 hasher;
  hasher.Update(bytes);
  return hasher.Finish();
}

std::vector<Digest> Sha3OfEach(std::span<const ByteView> messages, KeccakPath path) {
  Sha3Group group({.path = path});
  for (std::size_t i = 0; i < messages.size(); ++i) group.AddStream();
  group.AppendEach(messages);
  return group.Finish();
}

}  // namespace weir
