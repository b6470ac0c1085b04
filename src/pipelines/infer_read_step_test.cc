#include "pipelines/infer_read_step.h"

#include <gtest/gtest.h>

#include "base/files.h"
#include "base/testing/matchers.h"
#include "pipelines/testing/test_dataset.h"

namespace weir::pipelines {
namespace {

class InferReadStepTest : public testing::Test {
 protected:
  Result<odf::ReadStep> Infer(const std::string& name, std::string_view content) {
    RETURN_IF_ERROR(PosixFiles().WriteDurably(dataset_.directory() / name, AsBytes(content)));
    ASSIGN_OR_RETURN(auto file, PosixFiles().Open(dataset_.directory() / name));
    return InferReadStep(Context::Background(), dataset_.bench(), std::move(file), name,
                         slices::TimeRule::kMilliseconds);
  }

  // `name: type` for each column that `step` declares, then the rows it reads of `content`.
  std::string Read(const odf::ReadStep& step, std::string_view content) {
    dataset_.request.read = step;
    auto rows = dataset_.Ingest(content);
    std::string text;
    for (const std::string& column : dataset_.columns()) text += column + ", ";
    return text + "\n" + (rows ? *rows : rows.error().message);
  }

  TestDataset dataset_{R"({"read": {"kind": "Csv"}, "merge": {"kind": "Append"}})"};
};

TEST_F(InferReadStepTest, FindsTheDialectAndColumnsOfCsv) {
  const std::string content = "id;t;name\n1;2020-01-01T00:00:00+02:00;\"a;b\"\n2;;c\n";
  const auto step = Infer("x.csv", content);
  ASSERT_TRUE(IsOk(step));
  const auto& csv = std::get<odf::ReadStepCsv>(step->value);
  EXPECT_EQ(csv.separator, ";");
  EXPECT_EQ(csv.header, true);
  EXPECT_EQ(Read(*step, content),
            "op int32 not null, event_time timestamp[us, tz=UTC], id int64, "
            "t timestamp[us, tz=UTC], name string, \n"
            "0 2050-01-01 12:00:00.000000Z 1 2019-12-31 22:00:00.000000Z a;b\n"
            "0 2050-01-01 12:00:00.000000Z 2 null c\n");
}

TEST_F(InferReadStepTest, TellsJsonArraysFromLines) {
  const std::string lines = "{\"a\": 1, \"b\": [{\"c\": 2}]}\n{\"a\": 2}\n";
  const auto step = Infer("x.json", lines);
  ASSERT_TRUE(IsOk(step));
  EXPECT_TRUE(std::holds_alternative<odf::ReadStepNdJson>(step->value));
  EXPECT_EQ(Read(*step, lines),
            "op int32 not null, event_time timestamp[us, tz=UTC], a int64, b string, \n"
            "0 2050-01-01 12:00:00.000000Z 1 [{\"c\":2}]\n"
            "0 2050-01-01 12:00:00.000000Z 2 null\n");
  EXPECT_TRUE(std::holds_alternative<odf::ReadStepJson>(Infer("y.json", "[{\"a\": 1}]")->value));
  EXPECT_TRUE(std::holds_alternative<odf::ReadStepParquet>(Infer("z", "PAR1....")->value));
  const auto wrapped = Infer("x.json", "{\"rows\": [\n{\"a\": 1}]}\n");
  ASSERT_FALSE(wrapped);
  EXPECT_EQ(wrapped.error().message, "x.json, line 1: malformed JSON: unexpected end of data");
  EXPECT_NE(wrapped.error().hint.find("subPath"), std::string::npos);
  EXPECT_EQ(CodeOf(Infer("x.json", "hello")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(Infer("x.json", "")), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace weir::pipelines
