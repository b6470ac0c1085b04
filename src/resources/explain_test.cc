#include "resources/explain.h"

#include <gtest/gtest.h>

#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

class ExplainTest : public testing::Test {
 protected:
  ExplainTest() {
    registry_.Add(MakeWorkspaceKind());
    registry_.Add(MakeBundleKind(registry_));
    registry_.Add(MakeNoteKind());
    registry_.Add(MakeVaultKind());
  }

  static std::string Fields(const Explanation& explanation) {
    std::string names;
    for (const ExplainedField& field : explanation.fields) {
      names += field.name + (field.required ? "!" : "") + ":" + field.type + " ";
    }
    return names;
  }

  KindRegistry registry_;
};

TEST_F(ExplainTest, ShowsTheHeaderOfAKind) {
  const auto kind = Explain(registry_, "note");
  ASSERT_TRUE(IsOk(kind));
  EXPECT_EQ(kind->description, "A text");
  EXPECT_EQ(Fields(*kind),
            "name!:text version!:text type!:text tags:list of text description:text owner:text "
            "layer:text workspace:text note!:mapping ");
}

TEST_F(ExplainTest, ShowsAKeyWithAllThatIsKnownOfIt) {
  const auto colour = Explain(registry_, "note.colour");
  ASSERT_TRUE(IsOk(colour));
  EXPECT_EQ(colour->path, "note.colour");
  EXPECT_EQ(colour->type, "text");
  EXPECT_EQ(colour->fallback, "\"red\"");
  EXPECT_EQ(colour->allowed, (std::vector<std::string>{"red", "green", "blue"}));
  EXPECT_FALSE(colour->required);
  EXPECT_EQ(Explain(registry_, "note.size")->limits,
            (std::vector<std::string>{"at least 1", "at most 9"}));
  EXPECT_TRUE(Explain(registry_, "note.text")->required);
  EXPECT_TRUE(Explain(registry_, "vault.data.anything")->secret);
}

TEST_F(ExplainTest, StepsThroughListsAndTheKeyOfTheKind) {
  EXPECT_EQ(Explain(registry_, "bundle.resources.dependencyConditions.status.is")->type,
            "list of text");
  EXPECT_EQ(Explain(registry_, "bundle.bundle.resources.id")->path, "bundle.bundle.resources.id");
  EXPECT_EQ(Explain(registry_, "bundle.resources")->type, "list of mappings");
  EXPECT_EQ(Fields(*Explain(registry_, "bundle.schedule.create")), "cron!:text ");
  EXPECT_EQ(Explain(registry_, "note.tags")->type, "list of text");
}

TEST_F(ExplainTest, NamesTheNearestOfWhatIsNotThere) {
  const auto key = Explain(registry_, "note.color");
  EXPECT_EQ(key.error().message, "note has no key color");
  EXPECT_EQ(key.error().hint, "did you mean colour?");
  EXPECT_EQ(Explain(registry_, "nota").error().hint, "did you mean note?");
  EXPECT_EQ(CodeOf(Explain(registry_, "workflow")), ErrorCode::kUnimplemented);
  EXPECT_EQ(CodeOf(Explain(registry_, "note.text.more")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Explain(registry_, "note..")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Explain(registry_, "")), ErrorCode::kInvalid);
}

TEST_F(ExplainTest, ListsTheTypesThatAreHereAndThoseToCome) {
  std::string here;
  std::string to_come;
  for (const TypeLine& line : ListTypes(registry_)) {
    (line.here ? here : to_come) += line.type + " ";
  }
  EXPECT_EQ(here, "bundle note vault workspace ");
  EXPECT_EQ(to_come,
            "cluster compute database dataset depot grant instance-secret lakehouse lens monitor "
            "operator pager policy resource secret service stack volume worker workflow ");
}

}  // namespace
}  // namespace weir::resources
