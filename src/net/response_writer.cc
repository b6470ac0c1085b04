#include "net/response_writer.h"

#include <utility>

#include "base/error_map.h"
#include "net/chunked.h"
#include "net/source_reader.h"
#include "net/status_line.h"

namespace weir::net {
namespace {

constexpr std::size_t kCopiedBody = 2 << 10;  // cheaper to copy behind the head than to gather
constexpr std::size_t kReadAheadBytes = 4 << 10;
constexpr std::chrono::milliseconds kBusyPause{5};  // before workers are asked again

// One response on its way out. Its head goes with the first bytes of its body.
class ResponseWriter {
 public:
  ResponseWriter(Wire& wire, const HttpConnectionParts& parts, HttpResponse& response,
                 const ReplyShape& shape, const std::stop_source& cancel)
      : wire_(wire),
        parts_(parts),
        response_(response),
        shape_(shape),
        cancel_(cancel),
        rate_(parts.limits) {}

  Awaitable<bool> Run() {
    if (std::holds_alternative<std::string>(response_.body)) {
      co_return co_await SendText(std::get<std::string>(response_.body));
    }
    if (IsBodyless(response_.status)) co_return co_await SendText({});
    if (std::holds_alternative<std::unique_ptr<PushSource>>(response_.body)) {
      co_return co_await SendPushed(*std::get<std::unique_ptr<PushSource>>(response_.body));
    }
    co_return co_await SendSource();
  }

  std::uint64_t body_bytes() const { return body_bytes_; }
  bool keep_alive() const { return shape_.keep_alive; }

 private:
  void BeginHead();
  void EndHeadWithLength(std::uint64_t length);
  void BeginStreamedHead(std::optional<std::uint64_t> length);

  Awaitable<bool> SendText(std::string_view body);
  Awaitable<bool> SendSource();
  Awaitable<bool> SendPushed(PushSource& source);
  Awaitable<bool> SendPiece(std::string_view piece);
  Awaitable<bool> SendLastPiece();
  Awaitable<Result<std::string>> NextPiece(SourceReader& reader);
  void WatchForHangup();

