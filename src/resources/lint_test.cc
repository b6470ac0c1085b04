#include "resources/lint.h"

#include <gtest/gtest.h>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

std::string LintLines(const std::string& text) {
  KindRegistry registry;
  registry.Add(MakeWorkspaceKind());
  registry.Add(MakeBundleKind(registry));
  registry.Add(MakeNoteKind());
  std::string lines;
  for (const LintFinding& finding : Lint(registry, {{.source = "t", .text = text}})) {
    lines += finding.place.ToString() + " " + finding.type + " " + finding.name + " " +
             std::string(NameOf(finding.verdict)) + ": " + finding.sentence + "\n";
  }
  return lines;
}

TEST(Lint, SaysOfEachManifestWhetherItApplies) {
  EXPECT_EQ(LintLines(NoteYaml("a", "x") +
                      "name: w\nversion: v1\ntype: workflow\nworkflow: {dag: []}\n---\n"
                      "name: b\nversion: v1\ntype: note\nnote: {text: x, voice: loud}\n---\n"
                      "name: c\nversion: v1\ntype: note\nnote: {txt: x}\n---\n"
                      "kind: DatasetSnapshot\nversion: 1\ncontent: {name: d}\n"),
            "t:1:1 note a applies: applies\n"
            "t:7:1 workflow w not-here-yet: kind workflow is not here yet\n"
            "t:12:1 note b not-here-yet: the key note.voice is not here yet\n"
            "t:17:1 note c wrong: note has no key txt\n"
            "t:22:1 dataset  not-here-yet: kind dataset is not here yet\n");
}

TEST(Lint, DoesNotAskWhatIsStored) {
  EXPECT_EQ(LintLines("workspace: nowhere\n" + NoteYaml("a", "x", "  needs: [nothing]\n")),
            "t:1:1 note a applies: applies\n");
}

TEST(Lint, LooksIntoBundles) {
  EXPECT_EQ(LintLines("name: b\nversion: v1beta\ntype: bundle\nbundle: {resources: [{id: a, spec: "
                      "{name: w, version: v1, type: workflow}}]}\n"),
            "t:1:1 bundle b not-here-yet: kind workflow is not here yet\n");
}

TEST(Lint, NamesThePlaceOfWhatIsNoYaml) {
  EXPECT_EQ(
      LintLines("a: [b\n"),
      "t:2:1   wrong: YAML: did not find expected ',' or ']' while parsing a flow sequence\n");
}

}  // namespace
}  // namespace weir::resources
