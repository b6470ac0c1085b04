#include "base/steady_file.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "base/file_source.h"
#include "base/stream.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"

namespace weir {
namespace {

class SteadyFileTest : public ::testing::Test {
 protected:
  SteadyFileTest() { Write("one\n", std::ios::trunc); }

  void Write(const std::string& content, std::ios::openmode mode) {
    std::ofstream(path_, mode) << content;
  }

  std::shared_ptr<const ReadableFile> Open() { return OpenSteady(PosixFiles(), path_).value(); }

  const TempDir directory_;
  const std::filesystem::path path_ = directory_ / "rows.csv";
};

TEST_F(SteadyFileTest, IsReadAsItIs) {
  EXPECT_EQ(ReadAll(*SourceOf(Open()), 100).value(), "one\n");
}

TEST_F(SteadyFileTest, FailsToBeReadOnceItGrowsShrinksIsRewrittenOrReplaced) {
  const auto expect_refused = [](const ReadableFile& file) {
    std::array<std::byte, 4> buffer{};
    const auto count = file.Read(0, buffer);
    ASSERT_EQ(CodeOf(count), ErrorCode::kUnavailable);
    EXPECT_NE(count.error().message.find("rows.csv changed while it was read"), std::string::npos);
  };
  auto file = Open();
  Write("two\n", std::ios::app);
  expect_refused(*file);
  file = Open();
  Write("", std::ios::trunc);
  expect_refused(*file);
  file = Open();
  Write("tri\n", std::ios::trunc);
  file = Open();
  Write("for\n", std::ios::trunc);
  std::filesystem::last_write_time(
      path_, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(1));
  expect_refused(*file);
  file = Open();
  std::filesystem::remove(path_);
  EXPECT_FALSE(file->Read(0, {}).has_value());
}

}  // namespace
}  // namespace weir
