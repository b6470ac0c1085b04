#include "pipelines/input_format.h"

#include <gtest/gtest.h>

namespace weir::pipelines {
namespace {

TEST(InputFormat, IsFoundByNameMediaTypeAndEnding) {
  EXPECT_EQ(ParseInputFormat("ndjson"), InputFormat::kNdJson);
  EXPECT_EQ(ParseInputFormat("xls"), std::nullopt);
  EXPECT_EQ(FormatOfMediaType("Text/CSV; charset=utf-8"), InputFormat::kCsv);
  EXPECT_EQ(FormatOfMediaType("application/octet-stream"), std::nullopt);
  EXPECT_EQ(FormatOfName("a.b.parquet"), InputFormat::kParquet);
  EXPECT_EQ(FormatOfName("parquet"), std::nullopt);
  EXPECT_EQ(FormatOfName("a.xlsx"), InputFormat::kXlsx);
  EXPECT_EQ(FormatOfMediaType("application/avro"), InputFormat::kAvro);
  EXPECT_TRUE(IsConverted(InputFormat::kOrc));
  EXPECT_FALSE(IsConverted(InputFormat::kParquet));
}

TEST(InputFormat, OfAnotherFileThanTheSourcesKeepsItsColumns) {
  const odf::ReadStep source{odf::ReadStepNdJson{.ddl_schema = std::vector<std::string>{"a INT"}}};
  EXPECT_EQ(ReadStepAs(source, InputFormat::kNdJson), source);
  const odf::ReadStep csv = ReadStepAs(source, InputFormat::kCsv);
  const auto& step = std::get<odf::ReadStepCsv>(csv.value);
  EXPECT_EQ(step.header, true);
  EXPECT_EQ(step.ddl_schema, std::vector<std::string>{"a INT"});
  EXPECT_EQ(step.infer_schema, std::nullopt);
  EXPECT_EQ(ReadStepAs(csv, InputFormat::kCsv), csv);
  const odf::ReadStep converted = ReadStepAs(source, InputFormat::kAvro);
  EXPECT_EQ(std::get<odf::ReadStepParquet>(converted.value).ddl_schema,
            std::vector<std::string>{"a INT"});
}

TEST(InputFormat, WithoutColumnsFindsThemOut) {
  const odf::ReadStep csv = ReadStepAs({odf::ReadStepParquet{}}, InputFormat::kCsv);
  EXPECT_EQ(std::get<odf::ReadStepCsv>(csv.value).infer_schema, true);
}

}  // namespace
}  // namespace weir::pipelines
