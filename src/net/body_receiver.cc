#include "net/body_receiver.h"

#include <algorithm>
#include <utility>

namespace weir::net {
namespace {

constexpr std::size_t kReadBytes = 64 << 10;
constexpr std::size_t kReadAheadBytes = 4 << 10;  // of the next request

Refusal TooLarge(const HttpLimits& limits) {
  return {413, Exhausted("the body is larger than {} bytes", limits.max_body_bytes)};
}

}  // namespace

BodyReceiver::BodyReceiver(Wire& wire, const HttpLimits& limits, const RequestHead& head)
    : wire_(wire), limits_(limits), head_(head), ended_(!head.has_body()), rate_(limits) {
  if (ended_) return;
  pipe_ = std::make_shared<BodyPipe>(limits.buffered_body_bytes, head.length.content_length,
                                     wire.Waker());
}

void BodyReceiver::Fail(Refusal refusal) {
  pipe_->Fail(refusal.error);
  if (!refusal_) refusal_ = std::move(refusal);
}

// Moves one piece of what came from the wire to the pipe.
void BodyReceiver::TakeInput() {
  InputBuffer& input = wire_.input();
  ChunkedDecoder::Step step;
  if (head_.length.chunked) {
    if (auto refusal = chunks_.Next(input.data(), step)) return Fail(std::move(*refusal));
    ended_ = chunks_.done();
  } else {
    step.body = input.data().substr(0, *head_.length.content_length - received_);
    step.consumed = step.body.size();
    ended_ = received_ + step.body.size() == *head_.length.content_length;
  }
  received_ += step.body.size();
  if (received_ > limits_.max_body_bytes) return Fail(TooLarge(limits_));
  if (!step.body.empty()) pipe_->Push(step.body);
  input.Consume(step.consumed);
  if (ended_) pipe_->Finish();
}

void BodyReceiver::Pump() {
  std::size_t before = 0;
  do {
    before = wire_.input().size();
    if (ended_ || refusal_ || before == 0 || !pipe_->HasRoom()) return;
    TakeInput();
  } while (wire_.input().size() != before);
}

bool BodyReceiver::StartWhenDue(PendingAnswer& answer, WorkerPool& workers) {
  if (answer.started()) return true;
  if (!ended_ && pipe_->HasRoom() && !head_.expects_continue) return true;
  std::unique_ptr<ByteSource> body;
  if (pipe_ != nullptr) body = ReaderOf(pipe_);
  Status started = answer.Start(workers, std::move(body));
  if (started) return true;
  refusal_ = Refusal{503, std::move(started).error()};
  return false;
}

Awaitable<void> BodyReceiver::SendContinue() {
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  continued_ = true;
  RateGuard rate(limits_);
  std::array<asio::const_buffer, 3> buffers{asio::buffer(kContinue)};
  co_await wire_.Write(buffers, rate, limits_.write_stall);
}

// Until there is something to look at: input, room, the answer, or the end of the client's time.
Awaitable<void> BodyReceiver::WaitForMore(PendingAnswer& answer) {
  const bool may_send = !head_.expects_continue || (pipe_ != nullptr && pipe_->IsWanted());
  const bool wants_body = !ended_ && !refusal_ && may_send && pipe_->HasRoom();
  if (wants_body && head_.expects_continue && !continued_) co_await SendContinue();
  const std::size_t before = wire_.input().size();
  if (wants_body) {
    if (!std::exchange(is_timing_, true)) wire_.alarm().Set(rate_.Begin());
    wire_.ReadAhead(kReadBytes, answer.cancel());
  } else if (ended_ && before < kReadAheadBytes) {
    wire_.ReadAhead(kReadAheadBytes, answer.cancel());
  }
  if (!wire_.peer_gone() || ended_ || refusal_) co_await wire_.gate().Wait();
  if (is_timing_ && !wire_.is_reading_ahead()) {
    is_timing_ = false;
    rate_.End(wire_.input().size() - before);
    wire_.alarm().Clear();
  }
  if (ended_ || refusal_) co_return;
  if (wire_.expired()) {
    Fail({408, Deadline("the body came slower than {} bytes per second", limits_.min_rate)});
  } else if (wire_.peer_gone()) {
    Pump();
    if (!ended_) Fail({400, Cancelled("the client left before the end of its body")});
  }
}

Awaitable<std::optional<Refusal>> BodyReceiver::ReceiveFor(PendingAnswer& answer,
                                                           WorkerPool& workers) {
  if (head_.length.content_length.value_or(0) > limits_.max_body_bytes) co_return TooLarge(limits_);
  while (!answer.ready()) {
    Pump();
    if (!answer.started() && refusal_) break;
    if (!StartWhenDue(answer, workers)) break;
    if (answer.ready()) break;
    co_await WaitForMore(answer);
  }
  wire_.alarm().Clear();
  if (!wire_.is_reading_ahead()) wire_.input().Shrink(kReadAheadBytes);
  co_return std::move(refusal_);
}

}  // namespace weir::net
