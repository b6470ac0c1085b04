#include "cli/work_call.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <utility>
#include <vector>

#include "base/json_reader.h"
#include "cli/problem_error.h"
#include "cli/progress.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestLine = 64 << 20;

// Lines of a body as they come.
class LineReader {
 public:
  explicit LineReader(ByteSource& source) : source_(source) {}

  // Empty at the end.
  Result<std::string> Next() {
    for (;;) {
      const std::size_t end = text_.find('\n');
      if (end != std::string::npos) {
        std::string line = text_.substr(0, end);
        text_.erase(0, end + 1);
        return line;
      }
      if (text_.size() > kLongestLine) return Internal("the answer has an endless line");
      ASSIGN_OR_RETURN(const std::size_t count, source_.Read(buffer_));
      if (count == 0) return std::exchange(text_, "");
      text_ += AsText(ByteView(buffer_).first(count));
    }
  }

 private:
  ByteSource& source_;
  std::string text_;
  Bytes buffer_ = Bytes(16 << 10);
};

}  // namespace

Result<json::object> CallWork(Session& session, Call call, const std::string& what,
                              const ProgressLine& line) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  call.headers.Set("Accept", "application/x-ndjson, application/json");
  Progress shown(session.terminal(), what);
  const auto began = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(api::Response response, CallRaw(*client, session.Long(), std::move(call)));
  auto* const source = std::get_if<std::unique_ptr<ByteSource>>(&response.body);
  if (source == nullptr) return Internal("{} answered something unexpected", client->Name());
  LineReader lines(**source);
  for (;;) {
    ASSIGN_OR_RETURN(const std::string text, lines.Next());
    if (text.empty()) return Unavailable("{} broke off the answer", client->Name());
    ASSIGN_OR_RETURN(const json::value said, ParseJson(text, 256));
    if (!said.is_object()) return Internal("{} answered something unexpected", client->Name());
    const json::object& object = said.get_object();
    if (const auto* result = object.if_contains("result")) return result->as_object();
    if (const auto* problem = object.if_contains("problem")) {
      const auto* status = object.if_contains("status");
      return ProblemError(status == nullptr ? 500 : status->to_number<int>(),
                          json::serialize(*problem), client->Name());
    }
    if (const auto* progress = object.if_contains("progress")) {
      shown.Say(what + ": " +
                line(progress->as_object(), std::chrono::steady_clock::now() - began));
    }
  }
}

std::string SizeText(std::uint64_t bytes) {
  constexpr std::string_view kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < std::size(kUnits); size /= 1024) ++unit;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string BytesLine(std::uint64_t done, std::uint64_t all, std::chrono::duration<double> taken) {
  std::string line = SizeText(done);
  if (all > done) line += " of " + SizeText(all);
  const double rate = static_cast<double>(done) / std::max(taken.count(), 0.001);
  line += fmt::format(", {}/s", SizeText(static_cast<std::uint64_t>(rate)));
  if (all > done && rate > 0) {
    line += fmt::format(", {:.0f} s left", static_cast<double>(all - done) / rate);
  }
  return line;
}

}  // namespace weir::cli
