#include "pipelines/text_encoding.h"

#include <iconv.h>

#include <cerrno>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/rng.h"

namespace weir::pipelines {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;

class Converter {
 public:
  explicit Converter(const std::string& from) : handle_(iconv_open("UTF-8", from.c_str())) {}
  ~Converter() {
    if (known()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  // Converts as much of `input` as is whole, appending to `output`; returns how much that was, or
  // nothing when what comes next is not in the encoding.
  std::optional<std::size_t> Convert(std::string_view input, std::string& output) {
    char* next = const_cast<char*>(input.data());  // iconv's signature; it does not write there
    std::size_t left = input.size();
    std::vector<char> buffer(kPieceBytes);
    while (left > 0) {
      char* out = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t result = iconv(handle_, &next, &left, &out, &room);
      output.append(buffer.data(), buffer.size() - room);
      if (result != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
      if (errno == EINVAL) break;  // a character is cut in two at the end
      return std::nullopt;
    }
    return input.size() - left;
  }

 private:
  iconv_t handle_;
};

Result<std::string> ReadPiece(const ReadableFile& file, std::uint64_t offset) {
  std::string piece(kPieceBytes, '\0');
  ASSIGN_OR_RETURN(const std::size_t count,
                   file.Read(offset, std::as_writable_bytes(std::span(piece))));
  piece.resize(count);
  return piece;
}

Status Convert(const Context& context, const ReadableFile& file, const std::string& encoding,
               WritableFile& output) {
  Converter converter(encoding);
  if (!converter.known()) return Invalid("the encoding {} is not known", encoding);
  std::string pending;
  std::uint64_t offset = 0;
  for (;;) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const std::string piece, ReadPiece(file, offset));
    offset += piece.size();
    pending += piece;
    std::string converted;
    const auto used = converter.Convert(pending, converted);
    if (!used || (piece.empty() && *used < pending.size())) {
      return Invalid("near byte {}: not text in the encoding {}", offset - pending.size(),
                     encoding);
    }
    RETURN_IF_ERROR(output.Append(AsBytes(converted)));
    pending.erase(0, *used);
    if (piece.empty()) return output.Close();
  }
}

}  // namespace

Result<std::shared_ptr<const ReadableFile>> AsUtf8(const Context& context,
                                                   std::shared_ptr<const ReadableFile> file,
                                                   const std::string& encoding,
                                                   const std::filesystem::path& scratch) {
  if (encoding == "utf8") return file;
  Files& files = PosixFiles();
  const auto path = scratch / (fmt::format(".utf8-{:016x}", SystemRng().Next()));
  ASSIGN_OR_RETURN(auto output, files.Create(path, IfExists::kFail, 0600));
  const Status converted = Convert(context, *file, encoding, *output);
  auto opened = files.Open(path);
  // Its name goes at once, its bytes when the last reader closes it.
  RETURN_IF_ERROR(files.Remove(path));
  RETURN_IF_ERROR(converted);
  ASSIGN_OR_RETURN(auto utf8, std::move(opened));
  return std::shared_ptr<const ReadableFile>(std::move(utf8));
}

Result<bool> FindBackslashQuote(const Context& context, const ReadableFile& file) {
  bool ends_in_backslash = false;
  std::uint64_t offset = 0;
  for (;;) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const std::string piece, ReadPiece(file, offset));
    if (piece.empty()) return false;
    if (ends_in_backslash && piece.front() == '"') return true;
    if (piece.find("\\\"") != std::string::npos) return true;
    ends_in_backslash = piece.back() == '\\';
    offset += piece.size();
  }
}

}  // namespace weir::pipelines
