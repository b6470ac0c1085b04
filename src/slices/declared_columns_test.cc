#include "slices/declared_columns.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "slices/column_type.h"

namespace weir::slices {
namespace {

TEST(DeclaredColumns, ReadDdlOfEverySort) {
  odf::ReadStepCsv csv;
  csv.ddl_schema = {"id BIGINT not null", "\"a b\" DECIMAL(10, 2)",
                    "`c` ARRAY<STRING>",  "d STRUCT<x: INT, y: ARRAY<DOUBLE>>",
                    "e VARCHAR(20) NULL", "f TIME(6)"};
  const auto fields = DeclaredColumns({csv}).value().value();
  std::string text;
  for (const auto& field : fields) {
    const bool optional = std::holds_alternative<odf::DataTypeOption>(field.type.value);
    text += field.name + (optional ? "?: " : ": ") + NameOf(field.type) + "\n";
  }
  EXPECT_EQ(text,
            "id: Int64\na b?: Decimal(10, 2)\nc?: List(String)\n"
            "d?: Struct(x Int32, y List(Float64))\ne?: String\nf?: Time(Microsecond)\n");
  for (const std::string bad :
       {"id", "id NOTATYPE", "id STRUCT<x INT", "id DECIMAL(50)", "id \"INT\"", ""}) {
    csv.ddl_schema = {bad};
    EXPECT_FALSE(DeclaredColumns({csv})) << bad;
  }
  csv.ddl_schema = {"a INT", "A INT"};
  EXPECT_EQ(CodeOf(DeclaredColumns({csv})), ErrorCode::kInvalid);
}

}  // namespace
}  // namespace weir::slices
