#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "base/testing/matchers.h"
#include "pipelines/json_range.h"
#include "pipelines/read_sql.h"
#include "pipelines/testing/test_dataset.h"
#include "pipelines/text_encoding.h"
#include "pipelines/time_format.h"
#include "slices/column_type.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

constexpr const char* kAt = "0 2050-01-01 12:00:00.000000Z ";

std::string Append(const std::string& read) {
  return R"({"read": )" + read + R"(, "merge": {"kind": "Append"}})";
}

// The rows of `content`, without op and event time.
Result<std::string> Read(const std::string& read, std::string_view content,
                         bool keeps_microseconds = false) {
  TestDataset dataset(Append(read));
  dataset.request.keeps_microseconds = keeps_microseconds;
  ASSIGN_OR_RETURN(std::string rows, dataset.Ingest(content));
  for (std::size_t at = rows.find(kAt); at != std::string::npos; at = rows.find(kAt, at)) {
    rows.erase(at, std::string_view(kAt).size());
  }
  return rows;
}

std::string Message(const Result<std::string>& result) {
  return result ? "no error: " + *result : result.error().message;
}

TEST(CsvReader, HasTheDefaultsOfTheFormat) {
  EXPECT_EQ(
      Read(R"({"kind": "Csv", "ddlSchema": ["a INT", "b STRING"]})", "1,x\n2,\"y,\"\"z\"\"\"\n,\n")
          .value(),
      "1 x\n2 y,\"z\"\nnull null\n");
  EXPECT_EQ(
      Read(R"({"kind": "Csv", "ddlSchema": ["a INT", "b STRING"]})", "1,\"x\\\"y\"\n").value(),
      "1 x\"y\n");
}

TEST(CsvReader, FollowsEveryOption) {
  EXPECT_EQ(Read(R"({"kind": "Csv", "separator": ";", "quote": "'", "escape": "#", "header": true,
                    "nullValue": "NA", "dateFormat": "dd/MM/yyyy",
                    "timestampFormat": "yyyy-MM-dd HH:mm:ss",
                    "ddlSchema": ["a STRING", "d DATE", "t TIMESTAMP", "n INT"]})",
                 "A;D;T;N\n'x#'y;';31/12/2020;2020-01-02 03:04:05;NA\n")
                .value(),
            "x'y; 2020-12-31 2020-01-02 03:04:05.000000Z null\n");
  EXPECT_EQ(
      Read(R"({"kind": "Csv", "header": true, "inferSchema": true})", "a,b,c\n1,1.5,x\n2,2.5,y\n")
          .value(),
      "1 1.5 x\n2 2.5 y\n");
  EXPECT_EQ(Read(R"({"kind": "Csv", "header": true})", "a,b\n01,1.50\n").value(), "01 1.50\n");
  EXPECT_EQ(Read(R"({"kind": "Csv", "separator": "\t", "encoding": "windows-1251",
                    "ddlSchema": ["a STRING", "b INT"]})",
                 "\xC4\t1\n")
                .value(),
            "Д 1\n");
  EXPECT_THAT(Message(Read(R"({"kind": "Csv", "separator": "||"})", "a\n")),
              HasSubstr("separator"));
  EXPECT_THAT(Message(Read(R"({"kind": "Csv", "encoding": "klingon"})", "a\n")),
              HasSubstr("klingon"));
}

TEST(CsvReader, NamesFileLineColumnAndValueOfABadRow) {
  const std::string read = R"({"kind": "Csv", "header": true, "ddlSchema": ["a INT", "b STRING"]})";
  EXPECT_EQ(Message(Read(read, "a,b\n1,x\nzz,y\n")),
            "input.txt, line 3, column a: 'zz' is no INTEGER");
  EXPECT_EQ(Message(Read(read, "a,b\n1,x\n2\n")),
            "input.txt, line 3: Expected Number of Columns: 2 Found: 1: 2");
  EXPECT_THAT(Message(Read(read, "a,b\n1,x\n2,y,z\n")), HasSubstr("input.txt, line 3"));
}

TEST(JsonReaders, ReadLinesArraysAndWhatLiesDeep) {
  EXPECT_EQ(Read(R"({"kind": "NdJson", "ddlSchema": ["a INT", "s STRUCT<x: INT, y: STRING>",
                    "l ARRAY<INT>"]})",
                 "{\"a\":1,\"s\":{\"x\":2,\"y\":\"q\"},\"l\":[1,2]}\n{\"a\":null}\n")
                .value(),
            "1 {x:int32 = 2, y:string = q} list<l: int32>[1, 2]\nnull null null\n");
  EXPECT_EQ(Read(R"({"kind": "Json", "ddlSchema": ["a INT"]})", "[{\"a\":1},\n {\"a\":2}]").value(),
            "1\n2\n");
  EXPECT_EQ(Read(R"({"kind": "Json", "subPath": "x.y", "ddlSchema": ["a INT"]})",
                 R"({"q": [1, {"y": "]"}], "x": {"z": "\"", "y": [{"a": 1}, {"a": 2}]}, "w": 1})")
                .value(),
            "1\n2\n");
  EXPECT_EQ(Read(R"({"kind": "NdJson"})", "{\"b\":\"x\",\"a\":1}\n{\"a\":2}\n").value(),
            "x 1\nnull 2\n");
  EXPECT_THAT(Message(Read(R"({"kind": "Json", "subPath": "x.q"})", R"({"x": {"y": []}})")),
              HasSubstr("input.txt: there is no q"));
  EXPECT_THAT(Message(Read(R"({"kind": "Json", "subPath": "x"})", R"({"x": {"y": []}})")),
              HasSubstr("no array"));
  EXPECT_THAT(Message(Read(R"({"kind": "Json", "subPath": "x"})", R"({"x": [{"y": 1)")),
              HasSubstr("breaks off"));
}

