#include "api/route_index.h"

#include <gtest/gtest.h>

namespace weir::api {
namespace {

Route Named(Method method, std::string path, std::string action) {
  Route route;
  route.method = method;
  route.path = std::move(path);
  route.action = std::move(action);
  return route;
}

std::vector<Route> Sample() {
  return {
      Named(Method::kGet, "/a", "a:get"),           Named(Method::kPut, "/a", "a:put"),
      Named(Method::kGet, "/a/{x}", "x:get"),       Named(Method::kGet, "/a/b", "b:get"),
      Named(Method::kGet, "/a/{x}/c/{y}", "y:get"),
  };
}

TEST(RouteIndex, FindsEveryMethodOfAPath) {
  const auto routes = Sample();
  const RouteIndex index(routes);
  ASSERT_EQ(index.Find("/a").routes.size(), 2U);
  EXPECT_EQ(index.Find("/a").routes[1]->action, "a:put");
}

TEST(RouteIndex, CapturesDecodedSegments) {
  const auto routes = Sample();
  const RouteIndex index(routes);
  const auto match = index.Find("/a/1%2F2/c/%C3%A4");
  ASSERT_EQ(match.routes.size(), 1U);
  EXPECT_EQ(match.routes[0]->action, "y:get");
  const std::vector<std::pair<std::string, std::string>> expected = {{"x", "1/2"}, {"y", "ä"}};
  EXPECT_EQ(match.captures, expected);
}

TEST(RouteIndex, AWrittenSegmentBeatsACapture) {
  const auto routes = Sample();
  const RouteIndex index(routes);
  EXPECT_EQ(index.Find("/a/b").routes.at(0)->action, "b:get");
  EXPECT_EQ(index.Find("/a/bb").routes.at(0)->action, "x:get");
}

TEST(RouteIndex, KnowsWhatIsNotThere) {
  const auto routes = Sample();
  const RouteIndex index(routes);
  for (const char* path : {"", "/", "a", "/A", "/a/", "/a//c/y", "/a/x/c", "/a/x/d/y", "/a/%zz",
                           "/a/%f", "/a/%ff", "/a/b/c/d/e", "/a/x/c/"}) {
    EXPECT_TRUE(index.Find(path).routes.empty()) << path;
  }
}

}  // namespace
}  // namespace weir::api
