#include "pipelines/json_range.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace weir::pipelines {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::size_t kLongestKey = 64 << 10;

// A part of a file as a file.
class Window final : public ReadableFile {
 public:
  Window(std::shared_ptr<const ReadableFile> file, std::uint64_t start, std::uint64_t size)
      : file_(std::move(file)), start_(start), size_(size) {}

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> buffer) const override {
    if (offset >= size_) return std::size_t{0};
    const std::uint64_t most = std::min<std::uint64_t>(buffer.size(), size_ - offset);
    return file_->Read(start_ + offset, buffer.first(static_cast<std::size_t>(most)));
  }
  std::uint64_t size() const override { return size_; }

 private:
  std::shared_ptr<const ReadableFile> file_;
  std::uint64_t start_;
  std::uint64_t size_;
};

// Bytes of a file one after another.
class Cursor {
 public:
  Cursor(const Context& context, const ReadableFile& file) : context_(context), file_(file) {}

  // The byte at position(), nothing at the end.
  Result<std::optional<char>> Peek() {
    if (next_ == piece_.size()) RETURN_IF_ERROR(Fill());
    if (piece_.empty()) return std::optional<char>();
    return std::optional(piece_[next_]);
  }
  void Step() { ++next_; }
  std::uint64_t position() const { return start_ + next_; }

 private:
  Status Fill() {
    RETURN_IF_ERROR(context_.Check());
    start_ += piece_.size();
    next_ = 0;
    piece_.resize(kPieceBytes);
    ASSIGN_OR_RETURN(const std::size_t count,
                     file_.Read(start_, std::as_writable_bytes(std::span(piece_))));
    piece_.resize(count);
    return Ok();
  }

  const Context& context_;
  const ReadableFile& file_;
  std::string piece_;
  std::uint64_t start_ = 0;
  std::size_t next_ = 0;
};

class Finder {
 public:
  Finder(const Context& context, const ReadableFile& file) : cursor_(context, file) {}

  // Goes to the value under `key` of the object at the cursor.
  Status Enter(std::string_view key) {
    RETURN_IF_ERROR(Expect('{', key));
    for (;;) {
      ASSIGN_OR_RETURN(const char next, NextSign());
      if (next == '}') return Missing(key);
      if (next == ',') {
        cursor_.Step();
        continue;
      }
      ASSIGN_OR_RETURN(const std::string name, String());
      RETURN_IF_ERROR(Expect(':', key));
      if (name == key) return Ok();
      RETURN_IF_ERROR(SkipValue());
    }
  }

  // Where the array at the cursor begins; the cursor goes behind it.
  Result<std::uint64_t> Array(const std::string& path) {
    ASSIGN_OR_RETURN(const char next, NextSign());
    if (next != '[') return Invalid("there is no array at {}", path.empty() ? "the top" : path);
    const std::uint64_t start = cursor_.position();
    RETURN_IF_ERROR(SkipValue());
    return start;
  }

  std::uint64_t position() const { return cursor_.position(); }

 private:
  static Error Missing(std::string_view key) { return Invalid("there is no {} in subPath", key); }

  Result<char> NextSign() {
    for (;;) {
      ASSIGN_OR_RETURN(const std::optional<char> next, cursor_.Peek());
      if (!next) return Invalid("the JSON document breaks off at byte {}", cursor_.position());
      if (*next != ' ' && *next != '\t' && *next != '\n' && *next != '\r') return *next;
      cursor_.Step();
    }
  }

  Status Expect(char wanted, std::string_view key) {
    ASSIGN_OR_RETURN(const char next, NextSign());
    if (next != wanted) return Missing(key);
    cursor_.Step();
    return Ok();
  }

  // The string at the cursor; escapes stay as they are written.
  Result<std::string> String() {
    ASSIGN_OR_RETURN(const char quote, NextSign());
    if (quote != '"') return Invalid("malformed JSON at byte {}", cursor_.position());
    cursor_.Step();
    std::string text;
    for (bool escaped = false;;) {
      ASSIGN_OR_RETURN(const std::optional<char> next, cursor_.Peek());
      if (!next) return Invalid("the JSON document breaks off in a string");
      cursor_.Step();
      if (*next == '"' && !escaped) return text;
      escaped = *next == '\\' && !escaped;
      if (text.size() < kLongestKey) text += *next;
    }
  }

  // Past the value at the cursor, whose parts are not judged: their reader does that.
  Status SkipValue() {
    std::size_t depth = 0;
    for (;;) {
      ASSIGN_OR_RETURN(const char next, NextSign());
      if (next == '"') {
        RETURN_IF_ERROR(String());
      } else if (next == '{' || next == '[') {
        ++depth;
        cursor_.Step();
        continue;
      } else if (next == '}' || next == ']') {
        if (depth == 0) return Invalid("malformed JSON at byte {}", cursor_.position());
        --depth;
        cursor_.Step();
      } else if (next == ',' || next == ':') {
        cursor_.Step();
        continue;
      } else {
        RETURN_IF_ERROR(SkipWord());
      }
      if (depth == 0) return Ok();
    }
  }

  Status SkipWord() {
    for (;;) {
      ASSIGN_OR_RETURN(const std::optional<char> next, cursor_.Peek());
      if (!next || std::string_view(",:]}{[\" \t\r\n").find(*next) != std::string_view::npos) {
        return Ok();
      }
      cursor_.Step();
    }
  }

  Cursor cursor_;
};

}  // namespace

Result<std::shared_ptr<const ReadableFile>> FindJsonRange(const Context& context,
                                                          std::shared_ptr<const ReadableFile> file,
                                                          const std::string& sub_path) {
  if (sub_path.empty()) return file;
  Finder finder(context, *file);
  for (std::size_t start = 0; start <= sub_path.size();) {
    const std::size_t end = std::min(sub_path.find('.', start), sub_path.size());
    RETURN_IF_ERROR(finder.Enter(std::string_view(sub_path).substr(start, end - start)));
    start = end + 1;
  }
  ASSIGN_OR_RETURN(const std::uint64_t start, finder.Array(sub_path));
  const std::uint64_t size = finder.position() - start;
  return std::shared_ptr<const ReadableFile>(
      std::make_shared<Window>(std::move(file), start, size));
}

}  // namespace weir::pipelines
