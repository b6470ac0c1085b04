#include "pipelines/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <span>
#include <vector>

namespace weir::pipelines {
namespace {

constexpr std::size_t kPieceBytes = 256 << 10;
constexpr std::uint64_t kRatioCounts = 64 << 20;

// The bytes of a range, piece by piece.
class Pieces {
 public:
  Pieces(const ReadableFile& input, ByteRange range) : input_(input), left_(range) {}

  // Empty at the end of the range; kInvalid when the file ends before it.
  Result<std::span<std::byte>> Next() {
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(left_.size, buffer_.size()));
    if (wanted == 0) return std::span<std::byte>();
    ASSIGN_OR_RETURN(const std::size_t count,
                     input_.Read(left_.start, std::span(buffer_).first(wanted)));
    if (count == 0) return Invalid("the compressed file breaks off");
    left_.start += count;
    left_.size -= count;
    return std::span(buffer_).first(count);
  }
  bool AtEnd() const { return left_.size == 0; }

 private:
  const ReadableFile& input_;
  ByteRange left_;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(kPieceBytes);
};

// Takes what comes out, and minds the limits.
class Output {
 public:
  Output(WritableFile& file, std::uint64_t input_bytes, const DecompressLimits& limits)
      : file_(file), input_bytes_(input_bytes), limits_(limits) {}

  Status Write(ByteView bytes) {
    done_.bytes += bytes.size();
    if (done_.bytes > limits_.max_bytes) {
      return Exhausted("the file decompresses to more than {} bytes", limits_.max_bytes);
    }
    if (done_.bytes > kRatioCounts && done_.bytes / limits_.max_ratio > input_bytes_) {
      return Exhausted("{} bytes decompress to more than {} times as many", input_bytes_,
                       limits_.max_ratio);
    }
    done_.crc = static_cast<std::uint32_t>(
        crc32_z(done_.crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    return file_.Append(bytes);
  }
  const Inflated& done() const { return done_; }

 private:
  WritableFile& file_;
  std::uint64_t input_bytes_;
  const DecompressLimits& limits_;
  Inflated done_;
};

class Inflater {
 public:
  explicit Inflater(Wrapping wrapping) : wrapping_(wrapping) {
    // 15 is the largest window; 16 more asks for a gzip header, a minus for none.
    ready_ = inflateInit2(&stream_, wrapping == Wrapping::kGzip ? 15 + 16 : -15) == Z_OK;
  }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool ready() const { return ready_; }
  bool ended() const { return ended_; }

  Status Feed(std::span<std::byte> piece, Output& output) {
    stream_.next_in = reinterpret_cast<Bytef*>(piece.data());
    stream_.avail_in = static_cast<uInt>(piece.size());
    while (stream_.avail_in > 0) {
      if (ended_) RETURN_IF_ERROR(NextMember());
      RETURN_IF_ERROR(Step(output));
    }
    return Ok();
  }

 private:
  // Behind one gzip member there may be another.
  Status NextMember() {
    if (wrapping_ == Wrapping::kNone || inflateReset(&stream_) != Z_OK) {
      return Invalid("the compressed data ends before its range does");
    }
    ended_ = false;
    return Ok();
  }

  Status Step(Output& output) {
    int result = Z_OK;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      result = inflate(&stream_, Z_NO_FLUSH);
      if (result == Z_MEM_ERROR) return Exhausted("no memory to decompress");
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        return Invalid("malformed compressed data: {}", stream_.msg == nullptr ? "" : stream_.msg);
      }
      RETURN_IF_ERROR(output.Write(ByteView(buffer_).first(buffer_.size() - stream_.avail_out)));
    } while (stream_.avail_out == 0 && result != Z_STREAM_END);
    ended_ = result == Z_STREAM_END;
    return Ok();
  }

  Wrapping wrapping_;
  z_stream stream_{};
  bool ready_ = false;
  bool ended_ = false;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(kPieceBytes);
};

}  // namespace

Result<Inflated> Inflate(const Context& context, const ReadableFile& input, ByteRange range,
                         Wrapping wrapping, WritableFile& output, const DecompressLimits& limits) {
  Inflater inflater(wrapping);
  if (!inflater.ready()) return Exhausted("no memory to decompress");
  Pieces pieces(input, range);
  Output written(output, range.size, limits);
  while (!pieces.AtEnd()) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto piece, pieces.Next());
    RETURN_IF_ERROR(inflater.Feed(piece, written));
  }
  if (!inflater.ended()) return Invalid("the compressed data breaks off");
  return written.done();
}

Result<Inflated> CopyStored(const Context& context, const ReadableFile& input, ByteRange range,
                            WritableFile& output, const DecompressLimits& limits) {
  Pieces pieces(input, range);
  Output written(output, range.size, limits);
  while (!pieces.AtEnd()) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto piece, pieces.Next());
    RETURN_IF_ERROR(written.Write(piece));
  }
  return written.done();
}

}  // namespace weir::pipelines
