#include "net/response_body.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "net/chunked.h"

namespace weir::net {
namespace {

constexpr std::size_t kMostAtOnce = 256 << 10;  // a reader of much asks the kernel less often

class ResponseBody final : public ByteSource {
 public:
  explicit ResponseBody(ResponseBodyParts parts) : parts_(std::move(parts)) {
    if (Left() == 0) End();
  }

  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    while (parts_.connection != nullptr && !buffer.empty()) {
      InputBuffer& input = parts_.connection->input();
      ASSIGN_OR_RETURN(const std::string_view piece, NextPiece(input, buffer.size()));
      if (!piece.empty()) {
        std::memcpy(buffer.data(), piece.data(), piece.size());
        const std::size_t count = piece.size();
        input.Consume(count);
        if (Left() == 0) End();
        return count;
      }
      if (chunks_.done()) {
        End();
        break;
      }
      const std::size_t room = std::clamp(buffer.size(), ClientConnection::kReadBytes, kMostAtOnce);
      ASSIGN_OR_RETURN(const bool more, parts_.connection->Fill(parts_.context, room));
      if (more) continue;
      if (parts_.length.chunked || parts_.length.content_length) {
        return Unavailable("read a response: it breaks off after {} bytes", read_);
      }
      End();
    }
    return std::size_t{0};
  }

  std::optional<std::uint64_t> Size() const override { return parts_.length.content_length; }

 private:
  // Bytes of body at the front of `input`, at most `room`; what stands before them is consumed.
  Result<std::string_view> NextPiece(InputBuffer& input, std::size_t room) {
    std::string_view piece = input.data();
    if (parts_.length.chunked) {
      if (chunk_left_ == 0) {
        ChunkedDecoder::Step step;
        if (const auto refusal = chunks_.Next(piece, step)) return refusal->error;
        input.Consume(step.consumed - step.body.size());
        chunk_left_ = step.body.size();
      }
      piece = input.data().substr(0, std::min(chunk_left_, room));
      chunk_left_ -= piece.size();
    } else {
      piece = piece.substr(0, std::min<std::uint64_t>(room, Left().value_or(room)));
    }
    read_ += piece.size();
    return piece;
  }

  std::optional<std::uint64_t> Left() const {
    if (!parts_.length.content_length) return std::nullopt;
    return *parts_.length.content_length - read_;
  }

  void End() {
    auto connection = std::move(parts_.connection);
    if (connection == nullptr) return;
    connection->input().Shrink(ClientConnection::kReadBytes);
    if (parts_.keep_alive && connection->IsReusable()) {
      parts_.home->GiveBack(parts_.endpoint, std::move(connection));
    }
  }

  ResponseBodyParts parts_;
  ChunkedDecoder chunks_;
  std::size_t chunk_left_ = 0;  // of the piece the decoder gave last
  std::uint64_t read_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> BodyOf(ResponseBodyParts parts) {
  return std::make_unique<ResponseBody>(std::move(parts));
}

}  // namespace weir::net
