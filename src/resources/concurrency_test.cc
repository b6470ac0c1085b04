#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

std::string CounterYaml(int value) {
  return NoteYaml("counter", "t" + std::to_string(value),
                  "  labels: {value: '" + std::to_string(value) + "'}\n");
}

// Goal: of two who read the same version, one applies and the other is told. Method: threads count
// one resource up, each by reading it and applying what it read plus one with the version it read;
// a lost update would leave the count short.
TEST(Concurrency, NoUpdateIsLostUnderExpectedVersions) {
  constexpr int kThreads = 4;
  constexpr int kSteps = 10;
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(CounterYaml(0))));
  const auto count_up = [&home] {
    for (int step = 0; step < kSteps;) {
      const auto now = home.service().Get(home.context(), ResourceHome::Note("counter"));
      const int value = std::stoi(std::string(now->spec.at("labels").at("value").as_string()));
      Problems problems;
      const ApplyRequest request{.documents = {{.source = "t", .text = CounterYaml(value + 1)}},
                                 .expected_version = now->version};
      const auto applied = home.service().Apply(home.context(), request, problems);
      if (applied) {
        ++step;
      } else {
        EXPECT_EQ(applied.error().code, ErrorCode::kConflict) << applied.error().message;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) threads.emplace_back(count_up);
  }
  const auto now = home.service().Get(home.context(), ResourceHome::Note("counter"));
  EXPECT_EQ(now->spec.at("labels").at("value"),
            boost::json::value(std::to_string(kThreads * kSteps)));
  EXPECT_EQ(now->version, kThreads * kSteps + 1);
}

// Goal: two resources that are always applied together are never seen apart. Method: writers apply
// pairs of equal texts, readers list both in one snapshot.
TEST(Concurrency, WhatIsAppliedTogetherIsSeenTogether) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "t0") + NoteYaml("b", "t0"))));
  std::atomic<bool> done = false;
  std::atomic<int> lists = 0;
  std::jthread reader([&] {
    while (!done || lists == 0) {
      const auto list = home.service().List(home.context(), {.filter = {.type = "note"}});
      ASSERT_TRUE(IsOk(list));
      EXPECT_EQ(list->items.at(0).spec.at("text"), list->items.at(1).spec.at("text"));
      ++lists;
    }
  });
  std::vector<std::jthread> writers;
  for (int writer = 0; writer < 3; ++writer) {
    writers.emplace_back([&home, writer] {
      for (int step = 0; step < 10; ++step) {
        const std::string text = "w" + std::to_string(writer) + "s" + std::to_string(step);
        Problems problems;
        const auto applied = home.service().Apply(
            home.context(),
            {.documents = {{.source = "t", .text = NoteYaml("a", text) + NoteYaml("b", text)}}},
            problems);
        EXPECT_TRUE(applied || applied.error().code == ErrorCode::kConflict);
      }
    });
  }
  writers.clear();
  done = true;
}

// Goal: a resource never comes to need something that is being deleted. Method: one thread applies
// a note that needs another, one deletes that other; whoever is second is refused.
TEST(Concurrency, ANeedAndADeletionExcludeEachOther) {
  ResourceHome home;
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(IsOk(home.Apply(NoteYaml("z", "x" + std::to_string(round)))));
    bool applied = false;
    bool deleted = false;
    {
      const std::jthread applier([&] {
        Problems problems;
        applied =
            home.service()
                .Apply(
                    home.context(),
                    {.documents = {{.source = "t", .text = NoteYaml("a", "x", "  needs: [z]\n")}}},
                    problems)
                .has_value();
      });
      const std::jthread deleter([&] {
        deleted =
            home.service().Delete(home.context(), {.ids = {ResourceHome::Note("z")}}).has_value();
      });
    }
    EXPECT_NE(applied, deleted);
    if (applied) {
      ASSERT_TRUE(IsOk(home.service().Delete(home.context(), {.ids = {ResourceHome::Note("a")}})));
    }
  }
}

}  // namespace
}  // namespace weir::resources
