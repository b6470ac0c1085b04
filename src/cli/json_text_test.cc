#include "cli/json_text.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace weir::cli {
namespace {

namespace json = boost::json;

TEST(PrettyJson, IndentsByTwoSpaces) {
  EXPECT_EQ(PrettyJson(json::parse(R"({"a":[1,{"b":null}],"c":{},"d":[],"e":1.5,"f":2.0})")),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": {},\n"
            "  \"d\": [],\n  \"e\": 1.5,\n  \"f\": 2.0\n}");
}

TEST(CompactJson, WritesNumbersAsPeopleReadThem) {
  EXPECT_EQ(CompactJson(boost::json::value(
                {{"a", 19.5}, {"b", boost::json::array{1, 2.0, boost::json::object{}}}})),
            R"({"a":19.5,"b":[1,2.0,{}]})");
}

}  // namespace
}  // namespace weir::cli