TEST(JsonReaders, NameFileLineColumnAndValueOfABadRow) {
  const std::string read =
      R"({"kind": "NdJson", "ddlSchema": ["a INT", "t TIMESTAMP", "d DOUBLE"]})";
  const std::string bad = Message(Read(read, "{\"a\":1}\n{\"a\":\"zz\"}\n"));
  EXPECT_THAT(bad, HasSubstr("input.txt, line 2, column a: "));
  EXPECT_THAT(bad, HasSubstr("zz"));
  EXPECT_THAT(Message(Read(read, "{\"a\":1}\n{\"d\":\"zz\"}\n")),
              HasSubstr("input.txt, line 2, column d: "));
  EXPECT_THAT(Message(Read(read, "{\"a\":1}\n{\"t\":\"noon\"}\n")),
              HasSubstr("input.txt, line 2, column t: "));
  EXPECT_THAT(Message(Read(read, "{\"a\":1}\n{\"a\":nul}\n")), HasSubstr("input.txt, line 2: "));
}

// After the name of a zone the engine's cast takes the times that follow for times of that zone.
TEST(Readers, TakeATimeWithoutAZoneForUtcWhateverCameBefore) {
  const std::string expected =
      "2024-01-01 09:00:00.000000Z\n2024-01-01 10:00:00.000000Z\n2024-01-01 00:00:00.000000Z\n"
      "2024-01-01 08:00:00.000000Z\n";
  EXPECT_EQ(Read(R"({"kind": "Csv", "ddlSchema": ["t TIMESTAMP"]})",
                 "2024-01-01 10:00:00 Europe/Berlin\n2024-01-01 10:00:00\n2024-01-01\n"
                 "2024-01-01T10:00:00+02\n")
                .value(),
            expected);
  EXPECT_EQ(Read(R"({"kind": "NdJson", "ddlSchema": ["t TIMESTAMP"]})",
                 "{\"t\": \"2024-01-01 10:00:00 Europe/Berlin\"}\n"
                 "{\"t\": \"2024-01-01 10:00:00\"}\n{\"t\": \"2024-01-01\"}\n"
                 "{\"t\": \"2024-01-01T10:00:00+02:00\"}\n")
                .value(),
            expected);
}

TEST(Readers, RefuseATimeThatWouldLoseItsOffsetOrAFraction) {
  const std::string naive =
      R"({"kind": "Csv", "schema": {"fields": [{"name": "t", "type": {"kind": "Timestamp",
          "unit": "Microsecond", "timezone": ""}}]}})";
  EXPECT_EQ(
      Read(naive, "2024-01-01 10:00:00.123456\n2024-01-01T10:00:00Z\n2024-01-01\n", true).value(),
      "2024-01-01 10:00:00.123456\n2024-01-01 10:00:00.000000\n"
      "2024-01-01 00:00:00.000000\n");
  EXPECT_EQ(Message(Read(naive, "2024-01-01 10:00:00\n2024-01-01 10:00:00+02\n", true)),
            "input.txt, line 2, column t: '2024-01-01 10:00:00+02' is no "
            "Timestamp(Microsecond, no time zone)");
  const std::string instant =
      R"({"kind": "Csv", "schema": {"fields": [{"name": "t", "type": {"kind": "Timestamp",
          "unit": "Microsecond", "timezone": "UTC"}}]}})";
  EXPECT_EQ(Read(instant, "2024-01-01 10:00:00.1234560+01:00\n", true).value(),
            "2024-01-01 09:00:00.123456Z\n");
  EXPECT_EQ(Message(Read(instant, "2024-01-01 10:00:00.1234567Z\n", true)),
            "input.txt, line 1, column t: '2024-01-01 10:00:00.1234567Z' is no "
            "Timestamp(Microsecond, UTC)");
}

