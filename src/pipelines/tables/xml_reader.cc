#include "pipelines/tables/xml_reader.h"

#include <arrow/util/utf8.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace weir::pipelines {
namespace {

constexpr std::size_t kPiece = 256 << 10;
constexpr std::size_t kMostTagBytes = 1 << 20;
constexpr std::size_t kMostTextBytes = 8 << 20;
constexpr std::string_view kSpace = " \t\r\n";

std::string LocalName(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

bool AppendCodePoint(std::uint32_t code, std::string& out) {
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
  return true;
}

bool AppendReference(std::string_view name, std::string& out) {
  if (name == "lt") return out += '<', true;
  if (name == "gt") return out += '>', true;
  if (name == "amp") return out += '&', true;
  if (name == "quot") return out += '"', true;
  if (name == "apos") return out += '\'', true;
  if (!name.starts_with('#')) return false;
  name.remove_prefix(1);
  const bool is_hex = name.starts_with('x');
  if (is_hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), code, is_hex ? 16 : 10);
  return error == std::errc() && end == name.data() + name.size() && AppendCodePoint(code, out);
}

// `text` with its references replaced.
Result<std::string> Plain(std::string_view text) {
  if (!arrow::util::ValidateUTF8(text)) return Invalid("the XML is not UTF-8");
  std::string plain;
  for (;;) {
    const std::size_t start = text.find('&');
    plain += text.substr(0, start);
    if (start == std::string_view::npos) return plain;
    const std::size_t end = text.find(';', start);
    if (end == std::string_view::npos ||
        !AppendReference(text.substr(start + 1, end - start - 1), plain)) {
      return Invalid("the XML has a reference to nothing");
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace

const std::string* XmlReader::attribute(std::string_view name) const {
  for (const auto& [key, value] : attributes_) {
    if (key == name) return &value;
  }
  return nullptr;
}

Result<bool> XmlReader::Fill() {
  buffer_.resize(kPiece);
  ASSIGN_OR_RETURN(const std::size_t count,
                   file_->Read(offset_, std::as_writable_bytes(std::span(buffer_))));
  buffer_.resize(count);
  offset_ += count;
  at_ = 0;
  return count > 0;
}

Result<int> XmlReader::Get() {
  if (at_ == buffer_.size()) {
    ASSIGN_OR_RETURN(const bool has_more, Fill());
    if (!has_more) return -1;
  }
  return static_cast<unsigned char>(buffer_[at_++]);
}

Status XmlReader::Until(std::string_view end, std::string& out) {
  const std::size_t start = out.size();
  for (;;) {
    ASSIGN_OR_RETURN(const int byte, Get());
    if (byte < 0) return Invalid("the XML breaks off");
    out += static_cast<char>(byte);
    if (static_cast<char>(byte) == end.back() && out.size() - start >= end.size() &&
        std::string_view(out).ends_with(end)) {
      out.resize(out.size() - end.size());
      return Ok();
    }
    if (out.size() > kMostTextBytes) {
      return Exhausted("the XML has a text of more than {} MiB", kMostTextBytes >> 20);
    }
  }
}

Result<XmlReader::Event> XmlReader::Next() {
  if (ends_at_once_) {
    ends_at_once_ = false;
    return Event::kEnd;
  }
  std::string raw;
  for (;;) {
    ASSIGN_OR_RETURN(const int byte, Get());
    if (byte == '<') {
      if (!raw.empty()) {
        --at_;  // the tag's turn is next
        ASSIGN_OR_RETURN(text_, Plain(raw));
        return Event::kText;
      }
      ASSIGN_OR_RETURN(const auto event, Tag());
      if (event) return *event;
      continue;
    }
    if (byte < 0) return Event::kDone;
    raw += static_cast<char>(byte);
    if (raw.size() > kMostTextBytes) {
      return Exhausted("the XML has a text of more than {} MiB", kMostTextBytes >> 20);
    }
  }
}

// nullopt for what is passed over.
Result<std::optional<XmlReader::Event>> XmlReader::Tag() {
  ASSIGN_OR_RETURN(const int first, Get());
  std::string skipped;
  if (first == '?') {
    RETURN_IF_ERROR(Until("?>", skipped));
    return std::optional<Event>();
  }
  if (first == '!') return Declaration();
  tag_.clear();
  char quote = 0;
  for (int byte = first;;) {
    if (byte < 0) return Invalid("the XML breaks off");
    const char c = static_cast<char>(byte);
    if (quote == 0 && c == '>') break;
    if (quote != 0 ? c == quote : c == '"' || c == '\'') quote = quote != 0 ? 0 : c;
    tag_ += c;
    if (tag_.size() > kMostTagBytes) return Exhausted("the XML has a tag that is too long");
    ASSIGN_OR_RETURN(byte, Get());
  }
  std::string_view tag(tag_);
  if (tag.starts_with('/')) {
    tag.remove_prefix(1);
    name_ = LocalName(tag.substr(0, tag.find_first_of(kSpace)));
    return std::optional(Event::kEnd);
  }
  ASSIGN_OR_RETURN(const Event event, Start(tag));
  return std::optional(event);
}

// After `<!`.
Result<std::optional<XmlReader::Event>> XmlReader::Declaration() {
  std::string start;
  while (start.size() < 7) {
    ASSIGN_OR_RETURN(const int byte, Get());
    if (byte < 0) return Invalid("the XML breaks off");
    start += static_cast<char>(byte);
    if (start == "--") {
      std::string skipped;
      RETURN_IF_ERROR(Until("-->", skipped));
      return std::optional<Event>();
    }
  }
  if (start != "[CDATA[") return Invalid("the XML declares a document type");
  text_.clear();
  RETURN_IF_ERROR(Until("]]>", text_));
  if (!arrow::util::ValidateUTF8(text_)) return Invalid("the XML is not UTF-8");
  return std::optional(Event::kText);
}

Result<XmlReader::Event> XmlReader::Start(std::string_view tag) {
  attributes_.clear();
  if (tag.ends_with('/')) {
    ends_at_once_ = true;
    tag.remove_suffix(1);
  }
  const std::size_t name_end = std::min(tag.find_first_of(kSpace), tag.size());
  name_ = LocalName(tag.substr(0, name_end));
  tag.remove_prefix(name_end);
  for (;;) {
    const std::size_t next = tag.find_first_not_of(kSpace);
    if (next == std::string_view::npos) return Event::kStart;
    tag.remove_prefix(next);
    const std::size_t open = tag.find_first_of("\"'");
    const std::size_t close = open == std::string_view::npos ? open : tag.find(tag[open], open + 1);
    const std::size_t equals = tag.find('=');
    if (close == std::string_view::npos || equals > open) {
      return Invalid("the XML has a tag that is none: {}", name_);
    }
    std::string_view key = tag.substr(0, equals);
    key = key.substr(0, key.find_first_of(kSpace));
    ASSIGN_OR_RETURN(std::string value, Plain(tag.substr(open + 1, close - open - 1)));
    attributes_.emplace_back(LocalName(key), std::move(value));
    tag.remove_prefix(close + 1);
  }
}

Result<std::string> XmlReader::Content(std::string_view without) {
  std::string content;
  std::size_t depth = 1;
  std::size_t left_out = 0;  // the depth at which an element to leave out began
  for (;;) {
    ASSIGN_OR_RETURN(const Event event, Next());
    if (event == Event::kDone) return Invalid("the XML breaks off");
    if (event == Event::kStart) {
      ++depth;
      if (left_out == 0 && !without.empty() && name_ == without) left_out = depth;
    } else if (event == Event::kEnd) {
      if (left_out == depth) left_out = 0;
      if (--depth == 0) return content;
    } else if (left_out == 0) {
      content += text_;
      if (content.size() > kMostTextBytes) {
        return Exhausted("the XML has a text of more than {} MiB", kMostTextBytes >> 20);
      }
    }
  }
}

}  // namespace weir::pipelines
