#include "cli/event_reader.h"

#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "base/guarded_by.h"
#include "cli/event_parser.h"

namespace weir::cli {
namespace {

// One event holds one resource, which the control store bounds far below this.
constexpr std::size_t kEventLimit = 8 << 20;

class StreamReader : public EventReader {
 public:
  explicit StreamReader(std::unique_ptr<ByteSource> bytes) : bytes_(std::move(bytes)) {}

  Result<std::optional<api::Event>> Next(const Context& context) override {
    std::array<std::byte, 16 << 10> buffer;
    while (true) {
      if (auto event = parser_.Take()) return event;
      RETURN_IF_ERROR(context.Check());
      ASSIGN_OR_RETURN(const std::size_t read, bytes_->Read(buffer));
      if (read == 0) return std::optional<api::Event>();
      parser_.Add(AsText(ByteView(buffer).first(read)));
      if (parser_.waiting() > kEventLimit) return Exhausted("the server sent an endless event");
    }
  }

 private:
  const std::unique_ptr<ByteSource> bytes_;
  EventParser parser_;
};

class SourceReader : public EventReader {
 public:
  explicit SourceReader(std::unique_ptr<api::EventSource> source) : source_(std::move(source)) {
    source_->OnReady([this] {
      const std::lock_guard lock(mutex_);
      ready_ = true;
      changed_.notify_one();
    });
  }
  ~SourceReader() override { source_->OnReady({}); }

  Result<std::optional<api::Event>> Next(const Context& context) override {
    while (waiting_.empty()) {
      {
        const std::lock_guard lock(mutex_);
        ready_ = false;
      }
      ASSIGN_OR_RETURN(std::vector<api::Event> events, source_->Poll());
      for (api::Event& event : events) waiting_.push_back(std::move(event));
      if (!waiting_.empty()) break;
      RETURN_IF_ERROR(WaitUntilReady(context));
    }
    api::Event event = std::move(waiting_.front());
    waiting_.pop_front();
    return std::optional<api::Event>(std::move(event));
  }

 private:
  Status WaitUntilReady(const Context& context) {
    // Looks up from time to time, because a context can be cancelled without a notice to us.
    constexpr std::chrono::milliseconds kLookUp{100};
    std::unique_lock lock(mutex_);
    while (!ready_) {
      changed_.wait_for(lock, context.Remaining(kLookUp));
      RETURN_IF_ERROR(context.Check());
    }
    return Ok();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool ready_ WEIR_GUARDED_BY(mutex_) = false;
  std::deque<api::Event> waiting_;
  const std::unique_ptr<api::EventSource> source_;  // last: it calls us until it is gone
};

}  // namespace

Result<std::unique_ptr<EventReader>> ReadEvents(api::Response response) {
  using Bytes = std::unique_ptr<ByteSource>;
  using Events = std::unique_ptr<api::EventSource>;
  if (auto* const events = std::get_if<Events>(&response.body)) {
    return std::make_unique<SourceReader>(std::move(*events));
  }
  if (auto* const bytes = std::get_if<Bytes>(&response.body)) {
    return std::make_unique<StreamReader>(std::move(*bytes));
  }
  return std::make_unique<StreamReader>(SourceOf(std::move(std::get<std::string>(response.body))));
}

}  // namespace weir::cli
