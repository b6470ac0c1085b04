#include <gtest/gtest.h>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

// Goal: whatever is wrong is refused whole, with its place, the key and what was meant. Method:
// each case applies a right manifest together with a wrong one, reads the problem, and sees that
// the store has not changed by a byte.
struct BadInput {
  const char* name;
  std::string text;
  std::string problem;
};

class BadInputTest : public testing::TestWithParam<BadInput> {};

TEST_P(BadInputTest, IsRefusedWholeWithItsPlace) {
  ResourceHome home;
  const std::string before = home.Everything();
  const auto revision = home.store().revision();
  EXPECT_FALSE(home.Apply(GetParam().text,
                          {.documents = {{.source = "right.yaml", .text = NoteYaml("a", "x")}}}));
  EXPECT_EQ(home.ProblemLines(), GetParam().problem + "\n");
  EXPECT_EQ(home.Everything(), before);
  EXPECT_EQ(home.store().revision(), revision);
}

const std::string kHead = "name: b\nversion: v1\ntype: note\n";

INSTANTIATE_TEST_SUITE_P(
    All, BadInputTest,
    testing::Values(
        BadInput{"UnknownKey", kHead + "note:\n  text: x\n  color: red\n",
                 "test.yaml:6:3: note has no key color (did you mean colour?)"},
        BadInput{"UnknownKeyFarFromAny", kHead + "note:\n  text: x\n  zzzzzz: red\n",
                 "test.yaml:6:3: note has no key zzzzzz (it has text, colour, size, ratio, needs, "
                 "labels, at, body, voice)"},
        BadInput{"UnknownHeaderKey", kHead + "ownr: ann\nnote:\n  text: x\n",
                 "test.yaml:4:1: the manifest has no key ownr (did you mean owner?)"},
        BadInput{"WrongType", kHead + "note:\n  text: x\n  size: big\n",
                 "test.yaml:6:9: note.size must be a whole number, not text"},
        BadInput{"MappingForText", kHead + "note:\n  text:\n    a: b\n",
                 "test.yaml:6:5: note.text must be text, not a mapping"},
        BadInput{"ListForMapping", kHead + "note: [x]\n",
                 "test.yaml:4:7: note must be a mapping, not a list"},
        BadInput{"OutOfRange", kHead + "note:\n  text: x\n  size: 10\n",
                 "test.yaml:6:9: note.size must be at most 9"},
        BadInput{"WrongChoice", kHead + "note:\n  text: x\n  colour: gren\n",
                 "test.yaml:6:11: note.colour cannot be gren (did you mean green?)"},
        BadInput{"WrongTime", kHead + "note:\n  text: x\n  at: yesterday\n",
                 "test.yaml:6:7: note.at is no time (write 2026-01-31T12:00:00Z)"},
        BadInput{"MissingKey", kHead + "note:\n  size: 1\n", "test.yaml:5:3: note.text is missing"},
        BadInput{"MissingSpec", kHead, "test.yaml:1:1: note is missing"},
        BadInput{"MissingType", "name: b\nversion: v1\n",
                 "test.yaml:1:1: type is missing (it says what is declared: type: secret)"},
        BadInput{"UnknownKind", "name: b\nversion: v1\ntype: notes\n",
                 "test.yaml:3:1: there is no kind notes (did you mean note?)"},
        BadInput{"KindToCome", "name: b\nversion: v1\ntype: workflow\n",
                 "test.yaml:3:1: kind workflow is not here yet (weir get --types lists those that "
                 "are)"},
        BadInput{"OdfKindToCome", "kind: DatasetSnapshot\nversion: 1\ncontent:\n  name: x\n",
                 "test.yaml:1:1: kind dataset is not here yet (weir get --types lists those that "
                 "are)"},
        BadInput{"KeyToCome", kHead + "note:\n  text: x\n  voice: loud\n",
                 "test.yaml:6:3: the key note.voice is not here yet"},
        BadInput{"UnknownVersion", "name: b\nversion: v7\ntype: note\nnote:\n  text: x\n",
                 "test.yaml:2:10: version cannot be v7 (one of v1, v1beta)"},
        BadInput{"BadName", "name: Big_B\nversion: v1\ntype: note\nnote:\n  text: x\n",
                 "test.yaml:1:1: Big_B is no name for a note (at most 48 characters of the form "
                 "[a-z0-9]([-a-z0-9]*[a-z0-9])?)"},
        BadInput{"LongName",
                 "name: " + std::string(49, 'b') + "\nversion: v1\ntype: note\nnote:\n  text: x\n",
                 "test.yaml:1:1: " + std::string(49, 'b') +
                     " is no name for a note (at most 48 characters of the form "
                     "[a-z0-9]([-a-z0-9]*[a-z0-9])?)"},
        BadInput{"NoWorkspace", kHead + "workspace: moon\nnote:\n  text: x\n",
                 "test.yaml:1:1: note b in workspace moon: there is no such workspace (apply a "
                 "manifest of type workspace first, or in the same run)"},
        BadInput{"MissingDependency", kHead + "note:\n  text: x\n  needs: [z]\n",
                 "test.yaml:6:11: note b in workspace public needs note z in workspace public, "
                 "which is not there (apply it first, or in the same run)"},
        BadInput{"Cycle",
                 NoteYaml("b", "x", "  needs: [c]\n") + NoteYaml("c", "x", "  needs: [b]\n"),
                 "test.yaml:8:1: a cycle: note b in workspace public needs note c in workspace "
                 "public needs note b in workspace public (leave one of these dependencies out)"},
        BadInput{"NeedsItself", NoteYaml("b", "x", "  needs: [b]\n"),
                 "test.yaml:1:1: a cycle: note b in workspace public needs note b in workspace "
                 "public (leave one of these dependencies out)"},
        BadInput{"Duplicate", NoteYaml("b", "x") + NoteYaml("b", "y"),
                 "test.yaml:7:1: note b in workspace public is declared twice (it is also at "
                 "test.yaml:1:1)"},
        BadInput{"KeyTwice", kHead + "note:\n  text: x\n  text: y\n",
                 "test.yaml:6:3: the key text is there twice (it is also on line 5)"},
        BadInput{"NoManifest", "just a text\n",
                 "test.yaml:1:1: a manifest is a mapping with name, version and type"},
        BadInput{"NoYaml", "name: b\n  version: v1\n",
                 "test.yaml:2:10: YAML: mapping values are not allowed in this context"},
        BadInput{"UnclosedBracket", "name: [b\n",
                 "test.yaml:2:1: YAML: did not find expected ',' or ']' while parsing a flow "
                 "sequence"},
        BadInput{"NoSuchAnchor", kHead + "note:\n  text: *x\n",
                 "test.yaml:5:9: there is no anchor &x before this"},
        BadInput{"StrangeTag", kHead + "note:\n  text: !python/object x\n",
                 "test.yaml:5:9: the tag !python/object does not fit here (leave the tag out)"},
        BadInput{"NoUtf8", "name: \xFF\xFE\n",
                 "test.yaml:1:1: YAML: invalid leading UTF-8 octet (byte 6)"}),
    [](const auto& input) { return std::string(input.param.name); });

