#include "api/openapi.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "api/components.h"
#include "api/reference_page.h"
#include "api/route_table.h"

namespace weir::api {
namespace {

namespace json = boost::json;

// Calls `visit` with every $ref under `value`.
void VisitRefs(const json::value& value, const std::function<void(std::string_view)>& visit) {
  if (value.is_array()) {
    for (const json::value& item : value.get_array()) VisitRefs(item, visit);
  }
  if (value.is_object()) {
    for (const auto& [key, child] : value.get_object()) {
      if (key == "$ref") visit(child.as_string());
      VisitRefs(child, visit);
    }
  }
}

TEST(OpenApi, EveryReferenceLeadsSomewhereAndEveryShapeIsUsed) {
  const json::value document = OpenApiDocument(RouteTable(), Components(), "1");
  std::set<std::string, std::less<>> used;
  VisitRefs(document, [&](std::string_view ref) {
    boost::system::error_code failed;
    EXPECT_NE(document.find_pointer(ref.substr(1), failed), nullptr) << ref;
    used.emplace(ref.substr(ref.rfind('/') + 1));
  });
  for (const auto& [name, schema] : Components()) {
    EXPECT_TRUE(used.contains(std::string_view(name))) << name << " is named by nothing";
  }
}

TEST(OpenApi, OperationsHaveIdsOfTheirOwnAndTheirAction) {
  const json::object document = OpenApiDocument(RouteTable(), Components(), "1");
  std::set<std::string> ids;
  for (const auto& [path, methods] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : methods.as_object()) {
      EXPECT_TRUE(ids.insert(json::value_to<std::string>(operation.at("operationId"))).second)
          << operation.at("operationId");
      EXPECT_TRUE(operation.at("x-weir-action").is_string());
    }
  }
  EXPECT_TRUE(ids.contains("resourceList"));
}

// Every text a client may be checked against has a bound or a list of values.
TEST(OpenApi, EverythingThatComesInHasALimit) {
  for (const Route& route : RouteTable()) {
    if (route.body) {
      EXPECT_GT(route.body->limit, 0U) << route.path;
    }
    for (const Parameter& parameter : route.parameters) {
      const auto& schema = parameter.schema.contains("items")
                               ? parameter.schema.at("items").as_object()
                               : parameter.schema;
      const bool limited = schema.contains("maxLength") || schema.contains("maximum") ||
                           schema.contains("enum") || schema.at("type") == "boolean";
      EXPECT_TRUE(limited) << route.path << " " << parameter.name;
      EXPECT_FALSE(parameter.description.empty()) << route.path << " " << parameter.name;
    }
  }
}

TEST(OpenApi, EveryBraceOfAPathIsAParameter) {
  for (const Route& route : RouteTable()) {
    std::size_t captures = 0;
    for (const Parameter& parameter : route.parameters) {
      if (parameter.in != Parameter::In::kPath) continue;
      ++captures;
      EXPECT_NE(route.path.find("{" + parameter.name + "}"), std::string::npos) << route.path;
    }
    EXPECT_EQ(std::count(route.path.begin(), route.path.end(), '{'),
              static_cast<std::ptrdiff_t>(captures))
        << route.path;
  }
}

TEST(RouteTable, EveryRouteSaysWhatItIsAndWhatMayDoIt) {
  for (const Route& route : RouteTable()) {
    SCOPED_TRACE(route.path);
    EXPECT_TRUE(route.summary.ends_with('.'));
    EXPECT_FALSE(route.tag.empty());
    EXPECT_FALSE(route.answers.empty());
    EXPECT_NE(route.handler, nullptr);
    const std::size_t colon = route.action.find(':');
    EXPECT_TRUE(colon != std::string::npos && colon > 0 && colon + 1 < route.action.size())
        << route.action;
    for (const Answer& answer : route.answers) EXPECT_FALSE(answer.description.empty());
  }
}

TEST(RouteTable, OnlyTheTwoProbesAreAnonymous) {
  std::set<std::string> anonymous;
  for (const Route& route : RouteTable()) {
    if (route.access == Access::kAnonymous) anonymous.insert(route.path);
  }
  EXPECT_EQ(anonymous, (std::set<std::string>{"/healthz", "/readyz"}));
}

TEST(ReferencePage, TheCommittedOneIsThisOne) {
  std::ifstream file(WEIR_REFERENCE_PAGE);
  std::ostringstream committed;
  committed << file.rdbuf();
  const std::string now = ReferencePage(RouteTable(), Components());
  EXPECT_TRUE(committed.str() == now) << "out of date: weir docs api > docs/reference/api.md";
}

}  // namespace
}  // namespace weir::api
