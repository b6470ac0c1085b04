#include "cli/records.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <csignal>

#include <array>
#include <boost/json/parse.hpp>
#include <string>

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& TestShape() {
  static const Shape shape{
      .columns = {{.title = "NAME", .cell = At("name")},
                  {.title = "STATUS", .cell = At("status.word")},
                  {.title = "LAST SEEN", .cell = At("seen"), .shown = Column::Shown::kWide}},
      .name = At("name")};
  return shape;
}

std::vector<Record> TestRecords() {
  return {json::parse(R"({"name": "日本", "status": {"word": "active"}, "seen": [1, "a,b"]})")
              .as_object(),
          json::parse(R"({"name": "x", "seen": "a\nb"})").as_object()};
}

// What Print writes, through a pipe: everything here is smaller than what a pipe holds.
template <typename PrintTo>
std::string Printed(PrintTo print) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  {
    Output out(ends[1]);
    print(out);
  }
  ::close(ends[1]);
  std::array<char, 4096> buffer{};
  const ssize_t size = ::read(ends[0], buffer.data(), buffer.size());
  ::close(ends[0]);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

std::string PrintedAs(Format format, Plural plural = Plural::kList) {
  return Printed([&](Output& out) {
    PrintRecords(out, Terminal{}, format, TestShape(), TestRecords(), plural);
  });
}

TEST(PrintRecords, AlignsByColumnsAndEndsNoLineWithBlanks) {
  EXPECT_EQ(PrintedAs(Format::kTable), "NAME   STATUS\n日本   active\nx\n");
  EXPECT_EQ(PrintedAs(Format::kWide),
            "NAME   STATUS   LAST SEEN\n日本   active   1,a,b\nx               a b\n");
}

TEST(PrintRecords, LeavesAColumnOutOfATableWhereNothingIsSaidInIt) {
  static const Shape shape{
      .columns = {{.title = "NAME", .cell = At("name")},
                  {.title = "WHY", .cell = At("why"), .shown = Column::Shown::kWhereSaid}},
      .name = At("name")};
  const Record silent = json::parse(R"({"name": "x"})").as_object();
  const Record said = json::parse(R"({"name": "y", "why": "late"})").as_object();
  const auto printed = [&](Format format, const std::vector<Record>& records) {
    return Printed(
        [&](Output& out) { PrintRecords(out, Terminal{}, format, shape, records, Plural::kList); });
  };
  EXPECT_EQ(printed(Format::kTable, {silent}), "NAME\nx\n");
  EXPECT_EQ(printed(Format::kTable, {silent, said}), "NAME   WHY\nx\ny      late\n");
  EXPECT_EQ(printed(Format::kCsv, {silent}), "name,why\nx,\n");
}

TEST(PrintRecords, QuotesCsvFieldsThatNeedIt) {
  EXPECT_EQ(PrintedAs(Format::kCsv), "name,status,last_seen\n日本,active,\"1,a,b\"\nx,,\"a\nb\"\n");
}

TEST(PrintRecords, WritesDocuments) {
  EXPECT_EQ(PrintedAs(Format::kName), "日本\nx\n");
  EXPECT_EQ(PrintedAs(Format::kNdjson),
            "{\"name\":\"日本\",\"status\":{\"word\":\"active\"},\"seen\":[1,\"a,b\"]}\n"
            "{\"name\":\"x\",\"seen\":\"a\\nb\"}\n");
  EXPECT_TRUE(PrintedAs(Format::kJson).starts_with("[\n  {\n"));
  EXPECT_NE(PrintedAs(Format::kYaml).find("\n---\nname: x\n"), std::string::npos);
}

TEST(PrintRecords, ASingleRecordIsNoList) {
  const std::string printed = Printed([](Output& out) {
    PrintRecords(out, Terminal{}, Format::kJson, TestShape(), {TestRecords()[1]}, Plural::kSingle);
  });
  EXPECT_EQ(printed, "{\n  \"name\": \"x\",\n  \"seen\": \"a\\nb\"\n}\n");
}

TEST(RecordStream, WritesTitlesOnceAndGrowsItsColumns) {
  const std::string printed = Printed([](Output& out) {
    const Terminal terminal;
    RecordStream stream(out, terminal, Format::kTable, TestShape());
    stream.Print({});
    stream.Print({TestRecords()[1]});
    stream.Print({json::parse(R"({"name": "longer", "status": {"word": "ok"}})").as_object()});
    stream.Print({json::parse(R"({"name": "y", "status": {"word": "ok"}})").as_object()});
  });
  EXPECT_EQ(printed, "NAME   STATUS\nx\nlonger   ok\ny        ok\n");
}

TEST(PrintRecords, ColoursOnTerminalsOnly) {
  const std::string printed = Printed([](Output& out) {
    PrintRecords(out, Terminal{.out = true, .out_color = true}, Format::kTable, TestShape(),
                 {TestRecords()[0]}, Plural::kList);
  });
  EXPECT_EQ(printed, "\x1b[1mNAME\x1b[0m   \x1b[1mSTATUS\x1b[0m\n日本   active\n");
}

TEST(Output, DropsWhatNobodyReadsAnyMore) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  const auto before = ::signal(SIGPIPE, SIG_IGN);
  Output out(ends[1]);
  out.Write("text");
  EXPECT_TRUE(out.Flush());
  EXPECT_TRUE(out.reader_left());
  ::signal(SIGPIPE, before);
  ::close(ends[1]);
}

}  // namespace
}  // namespace weir::cli
