// Goal: no body and no parameter of /api/query is answered by a crash, an error of ours, or an
// answer that the API does not describe. Method: the bytes are the body of a POST, or after a `?`
// the parameters of a GET, to the whole API over a home with one dataset; the harness holds every
// answer against the route table.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "api/testing/api_harness.h"
#include "api/utf8.h"
#include "base/check.h"

namespace {

using namespace weir;  // NOLINT: one program

std::unique_ptr<api::ApiHarness> MakeHome() {
  GTEST_FLAG_SET(break_on_failure, true);
  auto home = std::make_unique<api::ApiHarness>();
  api::Told made;
  std::thread([&] {
    made = home->Send({.method = api::Method::kPost,
                       .target = "/api/public/sales/ingest?create=true&key=id",
                       .body = "id,name\n1,a\n2,\n",
                       .headers = {{"Content-Type", "text/csv"}}});
  }).join();
  WEIR_CHECK(made.status == 200);
  return home;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::unique_ptr<api::ApiHarness> home = MakeHome();
  const std::string text(reinterpret_cast<const char*>(data), size);
  api::Ask ask{.target = "/api/query", .headers = {{"Request-Timeout", "5"}}};
  if (text.starts_with('?')) {
    if (!api::IsUtf8(text)) return 0;  // the door lets no such parameter in
    ask.target += text;
  } else {
    ask.method = api::Method::kPost;
    ask.body = text;
  }
  // The engine keeps things for each thread, and the main thread's go before the home does.
  api::Told told;
  std::thread([&] { told = home->Send(ask); }).join();
  // What is not there yet, is busy or takes too long may say so.
  WEIR_CHECK(told.status < 500 || told.status == 501 || told.status > 502);
  home->log_lines.clear();
  return 0;
}
