// Goal: no file and no parameter that is pushed to a dataset is answered by a crash, an error of
// ours, or an answer that the API does not describe; and what is refused leaves nothing. Method:
// the first line is the query, the rest the body, sent to the whole API for a dataset of its own;
// the harness holds every answer against the route table.
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

constexpr int kInputsOfAHome = 500;  // a home grows with every dataset

std::unique_ptr<api::ApiHarness> MakeHome() {
  GTEST_FLAG_SET(break_on_failure, true);
  return std::make_unique<api::ApiHarness>();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<api::ApiHarness> home;
  static int inputs = 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  // The door lets no parameter in that is not UTF-8.
  if (line == std::string::npos || !api::IsUtf8(text.substr(0, line))) return 0;
  const std::string name = "d" + std::to_string(++inputs);
  const api::Ask ask{
      .method = api::Method::kPost,
      .target = "/api/public/" + name + "/ingest?" + text.substr(0, line),
      .body = text.substr(line + 1),
      .headers = {{"Content-Type", "application/octet-stream"}, {"Request-Timeout", "20"}}};
  // The engine keeps things for each thread, and the main thread's go before the home does.
  api::Told told;
  int found = 0;
  std::thread([&] {
    if (inputs % kInputsOfAHome == 1) home = MakeHome();
    told = home->Send(ask);
    found = home->Get("/api/resources/dataset/" + name).status;
  }).join();
  WEIR_CHECK(told.status < 500 || told.status == 501 || told.status > 502);
  WEIR_CHECK(found == (told.status == 200 ? 200 : 404));
  home->log_lines.clear();
  return 0;
}
