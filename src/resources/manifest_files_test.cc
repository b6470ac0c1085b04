#include "resources/manifest_files.h"

#include <gtest/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"
#include "resources/testing/resource_home.h"

namespace weir::resources {
namespace {

class ManifestFilesTest : public testing::Test {
 protected:
  ManifestFilesTest() {
    registry_.Add(MakeWorkspaceKind());
    registry_.Add(MakeBundleKind(registry_));
    registry_.Add(MakeNoteKind());
    registry_.Add(MakeVaultKind());
  }

  void Put(const std::string& path, std::string_view text) {
    ASSERT_TRUE(IsOk(files_.WriteDurably(path, AsBytes(text))));
  }

  // "source=text" of documents, then "+source=text" of attachments; or the error.
  std::string Collect(ManifestFilesRequest request, std::string input = "") {
    const auto source = SourceOf(std::move(input));
    problems_ = {};
    const auto found =
        CollectManifests(request, files_, *source, &environment_, registry_, problems_);
    if (!found) return found.error().message;
    std::string lines;
    for (const Document& one : found->documents) lines += one.source + "=" + one.text + "\n";
    for (const Document& one : found->attachments)
      lines += "+" + one.source + "=" + one.text + "\n";
    return lines;
  }

  FakeFiles files_;
  KindRegistry registry_;
  Environment environment_ = [](std::string_view name) {
    return name == "X" ? std::optional<std::string>("filled") : std::nullopt;
  };
  Problems problems_;
};

TEST_F(ManifestFilesTest, ReadsADirectoryByName) {
  Put("/m/b.yaml", "b");
  Put("/m/a.yml", "a");
  Put("/m/c.json", "c");
  Put("/m/notes.txt", "no");
  Put("/m/.hidden.yaml", "no");
  Put("/m/deep/d.yaml", "d");
  EXPECT_EQ(Collect({.paths = {"/m"}}), "/m/a.yml=a\n/m/b.yaml=b\n/m/c.json=c\n");
  EXPECT_EQ(Collect({.paths = {"/m"}, .recursive = true}),
            "/m/a.yml=a\n/m/b.yaml=b\n/m/c.json=c\n/m/deep/d.yaml=d\n");
}

TEST_F(ManifestFilesTest, ReadsAFileOfAnyNameAndStandardInput) {
  Put("/m/notes.txt", "yes");
  EXPECT_EQ(Collect({.paths = {"/m/notes.txt", "-"}}, "typed"), "/m/notes.txt=yes\n-=typed\n");
}

TEST_F(ManifestFilesTest, FillsInVariables) {
  EXPECT_EQ(Collect({.paths = {"-"}}, "a: $X\n"), "-=a: filled\n\n");
  EXPECT_EQ(Collect({.paths = {"-"}}, "a: $Y\n"), "-:1:4: the variable Y is not set");
}

TEST_F(ManifestFilesTest, NamesAPathThatIsNotThere) {
  EXPECT_NE(Collect({.paths = {"/none.yaml"}}).find("/none.yaml"), std::string::npos);
}

TEST_F(ManifestFilesTest, SendsTheFilesThatManifestsName) {
  Put("/m/keys/id.pem", "KEY $X");
  const std::string vault = "name: v\nversion: v1\ntype: vault\nvault: {files: {key: keys/id.pem}}";
  Put("/m/vault.yaml", vault);
  EXPECT_EQ(Collect({.paths = {"/m/vault.yaml"}}),
            "/m/vault.yaml=" + vault + "\n+/m/keys/id.pem=KEY $X\n");
}

TEST_F(ManifestFilesTest, FollowsABundleToTheFilesOfItsFiles) {
  Put("/m/bundle.yaml",
      "type: bundle\nbundle: {resources: [{id: a, file: in/v.yaml}, {id: b, file: in/v.yaml}]}");
  Put("/m/in/v.yaml", "type: vault\nvault: {data: {x: $X}, files: {k: k.pem}}");
  Put("/m/in/k.pem", "KEY");
  EXPECT_EQ(Collect({.paths = {"/m/bundle.yaml"}}),
            "/m/bundle.yaml=type: bundle\nbundle: {resources: [{id: a, file: in/v.yaml}, {id: b, "
            "file: in/v.yaml}]}\n"
            "+/m/in/v.yaml=type: vault\nvault: {data: {x: filled}, files: {k: k.pem}}\n"
            "+/m/in/k.pem=KEY\n");
}

TEST_F(ManifestFilesTest, NamesThePlaceOfAFileThatIsMissing) {
  Put("/m/vault.yaml", "type: vault\nvault:\n  files:\n    key: gone.pem\n");
  Collect({.paths = {"/m/vault.yaml"}});
  ASSERT_EQ(problems_.total(), 1u);
  EXPECT_EQ(problems_.items()[0].place.ToString(), "/m/vault.yaml:4:5");
  EXPECT_NE(problems_.items()[0].message.find("/m/gone.pem"), std::string::npos);
}

TEST_F(ManifestFilesTest, HasItsLimits) {
  Put("/m/a.yaml", "1234");
  Put("/m/b.yaml", "1234");
  EXPECT_EQ(Collect({.paths = {"/m"}, .max_files = 1}), "more than 1 files are given");
  EXPECT_EQ(Collect({.paths = {"/m"}, .max_total_bytes = 6}),
            "the files given hold more than 0 MiB");
}

}  // namespace
}  // namespace weir::resources
