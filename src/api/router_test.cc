#include "api/router.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "api/testing/api_harness.h"

namespace weir::api {
namespace {

using schema::Integer;
using schema::Object;
using schema::Optional;
using schema::Required;
using schema::Text;

Outcome Echo(const Services& /*services*/, const Call& call) {
  return JsonResponse(boost::json::object{{"parameters", call.parameters},
                                          {"body", call.body},
                                          {"principal", call.context.principal().name}});
}

Outcome Tagged(const Services& /*services*/, const Call& /*call*/) {
  Response response = JsonResponse(boost::json::object{{"a", 1}});
  response.headers.Set("ETag", "\"1-a\"");
  return response;
}

Route Sample(Method method, std::string path) {
  Route route;
  route.method = method;
  route.path = std::move(path);
  route.action = "sample:do";
  route.tag = "Samples";
  route.summary = "A sample.";
  route.answers = {{.description = "Anything.", .schema = schema::AnyObject()}};
  route.handler = Echo;
  return route;
}

Route WithParameters() {
  Route route = Sample(Method::kGet, "/items/{id}");
  using In = Parameter::In;
  route.parameters = {
      {.in = In::kPath, .name = "id", .schema = Integer(1, 99), .description = "Which."},
      {.name = "limit",
       .schema = schema::WithDefault(Integer(1, 10), 5),
       .description = "How many."},
      {.name = "tag", .schema = schema::ListOf(Text({.max = 5}), 2), .description = "Which tags."},
      {.name = "deep", .schema = schema::Flag(), .description = "Whether."},
      {.in = In::kHeader, .name = "If-Match", .schema = Text({.max = 9}), .description = "What."},
  };
  return route;
}

Route WithBody() {
  Route route = Sample(Method::kPut, "/items");
  route.body = RequestBody{.schema = Object({Required("name", Text(), "Whose."),
                                             Optional("count", Integer(0, 3), "How many.")}),
                           .description = "An item.",
                           .limit = 100};
  return route;
}

std::vector<Route> Samples() {
  Route anonymous = Sample(Method::kGet, "/open");
  anonymous.access = Access::kAnonymous;
  anonymous.cheap = true;
  Route throwing = Sample(Method::kGet, "/throwing");
  throwing.handler = [](const Services&, const Call&) -> Outcome {
    throw std::runtime_error("out of luck");
  };
  Route tagged = Sample(Method::kGet, "/tagged");
  tagged.handler = Tagged;
  tagged.answers.push_back({.status = 304, .description = "Unchanged.", .content_types = {}});
  return {
      Sample(Method::kGet, "/items"), WithBody(), WithParameters(), anonymous, throwing, tagged};
}

TEST(Router, AStrangerLearnsNothingButThatACredentialIsNeeded) {
  ApiHarness api(Samples());
  for (const char* target : {"/items", "/items/1", "/nowhere", "/"}) {
    for (const Method method : {Method::kGet, Method::kPut, Method::kOptions}) {
      const Told told = api.Send({.method = method, .target = target, .signed_in = false});
      EXPECT_EQ(told.status, 401) << target;
      EXPECT_EQ(told.Header("WWW-Authenticate"), "Bearer realm=\"weir\"");
      EXPECT_EQ(told.Text("/code"), "unauthenticated");
      EXPECT_EQ(told.Text("/requestId"), "r-1");
    }
  }
}

TEST(Router, OnlyABrowserIsAskedForAPassword) {
  ApiHarness api(Samples());
  const Told told = api.Send(
      {.target = "/items", .headers = {{"Accept", "text/html,*/*;q=0.8"}}, .signed_in = false});
  EXPECT_EQ(told.headers.fields().at(1).second, "Basic realm=\"weir\", charset=\"UTF-8\"");
}

TEST(Router, AnAnonymousRouteNeedsNoCredential) {
  ApiHarness api(Samples());
  EXPECT_EQ(api.Send({.target = "/open", .signed_in = false}).status, 200);
  EXPECT_EQ(api.Send({.method = Method::kPost, .target = "/open", .signed_in = false}).status, 405);
}

TEST(Router, TheHandlerKnowsWhoAsks) {
  ApiHarness api(Samples());
  EXPECT_EQ(api.Get("/items").Text("/principal"), "owner");
}

TEST(Router, AnUnknownPathIsNotFound) {
  ApiHarness api(Samples());
  const Told told = api.Get("/itmes");
  EXPECT_EQ(told.status, 404);
  EXPECT_EQ(told.Header("Content-Type"), "application/problem+json");
  EXPECT_EQ(told.Text("/instance"), "/itmes");
  EXPECT_EQ(told.Text("/type"), "urn:weir:problem:not_found");
}

TEST(Router, AnotherMethodIsToldWhichOnesThereAre) {
  ApiHarness api(Samples());
  const Told told = api.Send({.method = Method::kDelete, .target = "/items"});
  EXPECT_EQ(told.status, 405);
  EXPECT_EQ(told.Header("Allow"), "GET, HEAD, OPTIONS, PUT");
  for (const Method method : {Method::kTrace, Method::kConnect, Method::kQuery}) {
    EXPECT_EQ(api.Send({.method = method, .target = "/items"}).status, 405);
  }
  const Told options = api.Send({.method = Method::kOptions, .target = "/items"});
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.Header("Allow"), "GET, HEAD, OPTIONS, PUT");
}

TEST(Router, HeadIsAnsweredLikeGet) {
  ApiHarness api(Samples());
  EXPECT_EQ(api.Send({.method = Method::kHead, .target = "/items"}).status, 200);
}

TEST(Router, ParametersComeTypedAndWithTheirDefaults) {
  ApiHarness api(Samples());
  const Told told =
      api.Send({.target = "/items/7?tag=a&deep=true&tag=b", .headers = {{"if-match", "\"x\""}}});
  EXPECT_EQ(told.Text("/parameters/id"), "7");
  EXPECT_EQ(told.Text("/parameters/limit"), "5");
  EXPECT_EQ(told.Text("/parameters/tag"), R"(["a","b"])");
  EXPECT_EQ(told.Text("/parameters/deep"), "true");
  EXPECT_EQ(told.Text("/parameters/If-Match"), "\"x\"");
}

TEST(Router, RefusesParametersTheTableDoesNotKnow) {
  ApiHarness api(Samples());
  struct Case {
    const char* target;
    const char* path;
    const char* message;
  };
  for (const Case& wrong : {
           Case{"/items/x", "id", "a text where a whole number belongs"},
           Case{"/items/100", "id", "not a whole number from 1 to 99"},
           Case{"/items/7?limit=11", "limit", "not a whole number from 1 to 10"},
           Case{"/items/7?limit=1e3", "limit", "a text where a whole number belongs"},
           Case{"/items/7?limit=", "limit", "a text where a whole number belongs"},
           Case{"/items/7?limit=1&limit=2", "limit", "it may be given only once"},
           Case{"/items/7?deep=yes", "deep", "a text where true or false belongs"},
           Case{"/items/7?tag=toolong", "tag", "7 characters where at most 5 may stand"},
           Case{"/items/7?tag=a&tag=b&tag=c", "tag", "3 items where at most 2 may stand"},
           Case{"/items/7?tag=\xff", "tag", "it is not UTF-8"},
           Case{"/items/7?limti=3", "limti", "no such parameter here"},
           Case{"/items?limit=3", "limit", "no such parameter here"},
       }) {
    const Told told = api.Get(wrong.target);
    EXPECT_EQ(told.status, 400) << wrong.target;
    EXPECT_EQ(told.Text("/errors/0/path"), wrong.path) << wrong.target;
    EXPECT_EQ(told.Text("/errors/0/message"), wrong.message) << wrong.target;
  }
  EXPECT_EQ(api.Get("/items/7?limti=3").Text("/hint"), "did you mean `limit`?");
}

TEST(Router, ABodyComesChecked) {
  ApiHarness api(Samples());
  const Told told =
      api.Send({.method = Method::kPut, .target = "/items", .body = R"({"name": "a"})"});
  EXPECT_EQ(told.Text("/body/name"), "a");
  const Told typed = api.Send({.method = Method::kPut,
                               .target = "/items",
                               .body = R"({"name": "a"})",
                               .headers = {{"Content-Type", "Application/JSON ; charset=utf-8"}}});
  EXPECT_EQ(typed.status, 200);
}

TEST(Router, RefusesBodiesTheTableDoesNotKnow) {
  ApiHarness api(Samples());
  struct Case {
    std::string body;
    int status;
    const char* detail;
  };
  for (const Case& wrong : {
           Case{"", 400, "/items needs a body of JSON"},
           Case{"{", 400, "the body is not JSON: incomplete JSON"},
           Case{"[]", 400, "the body is not what this route takes: a list where an object belongs"},
           Case{R"({"name": 3})", 400,
                "the body is not what this route takes: `name`: a number where a text belongs"},
           Case{R"({"name": "a", "cuont": 1})", 400,
                "the body is not what this route takes: `cuont`: no such key here"},
           Case{std::string(101, ' '), 413, "the body is larger than 100 bytes"},
       }) {
    const Told told = api.Send({.method = Method::kPut, .target = "/items", .body = wrong.body});
    EXPECT_EQ(told.status, wrong.status) << wrong.body;
    EXPECT_TRUE(told.Text("/detail").starts_with(wrong.detail)) << told.text;
  }
  for (const char* type :
       {"text/plain", "application/jsonx", "application/x-www-form-urlencoded", ""}) {
    const Told told = api.Send({.method = Method::kPut,
                                .target = "/items",
                                .body = R"({"name": "a"})",
                                .headers = {{"Content-Type", type}}});
    EXPECT_EQ(told.status, 415) << type;
  }
  EXPECT_EQ(api.Send({.target = "/items", .body = "{}"}).status, 400);
}

TEST(Router, WhatALibraryThrowsIsAnInternalErrorAndLogged) {
  ApiHarness api(Samples());
  const Told told = api.Get("/throwing");
  EXPECT_EQ(told.status, 500);
  EXPECT_EQ(told.Text("/code"), "internal");
  ASSERT_EQ(api.log_lines.size(), 1U);
  EXPECT_NE(api.log_lines[0].find("request_failed"), std::string::npos);
  EXPECT_NE(api.log_lines[0].find("r-1"), std::string::npos);
}

TEST(Router, SavesTheBodyOfWhatTheClientHas) {
  ApiHarness api(Samples());
  EXPECT_EQ(api.Get("/tagged").Header("Cache-Control"), "private, no-cache");
  EXPECT_EQ(api.Get("/items").Header("Cache-Control"), "no-store");
  const Told told = api.Send({.target = "/tagged", .headers = {{"If-None-Match", "W/\"1-a\""}}});
  EXPECT_EQ(told.status, 304);
  EXPECT_EQ(told.text, "");
  EXPECT_EQ(told.Header("ETag"), "\"1-a\"");
  EXPECT_EQ(api.Send({.target = "/tagged", .headers = {{"If-None-Match", "\"2-a\""}}}).status, 200);
}

TEST(Router, WorkThatIsNoLongerWantedIsNotBegun) {
  ApiHarness api(Samples());
  Request request{.path = "/items", .door = Door::kInProcess};
  const Context late = Context::Background().WithTimeout(std::chrono::seconds(-1));
  EXPECT_EQ(api.router().Handle(late, std::move(request)).status, 504);
}

TEST(Router, KnowsWhatIsCheap) {
  ApiHarness api(Samples());
  EXPECT_TRUE(api.router().Cheap(Method::kGet, "/open"));
  EXPECT_TRUE(api.router().Cheap(Method::kHead, "/open"));
  EXPECT_FALSE(api.router().Cheap(Method::kPost, "/open"));
  EXPECT_FALSE(api.router().Cheap(Method::kGet, "/items"));
  EXPECT_FALSE(api.router().Cheap(Method::kGet, "/nowhere"));
}

TEST(Router, NamesTheTemplateForTheLog) {
  ApiHarness api(Samples());
  EXPECT_EQ(api.Get("/items/7").route, "/items/{id}");
  EXPECT_EQ(api.Get("/nowhere").route, "");
}

}  // namespace
}  // namespace weir::api
