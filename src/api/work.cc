#include "api/work.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "base/exception_error.h"
#include "base/guarded_by.h"

namespace weir::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kLines = "application/x-ndjson";
constexpr std::chrono::milliseconds kReportEvery{500};

// What the thread at work says, and the reader of the body takes.
class Lines {
 public:
  void Report(json::object progress) {
    const std::lock_guard lock(mutex_);
    progress_ = std::move(progress);  // the latest is enough
  }

  void End(std::string line) {
    const std::lock_guard lock(mutex_);
    last_ = std::move(line);
    ended_.notify_one();
  }

  // The next line; empty at the end.
  std::string Next() {
    std::unique_lock lock(mutex_);
    if (over_) return "";
    while (!ended_.wait_for(lock, kReportEvery, [&] { return last_.has_value(); })) {
      if (!progress_) continue;
      std::string line = json::serialize(json::object{{"progress", *std::move(progress_)}}) + "\n";
      progress_.reset();
      return line;
    }
    over_ = true;
    return *std::move(last_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<json::object> progress_ WEIR_GUARDED_BY(mutex_);
  std::optional<std::string> last_ WEIR_GUARDED_BY(mutex_);
  bool over_ WEIR_GUARDED_BY(mutex_) = false;
};

// A body made by a thread of its own, which is told to end when nobody reads any more.
class WorkSource final : public ByteSource {
 public:
  WorkSource(const Context& context, std::string path, Work work)
      : path_(std::move(path)),
        work_(std::move(work)),
        context_(Context::Background()
                     .WithPrincipal(context.principal())
                     .WithRequestId(context.request_id())
                     .WithCancel(stop_.get_token())),
        thread_([this] { Run(); }) {}

  ~WorkSource() override { stop_.request_stop(); }

  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    if (line_.empty()) line_ = lines_.Next();
    const std::size_t count = std::min(buffer.size(), line_.size());
    const ByteView bytes = AsBytes(line_).first(count);
    std::copy(bytes.begin(), bytes.end(), buffer.begin());
    line_.erase(0, count);
    return count;
  }

 private:
  void Run() {
    const Report report = [this](json::object progress) { lines_.Report(std::move(progress)); };
    auto result = NoExceptions("do the work of a request", [&] { return work_(context_, report); });
    json::object line;
    if (result) {
      line["result"] = *std::move(result);
    } else {
      const Problem problem{.error = std::move(result).error()};
      const Response response = ToResponse(problem, context_, path_);
      line["problem"] = json::parse(std::get<std::string>(response.body));
      line["status"] = response.status;
    }
    lines_.End(json::serialize(line) + "\n");
  }

  const std::string path_;
  const Work work_;
  std::stop_source stop_;
  const Context context_;
  Lines lines_;
  std::string line_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace

Outcome DoWork(const Call& call, Work work) {
  const std::string_view accepted = call.request.headers.Get("Accept").value_or("");
  if (accepted.find(kLines) != std::string_view::npos) {
    return Response{
        .headers = {{"Content-Type", std::string(kLines)}},
        .body = std::make_unique<WorkSource>(call.context, call.request.path, std::move(work))};
  }
  auto result = work(call.context, [](const json::object& /*progress*/) {});
  if (!result) return std::move(result).error();
  return JsonResponse(*result);
}

Answer WorkAnswer(std::string_view shape, std::string description) {
  return {.description = std::move(description),
          .schema = schema::Ref(shape),
          .content_types = {"application/json", std::string(kLines)}};
}

}  // namespace weir::api
