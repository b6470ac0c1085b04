#include <gtest/gtest.h>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

const ResourceId kBundle{.type = "bundle", .workspace = "", .name = "b"};

// A bundle of notes: each is "id text", then the ids it depends on.
std::string BundleOf(const std::vector<std::vector<std::string>>& notes,
                     const std::string& more = "") {
  std::string text = "name: b\nversion: v1beta\ntype: bundle\nbundle:\n" + more + "  resources:\n";
  for (const auto& note : notes) {
    text += "    - id: " + note[0] + "\n      spec: {name: " + note[0] +
            ", version: v1, type: note, note: {text: " + note[1] + "}}\n";
    if (note.size() == 2) continue;
    text += "      dependencies:\n";
    for (std::size_t at = 2; at < note.size(); ++at) text += "        - " + note[at] + "\n";
  }
  return text;
}

TEST(Bundle, MakesWhatItBringsInItsOrder) {
  ResourceHome home;
  EXPECT_EQ(home.Outcomes(home.Apply(BundleOf({{"one", "x", "two"}, {"two", "y"}}))),
            "created note two\ncreated note one\ncreated bundle b\n")
      << home.ProblemLines();
  EXPECT_EQ(home.service().Get(home.context(), ResourceHome::Note("one"))->managed_by, kBundle);
}

TEST(Bundle, MakesItsWorkspacesFirst) {
  ResourceHome home;
  EXPECT_EQ(home.Outcomes(home.Apply(
                "name: b\nversion: v1beta\ntype: bundle\nbundle:\n  resources:\n    - id: one\n"
                "      workspace: lab\n      spec: {name: n, version: v1, type: note, note: "
                "{text: x}}\n  workspaces:\n    - {name: lab, description: d, labels: {a: b}}\n")),
            "created workspace lab\ncreated note n\ncreated bundle b\n")
      << home.ProblemLines();
}

TEST(Bundle, DeletesWhatItNoLongerBrings) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(BundleOf({{"one", "x"}, {"two", "y"}}))));
  EXPECT_EQ(home.Outcomes(home.Apply(BundleOf({{"one", "x"}}))),
            "unchanged note one\nconfigured bundle b\ndeleted note two\n");
  EXPECT_EQ(home.Outcomes(home.service().Delete(home.context(), {.ids = {kBundle}})),
            "deleted bundle b\ndeleted note one\n");
}

TEST(Bundle, KeepsWhatItNoLongerBringsWhileOthersNeedIt) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(BundleOf({{"one", "x"}, {"two", "y"}}))));
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("c", "z", "  needs: [two]\n"))));
  const std::string before = home.Everything();
  EXPECT_EQ(CodeOf(home.Apply(BundleOf({{"one", "x"}}))), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(home.service().Delete(home.context(), {.ids = {kBundle}})),
            ErrorCode::kConflict);
  EXPECT_EQ(home.Everything(), before);
}

TEST(Bundle, OwnsWhatItBrings) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(BundleOf({{"one", "x"}}))));
  EXPECT_EQ(CodeOf(home.Apply(NoteYaml("one", "other"))), ErrorCode::kConflict);
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:1:1: note one in workspace public belongs to bundle b (change it there)\n");
  const auto refused = home.service().Delete(home.context(), {.ids = {ResourceHome::Note("one")}});
  ASSERT_EQ(CodeOf(refused), ErrorCode::kConflict);
  EXPECT_EQ(refused.error().message, "note one in workspace public belongs to bundle b");
}

TEST(Bundle, TakesOverWhatNobodyOwns) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("one", "x"))));
  EXPECT_EQ(home.Outcomes(home.Apply(BundleOf({{"one", "x"}}))),
            "configured note one\ncreated bundle b\n");
}

TEST(Bundle, NamesWhatIsWrongInItsResourcesWithTheirPlace) {
  ResourceHome home;
  EXPECT_FALSE(home.Apply(BundleOf({{"one", "wrong"}, {"two", "y", "on"}, {"two", "z"}})));
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:11:11: no resource of the bundle has id on (did you mean one?)\n"
            "test.yaml:12:7: id two is there twice\n");
  EXPECT_FALSE(home.Apply(BundleOf({{"one", "wrong"}})));
  EXPECT_EQ(home.ProblemLines(), "test.yaml:7:57: this text is wrong (write another)\n");
}

TEST(Bundle, ReadsManifestsFromTheFilesItNames) {
  ResourceHome home;
  const std::string bundle =
      "name: b\nversion: v1beta\ntype: bundle\nbundle:\n  resources:\n    - id: one\n"
      "      file: notes/one.yaml\n";
  const auto with = [&home, &bundle](const std::string& text) {
    return home.Apply(bundle, {.attachments = {{.source = "notes/one.yaml", .text = text}}});
  };
  EXPECT_FALSE(with("name: one\nversion: v1\ntype: note\nnote:\n  txt: x\n"));
  EXPECT_EQ(home.ProblemLines(),
            "notes/one.yaml:5:3: note has no key txt (did you mean text?)\n"
            "notes/one.yaml:5:3: note.text is missing\n");
  EXPECT_FALSE(with(NoteYaml("one", "x") + NoteYaml("two", "x")));
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:7:7: notes/one.yaml must hold one manifest, and holds 2\n");
  EXPECT_EQ(home.Outcomes(with(NoteYaml("one", "x"))), "created note one\ncreated bundle b\n");
  EXPECT_EQ(home.Outcomes(home.service().Rollback(home.context(), kBundle, 1, home.problems())),
            "unchanged note one\nunchanged bundle b\n");
}

TEST(Bundle, StandsInNoOtherBundle) {
  ResourceHome home;
  EXPECT_FALSE(
      home.Apply("name: a\nversion: v1beta\ntype: bundle\nbundle:\n  resources:\n    - id: one\n"
                 "      spec: {name: b, version: v1beta, type: bundle, bundle: {resources: [{id: "
                 "two, spec: {name: n, version: v1, type: note, note: {text: x}}}]}}\n"));
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:7:13: bundle b stands inside another one (declare it by itself)\n");
}

TEST(Bundle, IsWhatItsResourcesAre) {
  ResourceHome home;
  const std::string conditions =
      BundleOf({{"one", "x"}, {"two", "y"}}) +
      "      dependencyConditions:\n"
      "        - resourceId: one\n          runtime: {is: [succeeded]}\n";
  ASSERT_TRUE(IsOk(home.Apply(conditions))) << home.ProblemLines();
  const auto status = [&] { return home.service().Get(home.context(), kBundle)->status; };
  EXPECT_EQ(status().aggregate, Aggregate::kPending);
  EXPECT_EQ(status().conditions[0].message, "two waits for one");
  auto& service = home.service();
  const ResourceId one = ResourceHome::Note("one");
  ASSERT_TRUE(IsOk(
      service.SetStatus(home.context(), one, {.runtime = "succeeded", .observed_generation = 1})));
  EXPECT_EQ(status().aggregate, Aggregate::kActive);
  ASSERT_TRUE(IsOk(service.SetStatus(home.context(), one,
                                     {.aggregate = Aggregate::kError, .observed_generation = 1})));
  EXPECT_EQ(status().aggregate, Aggregate::kError);
  EXPECT_EQ(status().conditions[0].message, "note one in workspace public is error");
}

}  // namespace
}  // namespace weir::resources