  Wire& wire_;
  const HttpConnectionParts& parts_;
  HttpResponse& response_;
  ReplyShape shape_;
  const std::stop_source& cancel_;
  RateGuard rate_;
  std::string head_;      // until it has been sent
  bool chunked_ = false;  // else raw: by length, or to the end of the connection
  std::uint64_t body_bytes_ = 0;
};

void ResponseWriter::BeginHead() {
  head_.reserve(256 + response_.fields.size() + kCopiedBody);
  head_ += "HTTP/1.1 ";
  head_ += std::to_string(response_.status);
  head_ += ' ';
  head_ += ReasonOf(response_.status);
  head_ += "\r\n";
  head_ += response_.fields;
  head_ += "Date: ";
  head_ += wire_.thread().date();
  head_ += "\r\n";
  if (!shape_.keep_alive) {
    head_ += "Connection: close\r\n";
  } else if (shape_.minor_version == 0) {
    head_ += "Connection: keep-alive\r\n";
  }
}

void ResponseWriter::EndHeadWithLength(std::uint64_t length) {
  if (!IsBodyless(response_.status)) {
    head_ += "Content-Length: ";
    head_ += std::to_string(length);
    head_ += "\r\n";
  }
  head_ += "\r\n";
}

void ResponseWriter::BeginStreamedHead(std::optional<std::uint64_t> length) {
  chunked_ = !length && shape_.minor_version == 1;
  // To an HTTP/1.0 client the end of an unknown length is the end of the connection.
  if (!length && !chunked_) shape_.keep_alive = false;
  BeginHead();
  if (length) return EndHeadWithLength(*length);
  if (chunked_) head_ += "Transfer-Encoding: chunked\r\n";
  head_ += "\r\n";
}

Awaitable<bool> ResponseWriter::SendText(std::string_view body) {
  BeginHead();
  EndHeadWithLength(body.size());
  if (shape_.head_only || IsBodyless(response_.status)) body = {};
  body_bytes_ = body.size();
  if (body.size() <= kCopiedBody) {
    head_ += body;
    body = {};
  }
  const std::array<asio::const_buffer, 3> buffers{asio::buffer(head_), asio::buffer(body)};
  co_return co_await wire_.Write(buffers, rate_, parts_.limits.write_stall);
}

// One piece of a body of unknown or known length, with the head before it if that is still here.
Awaitable<bool> ResponseWriter::SendPiece(std::string_view piece) {
  if (chunked_ && !piece.empty()) head_ += ChunkHead(piece.size());
  const std::string_view end = chunked_ && !piece.empty() ? "\r\n" : "";
  const std::array<asio::const_buffer, 3> buffers{asio::buffer(head_), asio::buffer(piece),
                                                  asio::buffer(end)};
  body_bytes_ += piece.size();
  const bool sent = co_await wire_.Write(buffers, rate_, parts_.limits.write_stall);
  head_.clear();
  co_return sent;
}

Awaitable<bool> ResponseWriter::SendLastPiece() {
  if (chunked_) head_ += kLastChunk;
  co_return co_await SendPiece({});
}

void ResponseWriter::WatchForHangup() {
  if (wire_.input().size() < kReadAheadBytes) wire_.ReadAhead(kReadAheadBytes, cancel_);
}

Awaitable<Result<std::string>> ResponseWriter::NextPiece(SourceReader& reader) {
  while (!reader.asked()) {
    Status asked = reader.Ask();
    if (asked) break;
    if (asked.error().code != ErrorCode::kExhausted) co_return std::move(asked).error();
    const auto until = std::chrono::steady_clock::now() + kBusyPause;
    co_await wire_.gate().Wait(until);
  }
  while (!reader.ready()) co_await wire_.gate().Wait();
  co_return reader.Take();
}

Awaitable<bool> ResponseWriter::SendSource() {
  auto source = std::move(std::get<std::unique_ptr<ByteSource>>(response_.body));
  const std::optional<std::uint64_t> size = source->Size();
  if (shape_.head_only) {
    BeginStreamedHead(size);
    chunked_ = false;
    co_return co_await SendPiece({});
  }
  SourceReader reader(std::move(source), parts_.workers, wire_.Waker());
  for (bool first = true;; first = false) {
    WatchForHangup();
    Result<std::string> piece = co_await NextPiece(reader);
    if (first && !piece) {
      // Nothing was promised yet, so the client can still be told.
      response_ =
          parts_.service.Refuse({FaceOf(piece.error().code).http_status, piece.error()}, Peer{});
      co_return co_await SendText(std::get<std::string>(response_.body));
    }
    if (first) BeginStreamedHead(size);
    if (!piece || (size && body_bytes_ + piece->size() > *size)) co_return false;
    if (piece->empty()) break;
    // The next one is read while this one is written.
    static_cast<void>(reader.Ask());
    const bool sent = co_await SendPiece(*piece);
    if (!sent) {
      cancel_.request_stop();
      while (reader.asked() && !reader.ready()) co_await wire_.gate().Wait();
      co_return false;
    }
  }
  if (size && body_bytes_ != *size) co_return false;
  const bool ended = co_await SendLastPiece();
  co_return ended;
}

Awaitable<bool> ResponseWriter::SendPushed(PushSource& source) {
  using Clock = std::chrono::steady_clock;
  BeginStreamedHead(std::nullopt);
  if (shape_.head_only) {
    chunked_ = false;
    co_return co_await SendPiece({});
  }
  source.OnReady(wire_.Waker());
  auto quiet_since = Clock::now();
  for (bool first = true;; first = false) {
    WatchForHangup();
    if (wire_.peer_gone()) co_return false;
    PushSource::Pushed pushed = source.Poll();
    const bool draining = parts_.draining.load(std::memory_order_relaxed);
    if (draining && !pushed.ended) pushed.bytes += source.farewell();
    if (!draining && pushed.bytes.empty() &&
        Clock::now() - quiet_since >= parts_.limits.heartbeat) {
      pushed.bytes = source.heartbeat();
    }
    if (first || !pushed.bytes.empty()) {
      const bool sent = co_await SendPiece(pushed.bytes);
      if (!sent) co_return false;
      quiet_since = Clock::now();
    }
    if (pushed.ended || draining) break;
    if (pushed.bytes.empty()) {
      const auto next_beat = quiet_since + parts_.limits.heartbeat;
      co_await wire_.gate().Wait(next_beat);
    }
  }
  const bool ended = co_await SendLastPiece();
  co_return ended;
}

}  // namespace

Awaitable<Written> WriteResponse(Wire& wire, const HttpConnectionParts& parts,
                                 HttpResponse& response, const ReplyShape& shape,
                                 const std::stop_source& cancel) {
  const std::unique_ptr<SentObserver> observer = std::move(response.observer);
  wire.ForgetExpiry();
  ResponseWriter writer(wire, parts, response, shape, cancel);
  const bool whole = co_await writer.Run();
  if (observer != nullptr) observer->Sent(response.status, writer.body_bytes(), whole);
  if (!whole) co_return Written::kBroken;
  co_return writer.keep_alive() ? Written::kGoOn : Written::kLast;
}

}  // namespace weir::net
