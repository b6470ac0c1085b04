#include "wire/http/packer.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "base/check.h"

namespace weir::http {
namespace {

constexpr std::size_t kStepBytes = 16 << 10;
constexpr std::size_t kReadBytes = 32 << 10;

class GzipPacker final : public Packer {
 public:
  explicit GzipPacker(int level) {
    constexpr int kGzipWindow = 15 + 16;  // 32 KiB, with gzip's header and checksum
    WEIR_CHECK(deflateInit2(&stream_, level, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) ==
               Z_OK);
  }
  ~GzipPacker() override { deflateEnd(&stream_); }

  void Add(std::string_view bytes, Then then, std::string& packed) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    const int flush = then == Then::kMore    ? Z_NO_FLUSH
                      : then == Then::kFlush ? Z_SYNC_FLUSH
                                             : Z_FINISH;
    std::array<char, kStepBytes> step;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(step.data());
      stream_.avail_out = step.size();
      deflate(&stream_, flush);  // fails only when called wrongly
      packed.append(step.data(), step.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

 private:
  z_stream stream_{};
};

class ZstdPacker final : public Packer {
 public:
  explicit ZstdPacker(int level) : context_(ZSTD_createCCtx()) {
    WEIR_CHECK(context_ != nullptr);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }
  ~ZstdPacker() override { ZSTD_freeCCtx(context_); }

  void Add(std::string_view bytes, Then then, std::string& packed) override {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    const ZSTD_EndDirective directive = then == Then::kMore    ? ZSTD_e_continue
                                        : then == Then::kFlush ? ZSTD_e_flush
                                                               : ZSTD_e_end;
    std::array<char, kStepBytes> step;
    for (std::size_t left = 1; left > 0;) {
      ZSTD_outBuffer output{step.data(), step.size(), 0};
      left = ZSTD_compressStream2(context_, &output, &input, directive);
      WEIR_CHECK(ZSTD_isError(left) == 0);
      packed.append(step.data(), output.pos);
      if (then == Then::kMore) left = input.size - input.pos;
    }
  }

 private:
  ZSTD_CCtx* const context_;
};

class PackedSource final : public ByteSource {
 public:
  PackedSource(std::unique_ptr<ByteSource> source, Coding coding)
      : source_(std::move(source)),
        packer_(MakePacker(coding, Effort::kFast)),
        buffer_(kReadBytes) {}

  Result<std::size_t> Read(std::span<std::byte> out) override {
    while (at_ == packed_.size() && !ended_) {
      packed_.clear();
      at_ = 0;
      ASSIGN_OR_RETURN(const std::size_t count, source_->Read(buffer_));
      ended_ = count == 0;
      const Packer::Then then = ended_                   ? Packer::Then::kEnd
                                : count < buffer_.size() ? Packer::Then::kFlush
                                                         : Packer::Then::kMore;
      packer_->Add(AsText(std::span(buffer_).first(count)), then, packed_);
    }
    const std::size_t count = std::min(out.size(), packed_.size() - at_);
    std::memcpy(out.data(), packed_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  const std::unique_ptr<ByteSource> source_;
  const std::unique_ptr<Packer> packer_;
  std::vector<std::byte> buffer_;
  std::string packed_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Packer> MakePacker(Coding coding, Effort effort) {
  const bool is_fast = effort == Effort::kFast;
  if (coding == Coding::kZstd) return std::make_unique<ZstdPacker>(is_fast ? 3 : 19);
  return std::make_unique<GzipPacker>(is_fast ? 4 : 9);
}

std::string Pack(std::string_view bytes, Coding coding, Effort effort) {
  std::string packed;
  MakePacker(coding, effort)->Add(bytes, Packer::Then::kEnd, packed);
  return packed;
}

std::unique_ptr<ByteSource> Packed(std::unique_ptr<ByteSource> source, Coding coding) {
  return std::make_unique<PackedSource>(std::move(source), coding);
}

}  // namespace weir::http