TEST(BadInput, ReportsEveryMistakeOfARunAtOnce) {
  ResourceHome home;
  const auto answer = home.Apply(kHead + "note:\n  size: x\n  colour: pink\n---\nname: c\n");
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:5:9: note.size must be a whole number, not text\n"
            "test.yaml:6:11: note.colour cannot be pink (one of red, green, blue)\n"
            "test.yaml:5:3: note.text is missing\n"
            "test.yaml:8:1: type is missing (it says what is declared: type: secret)\n");
  EXPECT_EQ(answer.error().message,
            "test.yaml:5:9: note.size must be a whole number, not text (and 3 more)");
}

TEST(BadInput, ACycleMayLeadThroughWhatIsStored) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply(NoteYaml("a", "x") + NoteYaml("b", "x", "  needs: [a]\n"))));
  EXPECT_EQ(CodeOf(home.Apply(NoteYaml("a", "x", "  needs: [b]\n"))), ErrorCode::kInvalid);
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:1:1: a cycle: note a in workspace public needs note b in workspace public "
            "needs note a in workspace public (leave one of these dependencies out)\n");
}

TEST(BadInput, TheWorkspaceAskedForAndTheOneWrittenMustAgree) {
  ResourceHome home;
  ASSERT_TRUE(IsOk(home.Apply("name: lab\nversion: v1\ntype: workspace\n")));
  EXPECT_FALSE(home.Apply("workspace: public\n" + NoteYaml("a", "x"), {.workspace = "lab"}));
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:1:1: the manifest is for workspace public, and lab was asked for (leave one "
            "of the two out)\n");
  EXPECT_EQ(home.Outcomes(home.Apply(NoteYaml("a", "x"), {.workspace = "lab"})),
            "created note a\n");
}

TEST(BadInput, ASecretValueIsInNoProblem) {
  ResourceHome home;
  EXPECT_FALSE(
      home.Apply("name: v\nversion: v1\ntype: vault\nvault:\n  acl: hunter2\n  data:\n"
                 "    password: [hunter3]\n    pass: {hunter4: hunter5}\n"));
  EXPECT_EQ(home.ProblemLines(),
            "test.yaml:5:8: vault.acl cannot be hunter2 (one of r, rw)\n"
            "test.yaml:7:15: vault.data.password must be text, not a list\n"
            "test.yaml:8:11: vault.data.pass must be text, not a mapping\n");
}

}  // namespace
}  // namespace weir::resources
