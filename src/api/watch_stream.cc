#include "api/watch_stream.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <functional>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::api {
namespace {

namespace json = boost::json;
using resources::ResourceEvent;

constexpr std::size_t kMaxEvents = 500;

Event TooOld() {
  return {.type = "too-old",
          .data = R"({"message":"the changes asked for are no longer kept","hint":"list again"})"};
}

// The resource as it is; of a deleted one its id, of a bookmark the revision.
std::string DataOf(const ResourceEvent& event) {
  if (event.resource) return json::serialize(ToJson(*event.resource));
  if (event.kind == ResourceEvent::Kind::kBookmark) {
    return json::serialize(json::object{{"revision", event.revision}});
  }
  json::object id{{"type", event.id.type}, {"name", event.id.name}};
  if (!event.id.workspace.empty()) id["workspace"] = event.id.workspace;
  return json::serialize(id);
}

std::string_view TypeOf(ResourceEvent::Kind kind) {
  switch (kind) {
    case ResourceEvent::Kind::kApplied:
      return "applied";
    case ResourceEvent::Kind::kDeleted:
      return "deleted";
    case ResourceEvent::Kind::kBookmark:
      return "bookmark";
  }
  return "bookmark";
}

// One event in the form of a stream; `last` when no other of its revision can follow.
Event ToEvent(const ResourceEvent& event, bool last) {
  const auto resume = last ? event.revision : event.revision - 1;
  return {
      .type = std::string(TypeOf(event.kind)), .id = std::to_string(resume), .data = DataOf(event)};
}

class WatchStream : public EventSource {
 public:
  explicit WatchStream(std::unique_ptr<resources::ResourceWatch> watch)
      : watch_(std::move(watch)) {}

  Result<std::vector<Event>> Poll() override {
    if (over_) return *over_;
    auto polled = Gather();
    if (!polled) return End(std::move(polled).error());
    std::vector<Event> events;
    events.reserve(polled->size());
    for (std::size_t i = 0; i < polled->size(); ++i) {
      const ResourceEvent& event = (*polled)[i];
      const bool last = i + 1 < polled->size() ? (*polled)[i + 1].revision > event.revision
                                               : polled->size() < kMaxEvents;
      events.push_back(ToEvent(event, last));
    }
    return events;
  }

  void OnReady(std::function<void()> ready) override {
    watch_->OnReady(ready);
    ready_ = std::move(ready);
  }

 private:
  // All there is, or kMaxEvents and maybe more: only after an empty poll is it sure that the last
  // commit has been given whole.
  Result<std::vector<ResourceEvent>> Gather() {
    std::vector<ResourceEvent> all;
    while (all.size() < kMaxEvents) {
      ASSIGN_OR_RETURN(std::vector<ResourceEvent> more, watch_->Poll(kMaxEvents - all.size()));
      if (more.empty()) return all;
      std::move(more.begin(), more.end(), std::back_inserter(all));
    }
    if (ready_) ready_();  // there may be more, and nothing else would say so
    return all;
  }

  // A reader that fell behind is told so before the stream ends with the next Poll.
  Result<std::vector<Event>> End(Error error) {
    over_ = error;
    if (error.code != ErrorCode::kExhausted) return error;
    if (ready_) ready_();
    return std::vector<Event>{TooOld()};
  }

  const std::unique_ptr<resources::ResourceWatch> watch_;
  std::function<void()> ready_;
  std::optional<Error> over_;
};

// A stream that has nothing to tell but that it is over.
class TooOldStream : public EventSource {
 public:
  Result<std::vector<Event>> Poll() override {
    if (told_) return Exhausted("the changes asked for are no longer kept").WithHint("list again");
    told_ = true;
    if (ready_) ready_();
    return std::vector<Event>{TooOld()};
  }

  void OnReady(std::function<void()> ready) override {
    ready_ = std::move(ready);
    if (ready_) ready_();
  }

 private:
  std::function<void()> ready_;
  bool told_ = false;
};

}  // namespace

Result<std::unique_ptr<EventSource>> OpenWatchStream(resources::ResourceService& service,
                                                     const resources::ResourceFilter& filter,
                                                     control::Revision from) {
  auto watch = service.Watch(filter, from);
  if (!watch && watch.error().code == ErrorCode::kExhausted) {
    return std::make_unique<TooOldStream>();
  }
  if (!watch) return std::move(watch).error();
  return StreamOf(*std::move(watch));
}

std::unique_ptr<EventSource> StreamOf(std::unique_ptr<resources::ResourceWatch> watch) {
  return std::make_unique<WatchStream>(std::move(watch));
}

}  // namespace weir::api
