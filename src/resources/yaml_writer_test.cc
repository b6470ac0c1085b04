#include "resources/yaml_writer.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "resources/yaml_reader.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

TEST(YamlWriter, WritesBlocksAsPeopleDo) {
  const json::value value = json::parse(R"({
    "name": "orders", "version": "v1", "tags": ["a", "b: c"], "empty": {}, "none": [],
    "spec": {"steps": [{"sql": "SELECT 1\nFROM x\n", "count": 1}, [1, [2]], null]},
    "quoted": ["1", "true", "no", "", " x", "2020-01-01", "- x", "a #b", "é"]
  })");
  EXPECT_EQ(WriteYaml(value), R"(name: orders
version: v1
tags:
  - a
  - "b: c"
empty: {}
none: []
spec:
  steps:
    - sql: |
        SELECT 1
        FROM x
      count: 1
    -
      - 1
      -
        - 2
    - null
quoted:
  - "1"
  - "true"
  - "no"
  - ""
  - " x"
  - "2020-01-01"
  - "- x"
  - "a #b"
  - é
)");
}

TEST(YamlWriter, WritesScalarsAlone) {
  EXPECT_EQ(WriteYaml("x"), "x\n");
  EXPECT_EQ(WriteYaml(nullptr), "null\n");
  EXPECT_EQ(WriteYaml(json::array{}), "[]\n");
}

rc::Gen<json::value> AnyValue(int depth) {
  const auto letter =
      rc::gen::oneOf(rc::gen::elementOf(std::string(" :#-'\"\\\n\t,[]{}|>&*!%@?$~=ab01.<\x01\x7F")),
                     rc::gen::just('a'));
  const auto piece = rc::gen::oneOf(
      rc::gen::container<std::string>(letter),
      rc::gen::element<std::string>("\xC2\x85", "\xE2\x80\xA8", "\xEF\xBB\xBF", "\xEF\xBF\xBF",
                                    "\xF0\x9F\x98\x80", "null", "---", "...", "<<", "0x1", "1e3"));
  const auto text =
      rc::gen::map(rc::gen::resize(4, rc::gen::container<std::vector<std::string>>(piece)),
                   [](const std::vector<std::string>& pieces) {
                     std::string whole;
                     for (const auto& one : pieces) whole += one;
                     return whole;
                   });
  const auto scalar = rc::gen::oneOf(
      rc::gen::map(text, [](const std::string& one) { return json::value(one); }),
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](auto one) { return json::value(one); }),
      rc::gen::map(rc::gen::inRange(-1000000, 1000000),
                   [](int one) { return json::value(one / 64.0); }),
      rc::gen::map(rc::gen::arbitrary<bool>(), [](bool one) { return json::value(one); }),
      rc::gen::just(json::value(nullptr)));
  if (depth == 0) return scalar;
  const auto inner =
      rc::gen::resize(3, rc::gen::container<std::vector<json::value>>(AnyValue(depth - 1)));
  const auto array = rc::gen::map(inner, [](const std::vector<json::value>& items) {
    return json::value(json::array(items.begin(), items.end()));
  });
  const auto pairs =
      rc::gen::resize(3, rc::gen::container<std::vector<std::pair<std::string, json::value>>>(
                             rc::gen::pair(text, AnyValue(depth - 1))));
  const auto object = rc::gen::map(pairs, [](const auto& members) {
    json::object made;
    for (const auto& [key, value] : members) made[key] = value;
    return json::value(made);
  });
  return rc::gen::oneOf(scalar, array, object);
}

TEST(YamlWriter, WhatItWritesReadsBackTheSame) {
  const bool held = rc::check([] {
    const json::value value = *AnyValue(3);
    const std::string text = WriteYaml(value);
    RC_LOG() << text;
    Problems problems;
    const auto documents = ReadYaml("t", text, problems);
    RC_ASSERT(problems.empty());
    if (value.is_null()) {
      RC_ASSERT(documents->empty());
      return;
    }
    RC_ASSERT(documents->size() == 1u);
    RC_ASSERT(ToJson(*documents->front()) == value);
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace weir::resources
