#include "api/watch_stream.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "api/testing/api_harness.h"
#include "base/testing/matchers.h"

namespace weir::api {
namespace {

using resources::ResourceEvent;
using Polled = Result<std::vector<ResourceEvent>>;

/// A watch whose answers the test has written down.
class ScriptedWatch : public resources::ResourceWatch {
 public:
  explicit ScriptedWatch(std::deque<Polled> answers) : answers_(std::move(answers)) {}

  Polled Poll(std::size_t /*max_events*/) override {
    if (answers_.empty()) return std::vector<ResourceEvent>();
    Polled next = std::move(answers_.front());
    answers_.pop_front();
    return next;
  }
  Polled Next(const Context& /*context*/, std::size_t max_events) override {
    return Poll(max_events);
  }
  void OnReady(std::function<void()> /*ready*/) override {}

 private:
  std::deque<Polled> answers_;
};

ResourceEvent Deletion(control::Revision revision, std::string name) {
  return {.kind = ResourceEvent::Kind::kDeleted,
          .revision = revision,
          .id = {"note", "public", std::move(name)}};
}

std::vector<std::string> IdsOf(const std::vector<Event>& events) {
  std::vector<std::string> ids;
  for (const Event& event : events) ids.push_back(event.id);
  return ids;
}

TEST(WatchStream, AnIdInsideACommitIsTheRevisionBeforeIt) {
  const auto stream = StreamOf(std::make_unique<ScriptedWatch>(std::deque<Polled>{
      std::vector{Deletion(5, "a"), Deletion(5, "b"), Deletion(7, "c"), Deletion(7, "d")}}));
  EXPECT_EQ(IdsOf(stream->Poll().value()), (std::vector<std::string>{"4", "5", "6", "7"}));
}

TEST(WatchStream, AFullBatchMayEndInsideACommit) {
  std::vector<ResourceEvent> full;
  for (int i = 0; i < 500; ++i) full.push_back(Deletion(9, "n" + std::to_string(i)));
  const auto stream = StreamOf(std::make_unique<ScriptedWatch>(std::deque<Polled>{full}));
  EXPECT_EQ(stream->Poll().value().back().id, "8");
}

TEST(WatchStream, AReaderThatFellBehindIsToldBeforeTheEnd) {
  const auto stream = StreamOf(std::make_unique<ScriptedWatch>(
      std::deque<Polled>{Exhausted("too far behind").WithHint("list again")}));
  int woken = 0;
  stream->OnReady([&] { ++woken; });
  const auto last = stream->Poll().value();
  ASSERT_EQ(last.size(), 1U);
  EXPECT_EQ(last[0].type, "too-old");
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(CodeOf(stream->Poll()), ErrorCode::kExhausted);
  EXPECT_EQ(CodeOf(stream->Poll()), ErrorCode::kExhausted);
}

TEST(WatchStream, AFailureEndsIt) {
  const auto stream = StreamOf(
      std::make_unique<ScriptedWatch>(std::deque<Polled>{Unavailable("the store is gone")}));
  EXPECT_EQ(CodeOf(stream->Poll()), ErrorCode::kUnavailable);
}

// The first `count` events that are no bookmarks, and those that came with them; fewer when they
// take longer than ten seconds.
std::vector<Event> Await(EventSource& events, std::size_t count) {
  std::mutex mutex;
  std::condition_variable woken;
  bool ready = true;
  events.OnReady([&] {
    const std::lock_guard lock(mutex);
    ready = true;
    woken.notify_one();
  });
  std::vector<Event> all;
  while (all.size() < count) {
    {
      std::unique_lock lock(mutex);
      if (!woken.wait_for(lock, std::chrono::seconds(10), [&] { return ready; })) break;
      ready = false;
    }
    const std::vector<Event> polled = events.Poll().value();
    for (const Event& event : polled) {
      if (event.type != "bookmark") all.push_back(event);
    }
  }
  events.OnReady({});
  return all;
}

std::string Note(std::string_view name, std::string_view text) {
  return fmt::format("name: {}\nversion: v1\ntype: note\nnote: {{text: {}}}\n", name, text);
}

TEST(WatchRoute, TellsWhatHappensAfterTheList) {
  ApiHarness api;
  api.Apply(Note("before", "x"));
  const std::string revision = api.Get("/api/resources?type=note").Text("/revision");
  const Told watch = api.Get("/api/resources?type=note&watch=true&from=" + revision);
  ASSERT_NE(watch.events, nullptr);
  EXPECT_EQ(watch.Header("Content-Type"), "text/event-stream");
  api.Apply(Note("a", "one"));
  const auto applied = Await(*watch.events, 1);
  ASSERT_EQ(applied.size(), 1U);
  EXPECT_EQ(applied[0].type, "applied");
  EXPECT_NE(applied[0].data.find(R"("name":"a")"), std::string::npos) << applied[0].data;
  api.Send({.method = Method::kDelete, .target = "/api/resources/note/a"});
  const auto deleted = Await(*watch.events, 1);
  ASSERT_EQ(deleted.size(), 1U);
  EXPECT_EQ(deleted[0].type, "deleted");
}

TEST(WatchRoute, GoesOnAfterTheLastEventThatCame) {
  ApiHarness api;
  const std::string revision = api.Get("/api/resources").Text("/revision");
  api.Apply(Note("a", "one"));
  api.Apply(Note("b", "one"));
  const std::string target = "/api/resources?type=note&watch=true&from=" + revision;
  const Told watch = api.Get(target);
  const auto first = Await(*watch.events, 2);
  ASSERT_EQ(first.size(), 2U);
  const Told again = api.Send({.target = target, .headers = {{"Last-Event-ID", first[0].id}}});
  const auto second = Await(*again.events, 1);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].data, first[1].data);
}

// The log of changes goes back a week; what the process itself remembers goes with a restart.
TEST(WatchRoute, WhatIsNoLongerKeptIsTooOld) {
  ApiHarness api;
  const std::string revision = api.Get("/api/resources").Text("/revision");
  api.Apply(Note("a", "one"));
  api.clock.Advance(std::chrono::hours(24 * 8));
  api.Apply(Note("a", "two"));
  api.Apply(Note("a", "three"));
  api.Restart();
  const Told watch = api.Get("/api/resources?watch=true&from=" + revision);
  ASSERT_EQ(watch.status, 200);
  const auto events = Await(*watch.events, 1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].type, "too-old");
  EXPECT_EQ(CodeOf(watch.events->Poll()), ErrorCode::kExhausted);
}

TEST(WatchRoute, FollowsOneResourceAlone) {
  ApiHarness api;
  api.Apply(Note("a", "one"));
  const std::string revision = api.Get("/api/resources").Text("/revision");
  const Told watch = api.Get("/api/resources/note/a?watch=true&from=" + revision);
  api.Apply(Note("b", "one"));
  api.Apply(Note("a", "two"));
  const auto events = Await(*watch.events, 1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_NE(events[0].data.find("two"), std::string::npos);
}

}  // namespace
}  // namespace weir::api
