#include "pipelines/tables/avro_codec.h"

#include <arrow/util/compression.h>
#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <memory>

namespace weir::pipelines {
namespace {

Error TooMuch(std::size_t limit) { return Exhausted("a block has more than {} MiB", limit >> 20); }

Error Damaged() { return Invalid("the bytes of a block are damaged"); }

// Room for more bytes; false at the limit.
bool Grow(std::string& text, std::size_t limit) {
  if (text.size() >= limit) return false;
  text.resize(std::min(limit, std::max<std::size_t>(64 << 10, text.size() * 2)));
  return true;
}

Result<std::string> Inflated(std::string_view packed, std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return Internal("zlib does not start");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string text;
  for (int result = Z_OK; result != Z_STREAM_END;) {
    if (stream.total_out == text.size() && !Grow(text, limit)) return TooMuch(limit);
    stream.next_out = reinterpret_cast<Bytef*>(text.data() + stream.total_out);
    stream.avail_out = static_cast<uInt>(text.size() - stream.total_out);
    const uLong before = stream.total_out;
    result = inflate(&stream, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END) return Damaged();
    if (result == Z_OK && stream.avail_in == 0 && stream.total_out == before) return Damaged();
  }
  text.resize(stream.total_out);
  return text;
}

// The length stands in front, the checksum behind.
Result<std::string> Unsnapped(std::string_view packed, std::size_t limit) {
  if (packed.size() < 5) return Damaged();
  const std::string_view sum = packed.substr(packed.size() - 4);
  packed.remove_suffix(4);
  std::uint64_t size = 0;
  for (unsigned i = 0; i < 5; ++i) {
    if (i == packed.size()) return Damaged();
    const auto byte = static_cast<unsigned char>(packed[i]);
    size |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    if ((byte & 0x80) == 0) break;
  }
  if (size > limit) return TooMuch(limit);
  auto codec = arrow::util::Codec::Create(arrow::Compression::SNAPPY);
  if (!codec.ok()) return Internal("no Snappy: {}", codec.status().message());
  std::string text(size, '\0');
  const auto done = (*codec)->Decompress(static_cast<std::int64_t>(packed.size()),
                                         reinterpret_cast<const std::uint8_t*>(packed.data()),
                                         static_cast<std::int64_t>(size),
                                         reinterpret_cast<std::uint8_t*>(text.data()));
  if (!done.ok() || static_cast<std::uint64_t>(*done) != size) return Damaged();
  const uLong found =
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
  uLong wanted = 0;
  for (const char c : sum) wanted = wanted << 8 | static_cast<unsigned char>(c);
  if (found != wanted) return Damaged();
  return text;
}

Result<std::string> Streamed(arrow::Compression::type type, std::string_view packed,
                             std::size_t limit) {
  auto codec = arrow::util::Codec::Create(type);
  if (!codec.ok()) return Internal("no such codec: {}", codec.status().message());
  auto unpacking = (*codec)->MakeDecompressor();
  if (!unpacking.ok()) return Internal("no decompressor: {}", unpacking.status().message());
  std::string text;
  std::size_t filled = 0;
  while (!(*unpacking)->IsFinished()) {
    if (filled == text.size() && !Grow(text, limit)) return TooMuch(limit);
    const auto done = (*unpacking)
                          ->Decompress(static_cast<std::int64_t>(packed.size()),
                                       reinterpret_cast<const std::uint8_t*>(packed.data()),
                                       static_cast<std::int64_t>(text.size() - filled),
                                       reinterpret_cast<std::uint8_t*>(text.data() + filled));
    if (!done.ok()) return Damaged();
    if (done->bytes_read == 0 && done->bytes_written == 0) {
      // It may want more room than there is left, but not more than there was.
      if (!done->need_more_output || text.size() - filled > (1 << 20)) return Damaged();
      if (!Grow(text, limit)) return TooMuch(limit);
    }
    packed.remove_prefix(static_cast<std::size_t>(done->bytes_read));
    filled += static_cast<std::size_t>(done->bytes_written);
  }
  text.resize(filled);
  return text;
}

// The decoder's own memory is bounded too: a preset of 9 wants 65 MiB.
constexpr std::uint64_t kMostXzMemory = 128ULL << 20;

Result<std::string> Unxzipped(std::string_view packed, std::size_t limit) {
  lzma_stream stream = LZMA_STREAM_INIT;
  if (lzma_stream_decoder(&stream, kMostXzMemory, 0) != LZMA_OK) {
    return Internal("liblzma does not start");
  }
  const std::unique_ptr<lzma_stream, void (*)(lzma_stream*)> end(&stream, lzma_end);
  stream.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::string text;
  for (lzma_ret result = LZMA_OK; result != LZMA_STREAM_END;) {
    if (stream.total_out == text.size() && !Grow(text, limit)) return TooMuch(limit);
    stream.next_out = reinterpret_cast<std::uint8_t*>(text.data() + stream.total_out);
    stream.avail_out = text.size() - stream.total_out;
    result = lzma_code(&stream, LZMA_FINISH);
    if (result == LZMA_MEMLIMIT_ERROR) {
      return Exhausted("a block wants more than {} MiB to be unpacked", kMostXzMemory >> 20);
    }
    if (result != LZMA_OK && result != LZMA_STREAM_END) return Damaged();
  }
  text.resize(stream.total_out);
  return text;
}

}  // namespace

Result<AvroCodec> ParseAvroCodec(std::string_view name) {
  if (name == "null" || name.empty()) return AvroCodec::kNull;
  if (name == "deflate") return AvroCodec::kDeflate;
  if (name == "snappy") return AvroCodec::kSnappy;
  if (name == "zstandard") return AvroCodec::kZstandard;
  if (name == "bzip2") return AvroCodec::kBzip2;
  if (name == "xz") return AvroCodec::kXz;
  return Unimplemented("the file is packed with the codec {}", name)
      .WithHint("write it with null, deflate, snappy, zstandard, bzip2 or xz");
}

Result<std::string> UnpackAvroBlock(AvroCodec codec, std::string_view packed, std::size_t limit) {
  switch (codec) {
    case AvroCodec::kNull:
      if (packed.size() > limit) return TooMuch(limit);
      return std::string(packed);
    case AvroCodec::kDeflate:
      return Inflated(packed, limit);
    case AvroCodec::kSnappy:
      return Unsnapped(packed, limit);
    case AvroCodec::kZstandard:
      return Streamed(arrow::Compression::ZSTD, packed, limit);
    case AvroCodec::kBzip2:
      return Streamed(arrow::Compression::BZ2, packed, limit);
    case AvroCodec::kXz:
      return Unxzipped(packed, limit);
  }
  return Damaged();
}

}  // namespace weir::pipelines
