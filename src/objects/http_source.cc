#include "objects/http_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace weir::objects {
namespace {

constexpr std::size_t kSkipBytes = 256 << 10;

std::optional<std::uint64_t> NumberIn(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "bytes 5-9/20" and "bytes */20"
struct ContentRange {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> whole;
};

ContentRange ParseContentRange(std::string_view text) {
  ContentRange range;
  if (!text.starts_with("bytes ")) return range;
  text.remove_prefix(6);
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return range;
  range.first = NumberIn(text.substr(0, std::min(text.find('-'), slash)));
  range.whole = NumberIn(text.substr(slash + 1));
  return range;
}

}  // namespace

Status HttpSource::Open() {
  if (range_.length == std::uint64_t{0}) {
    known_ = true;
    size_ = 0;
    return Ok();
  }
  return Request();
}

// Asks for all that is still to come.
Status HttpSource::Request() {
  HttpRequester::Request request{.url = url_};
  const std::uint64_t from = range_.offset + given_;
  const bool is_part = from > 0 || range_.length;
  if (is_part) {
    const std::string last =
        range_.length ? std::to_string(range_.offset + *range_.length - 1) : "";
    request.fields.emplace_back("Range", fmt::format("bytes={}-{}", from, last));
  }
  ASSIGN_OR_RETURN(auto response, requester_->Send(context_, request));
  return Accept(std::move(response), from);
}

Status HttpSource::Accept(net::HttpClient::Response response, std::uint64_t from) {
  const ContentRange range = ParseContentRange(response.Field("Content-Range"));
  if (response.status == 416) {
    RETURN_IF_ERROR(Settle(response, range.whole ? *range.whole : from));
    body_ = SourceOf("");
    return Ok();
  }
  if (response.status == 206) {
    if (range.first != from) return Invalid("{} gives another range", url_.ToString());
    RETURN_IF_ERROR(Settle(response, range.whole));
    body_ = std::move(response.body);
    return Ok();
  }
  if (response.status != 200) {
    return Invalid("{} answered HTTP {}", url_.ToString(), response.status);
  }
  RETURN_IF_ERROR(Settle(response, NumberIn(response.Field("Content-Length"))));
  body_ = std::move(response.body);
  return Skip(from);
}

// Keeps what the first answer says of the whole, and holds later ones against it.
Status HttpSource::Settle(const net::HttpClient::Response& response,
                          std::optional<std::uint64_t> whole) {
  std::optional<std::uint64_t> size = range_.length;
  if (whole) {
    const std::uint64_t there = *whole - std::min(range_.offset, *whole);
    size = std::min(range_.length.value_or(there), there);
  } else if (range_.length) {
    size.reset();  // it may end earlier
  }
  const std::string tag(response.Field("ETag"));
  if (known_ && (size != size_ || tag != tag_)) {
    return Unavailable("{} changed while it was read", url_.ToString());
  }
  known_ = true;
  size_ = size;
  tag_ = tag;
  return Ok();
}

// The server knows no ranges: what was not asked for is read and dropped.
Status HttpSource::Skip(std::uint64_t bytes) {
  std::vector<std::byte> dropped(std::min<std::uint64_t>(bytes, kSkipBytes));
  while (bytes > 0) {
    const std::size_t most = std::min<std::uint64_t>(bytes, dropped.size());
    ASSIGN_OR_RETURN(const std::size_t count, body_->Read(std::span(dropped).first(most)));
    if (count == 0) return Ok();
    bytes -= count;
  }
  return Ok();
}

Result<std::size_t> HttpSource::ReadOnce(std::span<std::byte> buffer) {
  if (body_ == nullptr) RETURN_IF_ERROR(Request());
  ASSIGN_OR_RETURN(const std::size_t count, body_->Read(buffer));
  if (count == 0 && size_ && given_ < *size_) {
    return Unavailable("{} ends early", url_.ToString());
  }
  return count;
}

Result<std::size_t> HttpSource::Read(std::span<std::byte> buffer) {
  RETURN_IF_ERROR(context_.Check());
  const std::optional<std::uint64_t> end = size_ ? size_ : range_.length;
  if (end) buffer = buffer.first(std::min<std::uint64_t>(buffer.size(), *end - given_));
  if (buffer.empty()) return std::size_t{0};
  for (;;) {
    const auto count = ReadOnce(buffer);
    if (count) {
      given_ += *count;
      failed_ = 0;
      return count;
    }
    body_.reset();
    RETURN_IF_ERROR(context_.Check());
    const bool is_passing =
        count.error().code == ErrorCode::kUnavailable || count.error().code == ErrorCode::kDeadline;
    if (!is_passing || !requester_->WaitToTryAgain(context_, ++failed_)) return count.error();
  }
}

}  // namespace weir::objects
