#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "api/route_table.h"
#include "api/testing/api_harness.h"

namespace weir::api {
namespace {

struct Example {
  Method method;
  const char* route;   // the template
  const char* target;  // an instance of it
  const char* body;    // null: none
  int status;
};

constexpr const char* kApply =
    R"({"documents": [{"source": "n.yaml", "text": "name: n\nversion: v1\ntype: note\nnote: {text: one}\n"}]})";
constexpr const char* kApplyAgain =
    R"({"documents": [{"source": "n.yaml", "text": "name: n\nversion: v1\ntype: note\nnote: {text: two}\n"}]})";
constexpr const char* kApplyDataset =
    R"({"documents": [{"source": "d.yaml", "text": "name: d\nversion: v1\ntype: dataset\ndataset: {kind: Root, metadata: [{kind: AddPushSource, sourceName: default, read: {kind: NdJson}, merge: {kind: Append}}]}\n"}]})";
constexpr const char* kApplyOrders =
    R"({"documents": [{"source": "o.yaml", "text": "name: orders\nversion: v1\ntype: dataset\ndataset: {kind: Root}\n"}]})";

// One request for every route, in an order in which each finds what it needs.
constexpr Example kStory[] = {
    {Method::kGet, "/healthz", "/healthz", nullptr, 200},
    {Method::kGet, "/readyz", "/readyz", nullptr, 200},
    {Method::kGet, "/", "/", nullptr, 200},
    {Method::kGet, "/home.css", "/home.css", nullptr, 200},
    {Method::kGet, "/api/openapi.json", "/api/openapi.json", nullptr, 200},
    {Method::kGet, "/api/reference.md", "/api/reference.md", nullptr, 200},
    {Method::kGet, "/metrics", "/metrics", nullptr, 200},
    {Method::kGet, "/api/status", "/api/status", nullptr, 200},
    {Method::kGet, "/api/config", "/api/config", nullptr, 200},
    {Method::kGet, "/api/doctor", "/api/doctor", nullptr, 200},
    {Method::kGet, "/api/log-level", "/api/log-level", nullptr, 200},
    {Method::kPut, "/api/log-level", "/api/log-level", R"({"level": "debug"})", 200},
    {Method::kGet, "/api/kinds", "/api/kinds", nullptr, 200},
    {Method::kGet, "/api/kinds/{type}", "/api/kinds/note", nullptr, 200},
    {Method::kPost, "/api/lint", "/api/lint", kApply, 200},
    {Method::kPost, "/api/diff", "/api/diff", kApply, 200},
    {Method::kPost, "/api/apply", "/api/apply", kApply, 200},
    {Method::kPost, "/api/apply", "/api/apply", kApplyAgain, 200},
    {Method::kGet, "/api/resources", "/api/resources?type=note", nullptr, 200},
    {Method::kGet, "/api/resources/{type}/{name}", "/api/resources/note/n", nullptr, 200},
    {Method::kGet, "/api/resources/{type}/{name}/history", "/api/resources/note/n/history", nullptr,
     200},
    {Method::kPost, "/api/resources/{type}/{name}/rollback", "/api/resources/note/n/rollback",
     R"({"version": 1})", 200},
    {Method::kPost, "/api/apply", "/api/apply", kApplyDataset, 200},
    {Method::kPost, "/api/resources/{type}/{name}/rename", "/api/resources/dataset/d/rename",
     R"({"to": "e"})", 200},
    {Method::kPost, "/api/resources/{type}/{name}/actions/{action}",
     "/api/resources/note/n/actions/shout", "{}", 200},
    {Method::kDelete, "/api/resources/{type}/{name}", "/api/resources/note/n", nullptr, 200},
    {Method::kPost, "/api/resources/{type}/{name}/undelete", "/api/resources/note/n/undelete",
     nullptr, 200},
    {Method::kPost, "/api/delete", "/api/delete", R"({"ids": ["note/n"]})", 200},
    {Method::kPost, "/api/apply", "/api/apply", kApplyOrders, 200},
    {Method::kGet, "/api/{workspace}/{dataset}/tail", "/api/public/orders/tail", nullptr, 200},
    {Method::kGet, "/api/{workspace}/{dataset}/metadata", "/api/public/orders/metadata", nullptr,
     200},
    {Method::kPost, "/api/query", "/api/query",
     R"({"query": "SELECT count(*) AS n FROM orders", "include": ["Input", "Schema"]})", 200},
    {Method::kGet, "/api/query", "/api/query?query=SELECT(1)", nullptr, 200},
    {Method::kPost, "/api/{workspace}/{dataset}/ingest", "/api/public/numbers/ingest?create=true",
     R"([{"n": 1}])", 200},
    {Method::kPost, "/api/{workspace}/pull", "/api/public/pull?dataset=numbers", nullptr, 400},
    {Method::kPost, "/api/{workspace}/{dataset}/revert", "/api/public/numbers/revert",
     R"({"to": "0"})", 200},
    {Method::kPost, "/api/{workspace}/rebuild", "/api/public/rebuild", "{}", 200},
    {Method::kPost, "/api/{workspace}/{dataset}/pack", "/api/public/numbers/pack", nullptr, 200},
    {Method::kGet, "/api/{workspace}/du", "/api/public/du", nullptr, 200},
    {Method::kGet, "/api/datasets/{name}/derivation", "/api/datasets/numbers/derivation", nullptr,
     400},
    {Method::kGet, "/api/datasets/{name}/lineage",
     "/api/datasets/numbers/lineage?columns=true&direction=upstream&depth=3", nullptr, 200},
    {Method::kPost, "/api/backups", "/api/backups", R"({"target": "/backup"})", 200},
    {Method::kPost, "/api/backups/verify", "/api/backups/verify", R"({"target": "/backup"})", 200},
    {Method::kPost, "/api/apply", "/api/apply", kApplyDataset, 200},
    {Method::kGet, "/api/datasets/{name}/blocks", "/api/datasets/d/blocks?limit=1", nullptr, 200},
    {Method::kGet, "/api/datasets/{name}/blocks/{block}", "/api/datasets/d/blocks/head", nullptr,
     200},
    {Method::kGet, "/api/datasets/{name}/schema", "/api/datasets/d/schema", nullptr, 404},
    {Method::kPost, "/api/datasets/{name}/verify", "/api/datasets/d/verify", "{}", 200},
    {Method::kPost, "/api/datasets/{name}/rebuild-index", "/api/datasets/d/rebuild-index", nullptr,
     200},
    {Method::kPost, "/api/datasets/{name}/reset", "/api/datasets/d/reset",
     R"({"to": "0", "dryRun": true})", 200},
    {Method::kPost, "/api/datasets/{name}/compact", "/api/datasets/d/compact",
     R"({"dryRun": true})", 200},
    {Method::kPost, "/api/datasets/{name}/trust", "/api/datasets/d/trust", R"({"trusted": true})",
     200},
    {Method::kPost, "/api/datasets/{name}/pull", "/api/datasets/new/pull",
     R"({"url": "/of/the/server"})", 403},
    {Method::kPost, "/api/datasets/{name}/push", "/api/datasets/d/push",
     R"({"url": "/of/the/server"})", 403},
    {Method::kPost, "/api/gc", "/api/gc", R"({"dryRun": true})", 200},
    {Method::kPost, "/api/stop", "/api/stop", nullptr, 202},
};

// The harness holds each answer against what the table says of it.
TEST(RouteTable, EveryRouteAnswersAsDocumented) {
  ApiHarness api;
  for (const Example& example : kStory) {
    Ask ask{.method = example.method, .target = example.target};
    if (example.body != nullptr) ask.body = example.body;
    const Told told = api.Send(ask);
    EXPECT_EQ(told.status, example.status) << example.target << "\n" << told.text;
    EXPECT_EQ(told.route, example.route);
  }
}

TEST(RouteTable, EveryRouteStandsInTheStory) {
  for (const Route& route : RouteTable()) {
    EXPECT_TRUE(std::any_of(std::begin(kStory), std::end(kStory),
                            [&](const Example& example) {
                              return example.method == route.method && example.route == route.path;
                            }))
        << NameOf(route.method) << " " << route.path;
  }
}

TEST(RouteTable, EveryRouteRefusesWhatItDoesNotTake) {
  ApiHarness api;
  for (const Example& example : kStory) {
    const std::string target = example.target;
    const std::string mark = target.find('?') == std::string::npos ? "?" : "&";
    Ask ask{.method = example.method, .target = target + mark + "nobody-knows=1"};
    if (example.body != nullptr) ask.body = example.body;
    EXPECT_EQ(api.Send(ask).status, 400) << target;
    if (example.body == nullptr) continue;
    EXPECT_EQ(api.Send({.method = example.method, .target = target}).status, 400) << target;
    EXPECT_EQ(
        api.Send({.method = example.method, .target = target, .body = R"({"nobody": 1})"}).status,
        std::string(example.route).ends_with("{action}") ? 404 : 400)
        << target;
  }
}

}  // namespace
}  // namespace weir::api
