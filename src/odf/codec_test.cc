#include "odf/codec.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.h"
#include "odf/json.h"

namespace weir::odf {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(WEIR_TEST_DATA) / "odf";

Bytes ReadFile(const fs::path& path) { return ToBytes(PosixFiles().ReadAll(path).value()); }

std::vector<fs::path> FilesOf(const fs::path& directory, const std::string& extension = "") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  return files;
}

class GoldenBlocks : public testing::Test {
 protected:
  std::vector<fs::path> AllBlocks() {
    auto files = FilesOf(kGolden / "blocks", ".bin");
    for (auto& file : FilesOf(kGolden / "kamu-dataset/population/blocks")) files.push_back(file);
    return files;
  }
};

TEST_F(GoldenBlocks, AreReadAndWrittenAgainToTheSameBytes) {
  const auto files = AllBlocks();
  ASSERT_EQ(files.size(), 15U);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file.filename());
    const Bytes bytes = ReadFile(file);
    const auto decoded = DecodeBlock(bytes);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->version, kBlockVersion);
    EXPECT_EQ(EncodeBlock(decoded->block), bytes);
  }
}

TEST_F(GoldenBlocks, AreKnownByTheHashOfTheirBytes) {
  for (const fs::path& file : FilesOf(kGolden / "kamu-dataset/population/blocks")) {
    EXPECT_EQ(HashOfBlock(ReadFile(file)).ToText(), file.filename().string());
  }
}

TEST_F(GoldenBlocks, ReadBackFromTheirJson) {
  for (const fs::path& file : AllBlocks()) {
    SCOPED_TRACE(file.filename());
    const Bytes bytes = ReadFile(file);
    const MetadataBlock block = DecodeBlock(bytes).value().block;
    const auto again = MetadataBlockFromJson(ToJson(block));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(EncodeBlock(*again), bytes);
  }
}

TEST_F(GoldenBlocks, GiveAValueOrAnErrorWhateverBitIsFlipped) {
  for (const fs::path& file : AllBlocks()) {
    SCOPED_TRACE(file.filename());
    Bytes bytes = ReadFile(file);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const std::byte original = bytes[i];
      for (int bit = 0; bit < 8; ++bit) {
        bytes[i] = original ^ static_cast<std::byte>(1 << bit);
        if (const auto decoded = DecodeBlock(bytes)) EncodeBlock(decoded->block);
      }
      bytes[i] = original;
    }
  }
}

TEST_F(GoldenBlocks, GiveAnErrorWhenTheyAreCutShort) {
  for (const fs::path& file : AllBlocks()) {
    const Bytes bytes = ReadFile(file);
    for (std::size_t length = 0; length < bytes.size() / 2; ++length) {
      EXPECT_FALSE(DecodeBlock(ByteView(bytes).first(length)));
    }
  }
}

// Goal: every table, union alternative and optional is written and read. Method: manifests that
// between them use each one, through JSON, bytes and back.
class EveryEvent : public testing::TestWithParam<std::string> {};

TEST_P(EveryEvent, SurvivesBytesAndJson) {
  const auto json = boost::json::parse(GetParam());
  const auto event = MetadataEventFromJson(json);
  ASSERT_TRUE(event) << event.error().message << " " << event.error().hint;
  const MetadataBlock block{.system_time = Timestamp(std::chrono::seconds(1'700'000'000)),
                            .prev_block_hash = HashOfBlock(AsBytes("parent")),
                            .sequence_number = 7,
                            .event = *event};
  const Bytes bytes = EncodeBlock(block);
  const auto decoded = DecodeBlock(bytes);
  ASSERT_TRUE(decoded) << decoded.error().message;
  EXPECT_EQ(decoded->block, block);
  EXPECT_EQ(SortedJson(ToJson(decoded->block.event)), SortedJson(json));
}

TEST(Json, RefusesBytesThatAreNoWholeBase64) {
  for (const char* bad : {"AQIDescape", "AQI", "A===", "AQ*=", "AQ==AQ=="}) {
    const boost::json::object event{{"kind", "SetDataSchema"}, {"rawArrowSchema", bad}};
    EXPECT_FALSE(MetadataEventFromJson(event)) << bad;
  }
}

TEST(Json, NamesThePlaceAndTheNearestWordOfWhatItRefuses) {
  const auto error = [](const char* json) {
    return MetadataEventFromJson(boost::json::parse(json)).error();
  };
  const Error key = error(R"({"kind":"SetInfo","descripton":"d"})");
  EXPECT_EQ(key.message, "the document: unknown key \"descripton\"");
  EXPECT_EQ(key.hint, "did you mean description?");
  EXPECT_EQ(
      error(
          R"({"kind":"AddPushSource","read":{"kind":"ndjson","schema":{"fields":[{"name":"a","type":"Strin"}]}},"merge":{"kind":"append"}})")
          .message,
      "read.schema.fields[0].type: unknown kind \"Strin\"");
  EXPECT_EQ(error(R"({"kind":"SetLicense","shortName":"a","name":"b"})").message,
            "the document: websiteUrl is missing");
}

std::vector<std::string> EventsOnFile() {
  std::istringstream lines(PosixFiles().ReadAll(kGolden / "every-event.ndjson").value());
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) events.push_back(line);
  return events;
}
INSTANTIATE_TEST_SUITE_P(All, EveryEvent, testing::ValuesIn(EventsOnFile()));

}  // namespace
}  // namespace weir::odf
