#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <optional>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

// Goal: resources are a map from name to text, and every version of each is kept. Method: random
// applies of several at once, deletions, undeletions and rollbacks; after each step the list, the
// current versions and the whole histories are those of a std::map.
struct Model {
  std::map<std::string, std::vector<std::optional<std::string>>> versions;  // nullopt: a deletion

  const std::optional<std::string>* Now(const std::string& name) const {
    const auto found = versions.find(name);
    if (found == versions.end() || !found->second.back()) return nullptr;
    return &found->second.back();
  }

  // The outcome that an apply has.
  std::string Apply(const std::string& name, const std::string& text) {
    const auto* now = Now(name);
    const std::string outcome = now == nullptr  ? "created"
                                : **now == text ? "unchanged"
                                                : "configured";
    if (outcome != "unchanged") versions[name].push_back(text);
    return outcome + " note " + name + "\n";
  }
};

void Compare(ResourceHome& home, const std::string& run, const Model& model) {
  const auto list =
      home.service().List(home.context(), {.filter = {.type = "note", .name_pattern = "?" + run}});
  RC_ASSERT(list.has_value());
  std::size_t there = 0;
  for (const auto& [name, versions] : model.versions) {
    const auto history = home.service().History(home.context(), {.id = ResourceHome::Note(name)});
    RC_ASSERT(history.has_value());
    RC_ASSERT(history->versions.size() == versions.size());
    for (std::size_t at = 0; at < versions.size(); ++at) {
      const Resource& version = history->versions[versions.size() - 1 - at];
      RC_ASSERT(version.version == static_cast<std::int64_t>(at) + 1);
      RC_ASSERT(version.deleted == !versions[at].has_value());
      if (versions[at]) RC_ASSERT(version.spec.at("text") == boost::json::value(*versions[at]));
    }
    if (const auto* now = model.Now(name)) {
      RC_ASSERT(list->items.at(there).id.name == name);
      RC_ASSERT(list->items.at(there).spec.at("text") == boost::json::value(**now));
      ++there;
    }
  }
  RC_ASSERT(list->items.size() == there);
}

void Step(ResourceHome& home, const std::string& run, Model& model) {
  const auto name = *rc::gen::element<std::string>("a", "b", "c") + run;
  const ResourceId id = ResourceHome::Note(name);
  const int action = *rc::gen::inRange(0, 6);
  if (action <= 2) {
    std::string yaml;
    std::string expected;
    for (const std::string letter : {"a", "b", "c"}) {
      const auto text = *rc::gen::element<std::string>("", "x", "y");
      if (text.empty()) continue;
      yaml += NoteYaml(letter + run, text);
      expected += model.Apply(letter + run, text);
    }
    RC_ASSERT(home.Outcomes(home.Apply(yaml)) == expected);
  } else if (action == 3) {
    const bool deleted = home.service().Delete(home.context(), {.ids = {id}}).has_value();
    RC_ASSERT(deleted == (model.Now(name) != nullptr));
    if (deleted) model.versions[name].push_back(std::nullopt);
  } else if (action == 4) {
    const auto undeleted = home.service().Undelete(home.context(), id, home.problems());
    const bool may = model.versions.contains(name) && model.Now(name) == nullptr;
    RC_ASSERT(undeleted.has_value() == may);
    if (may) model.versions[name].push_back(*(model.versions[name].end() - 2));
  } else {
    const std::int64_t version = *rc::gen::inRange(1, 5);
    const auto back = home.service().Rollback(home.context(), id, version, home.problems());
    const bool there = model.Now(name) != nullptr;
    const auto count = there ? static_cast<std::int64_t>(model.versions[name].size()) : 0;
    const bool may = version <= count && model.versions[name][version - 1];
    RC_ASSERT(back.has_value() == may);
    if (may) model.Apply(name, *model.versions[name][version - 1]);
  }
}

// One home serves every run, under names of the run's own: making one costs more than using it.
TEST(ResourceModel, IsAMapThatForgetsNothing) {
  ResourceHome home;
  int runs = 0;
  const bool held = rc::check([&] {
    const std::string run = std::to_string(runs++);
    Model model;
    const int steps = *rc::gen::inRange(1, 8);
    for (int step = 0; step < steps; ++step) {
      Step(home, run, model);
      Compare(home, run, model);
    }
    if (runs % 16 == 0) {
      home.Reopen();
      Compare(home, run, model);
    }
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace weir::resources