// The engine would round 1.5 to the integer 2, and 1.239 to the decimal 1.24.
TEST(Readers, RefuseANumberThatWouldBeRounded) {
  const std::string csv = R"({"kind": "Csv", "header": true, "ddlSchema": ["a INT", "b STRING"]})";
  EXPECT_EQ(Message(Read(csv, "a,b\n1,x\n1.5,y\n")),
            "input.txt, line 3, column a: '1.5' is no Int32");
  EXPECT_EQ(Message(Read(csv, "a,b\n15e-1,x\n")),
            "input.txt, line 2, column a: '15e-1' is no Int32");
  EXPECT_EQ(Read(csv, "a,b\n1.0,x\n2e3,y\n 7,z\n").value(), "1 x\n2000 y\n7 z\n");
  const std::string decimal = R"j({"kind": "Csv", "ddlSchema": ["a DECIMAL(10,2)"]})j";
  EXPECT_EQ(Read(decimal, "1.50\n-2.3400\n3\n1e2\n").value(), "1.50\n-2.34\n3.00\n100.00\n");
  EXPECT_EQ(Message(Read(decimal, "1.23\n1.239\n")),
            "input.txt, line 2, column a: '1.239' is no Decimal(10, 2)");
  const std::string lines = R"({"kind": "NdJson", "ddlSchema": ["a BIGINT"]})";
  EXPECT_EQ(Message(Read(lines, "{\"a\":1}\n{\"a\":1.5}\n")),
            "input.txt, line 2, column a: '1.5' is no Int64");
  EXPECT_EQ(Read(lines, "{\"a\":9007199254740993}\n{\"a\":3.0}\n{}\n").value(),
            "9007199254740993\n3\nnull\n");
  EXPECT_EQ(Message(Read(R"({"kind": "Json", "ddlSchema": ["a BIGINT"]})", "[{\"a\":1.5}]")),
            "input.txt, record 1, column a: '1.5' is no Int64");
}

TEST(Readers, RefuseANumberThatWouldBeRoundedInsideOfAStruct) {
  const std::string read =
      R"j({"kind": "NdJson", "ddlSchema": ["s STRUCT(n BIGINT, l BIGINT[])"]})j";
  EXPECT_THAT(Message(Read(read, "{\"s\":{\"n\":1,\"l\":[1]}}\n{\"s\":{\"n\":1,\"l\":[1.5]}}\n")),
              HasSubstr("input.txt, line 2, column s: "));
  EXPECT_TRUE(IsOk(Read(read, "{\"s\":{\"n\":1,\"l\":[1,null]}}\n{\"s\":null}\n{}\n")));
}

// The reader finds out types from the first rows, and a later one may not be of them.
TEST(Readers, RefuseToRoundWhatDoesNotFitTheInferredType) {
  std::string content = "a,b\n";
  for (int i = 0; i < 100'000; ++i) content += "1,x\n";
  EXPECT_THAT(
      Message(Read(R"({"kind": "Csv", "header": true, "inferSchema": true})", content + "1.5,x\n")),
      HasSubstr("input.txt, line 100002, column a: '1.5' is no Int64"));
}

TEST(Readers, AnEmptyFileHasNoRows) {
  EXPECT_EQ(Read(R"({"kind": "Csv", "ddlSchema": ["a INT"]})", "").value(), "");
  EXPECT_EQ(Read(R"({"kind": "Csv", "header": true, "ddlSchema": ["a INT"]})", "a\n").value(), "");
  EXPECT_EQ(Read(R"({"kind": "NdJson", "ddlSchema": ["a INT"]})", "").value(), "");
  EXPECT_EQ(Read(R"({"kind": "Json", "ddlSchema": ["a INT"]})", "[]").value(), "");
}

TEST(Readers, OtherStepsAreRefusedByName) {
  for (const std::string kind : {"GeoJson", "NdGeoJson", "EsriShapefile"}) {
    const auto refused = Read(R"({"kind": ")" + kind + "\"}", "x");
    EXPECT_EQ(CodeOf(refused), ErrorCode::kUnimplemented);
    EXPECT_THAT(Message(refused), HasSubstr(kind));
  }
}

TEST(ColumnType, IsTheSameAfterATripThroughSql) {
  for (const std::string sql :
       {"BIGINT", "DECIMAL(18,3)", "VARCHAR[]", "STRUCT(\"a\" INTEGER, \"b \"\"c\" DOUBLE[3])",
        "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "UBIGINT", "BLOB", "DATE", "TIME"}) {
    EXPECT_EQ(slices::SqlOf("c", slices::TypeFromSql("c", sql).value()).value(), sql);
  }
  for (const std::string sql : {"INTERVAL", "HUGEINT", "MAP(VARCHAR, INTEGER)", "\"NULL\"",
                                "STRUCT(a BIT)", "TIME WITH TIME ZONE"}) {
    EXPECT_EQ(CodeOf(slices::TypeFromSql("c", sql)), ErrorCode::kUnimplemented) << sql;
  }
}

TEST(TimeFormat, TranslatesJavaPatterns) {
  EXPECT_EQ(TimeFormat("rfc3339").value(), "");
  EXPECT_EQ(TimeFormat("%d.%m.%Y").value(), "%d.%m.%Y");
  EXPECT_EQ(TimeFormat("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").value(), "%Y-%m-%dT%H:%M:%S.%g%z");
  EXPECT_EQ(TimeFormat("d MMM yy, h:mm a").value(), "%-d %b %y, %-I:%M %p");
  EXPECT_EQ(CodeOf(TimeFormat("yyyy-QQ")), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace weir::pipelines
