#include "wire/http/unpacker.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/check.h"

namespace weir::http {
namespace {

constexpr std::size_t kReadBytes = 16 << 10;
constexpr std::uint64_t kFreeBytes = 1 << 20;
constexpr int kLargestWindow = 23;  // 8 MiB, which RFC 8878 asks every decoder to take

// What one step took and made.
struct Progress {
  std::size_t taken = 0;
  std::size_t made = 0;
};

class Unpacker {
 public:
  virtual ~Unpacker() = default;
  virtual Result<Progress> Step(ByteView packed, std::span<std::byte> out) = 0;
  /// Whether the bytes so far are whole: nothing more needs to follow.
  virtual bool is_whole() const = 0;
};

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() {
    constexpr int kGzipWindow = 15 + 16;
    WEIR_CHECK(inflateInit2(&stream_, kGzipWindow) == Z_OK);
  }
  ~GzipUnpacker() override { inflateEnd(&stream_); }

  Result<Progress> Step(ByteView packed, std::span<std::byte> out) override {
    if (is_whole_ && !packed.empty()) {  // another member follows
      inflateReset(&stream_);
      is_whole_ = false;
    }
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int outcome = inflate(&stream_, Z_NO_FLUSH);
    if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) {
      return Invalid("the body is no valid gzip");
    }
    is_whole_ = outcome == Z_STREAM_END;
    return Progress{packed.size() - stream_.avail_in, out.size() - stream_.avail_out};
  }
  bool is_whole() const override { return is_whole_; }

 private:
  z_stream stream_{};
  bool is_whole_ = false;
};

class ZstdUnpacker final : public Unpacker {
 public:
  ZstdUnpacker() : context_(ZSTD_createDCtx()) {
    WEIR_CHECK(context_ != nullptr);
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kLargestWindow);
  }
  ~ZstdUnpacker() override { ZSTD_freeDCtx(context_); }

  Result<Progress> Step(ByteView packed, std::span<std::byte> out) override {
    if (packed.empty() && is_whole_) return Progress{};
    ZSTD_inBuffer input{packed.data(), packed.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t outcome = ZSTD_decompressStream(context_, &output, &input);
    if (ZSTD_isError(outcome) != 0) return Invalid("the body is no valid zstd");
    is_whole_ = outcome == 0;
    return Progress{input.pos, output.pos};
  }
  bool is_whole() const override { return is_whole_; }

 private:
  ZSTD_DCtx* const context_;
  bool is_whole_ = false;
};

class UnpackedSource final : public ByteSource {
 public:
  UnpackedSource(std::unique_ptr<ByteSource> source, std::unique_ptr<Unpacker> unpacker,
                 double max_inflation)
      : source_(std::move(source)),
        unpacker_(std::move(unpacker)),
        max_inflation_(max_inflation),
        buffer_(kReadBytes) {}

  Result<std::size_t> Read(std::span<std::byte> out) override {
    if (out.empty()) return std::size_t{0};
    for (;;) {
      ASSIGN_OR_RETURN(const Progress progress, unpacker_->Step(pending_, out));
      pending_ = pending_.subspan(progress.taken);
      made_ += progress.made;
      RETURN_IF_ERROR(CheckInflation());
      if (progress.made > 0) return progress.made;
      if (!pending_.empty() && progress.taken > 0) continue;
      if (!pending_.empty()) return Invalid("the packed body cannot be read on");
      if (ended_) {
        if (!unpacker_->is_whole() && taken_ > 0) return Invalid("the packed body breaks off");
        return std::size_t{0};
      }
      ASSIGN_OR_RETURN(const std::size_t count, source_->Read(buffer_));
      pending_ = std::span(buffer_).first(count);
      taken_ += count;
      ended_ = count == 0;
    }
  }

 private:
  Status CheckInflation() const {
    if (made_ <= kFreeBytes ||
        static_cast<double>(made_) <= max_inflation_ * static_cast<double>(taken_)) {
      return Ok();
    }
    return Exhausted("the body unpacks to more than {} times its size", max_inflation_);
  }

  const std::unique_ptr<ByteSource> source_;
  const std::unique_ptr<Unpacker> unpacker_;
  const double max_inflation_;
  std::vector<std::byte> buffer_;
  ByteView pending_;  // of the buffer
  std::uint64_t taken_ = 0;
  std::uint64_t made_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> Unpacked(std::unique_ptr<ByteSource> source, Coding coding,
                                     double max_inflation) {
  std::unique_ptr<Unpacker> unpacker;
  if (coding == Coding::kZstd) {
    unpacker = std::make_unique<ZstdUnpacker>();
  } else {
    unpacker = std::make_unique<GzipUnpacker>();
  }
  return std::make_unique<UnpackedSource>(std::move(source), std::move(unpacker), max_inflation);
}

}  // namespace weir::http
