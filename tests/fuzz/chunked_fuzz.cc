// Goal: where the pieces of a chunked body end changes nothing, whatever its bytes. Method: the
// first byte says how long pieces are; the rest goes in whole and in such pieces, to the same end.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "net/chunked.h"

namespace {

struct Outcome {
  std::string body = {};
  std::size_t consumed = 0;
  bool done = false;
  bool refused = false;
};

Outcome Decode(std::string_view text, std::size_t piece) {
  Outcome outcome;
  weir::net::ChunkedDecoder decoder;
  std::string pending;
  for (std::size_t at = 0; at < text.size() && !decoder.done(); at += piece) {
    pending += text.substr(at, piece);
    for (std::size_t before = 0; before != pending.size() && !decoder.done();) {
      before = pending.size();
      weir::net::ChunkedDecoder::Step step;
      if (decoder.Next(pending, step)) return {.refused = true};
      WEIR_CHECK(step.consumed <= pending.size());
      outcome.body += step.body;
      outcome.consumed += step.consumed;
      pending.erase(0, step.consumed);
    }
  }
  outcome.done = decoder.done();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const Outcome whole = Decode(text, std::max<std::size_t>(text.size(), 1));
  const Outcome pieces = Decode(text, 1U + data[0] % 16U);
  WEIR_CHECK(whole.done == pieces.done);
  if (!whole.done) return 0;
  WEIR_CHECK(whole.body == pieces.body && whole.consumed == pieces.consumed);
  // What was taken is a whole body for any other reader too.
  WEIR_CHECK(Decode(text.substr(0, whole.consumed), 7).done);
  return 0;
}
