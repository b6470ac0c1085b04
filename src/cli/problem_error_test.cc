#include "cli/problem_error.h"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

TEST(ProblemError, TellsSentencePlacesHintAndRequestId) {
  const Error error = ProblemError(400, R"({
      "type": "urn:weir:problem:invalid", "title": "Invalid request", "status": 400,
      "detail": "2 manifests are wrong", "code": "invalid", "hint": "mend them",
      "requestId": "0190", "errors": [
        {"source": "a.yaml", "line": 3, "column": 7, "path": "secret.dta",
         "message": "unknown key dta", "hint": "data"},
        {"path": "limit", "message": "no number"}]})",
                                   "the server");
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_EQ(error.message,
            "2 manifests are wrong\n"
            "  a.yaml:3:7: unknown key dta\n"
            "    hint: data\n"
            "  limit: no number");
  EXPECT_EQ(error.hint, "mend them\n  request: 0190");
}

TEST(ProblemError, TellsNothingTwice) {
  const Error error = ProblemError(400, R"({
      "detail": "a.yaml:3:7: unknown key dta", "code": "invalid", "hint": "data",
      "requestId": "0190", "errors": [
        {"source": "a.yaml", "line": 3, "column": 7, "message": "unknown key dta",
         "hint": "data"}]})",
                                   "the server");
  EXPECT_EQ(error.message, "a.yaml:3:7: unknown key dta");
  EXPECT_EQ(error.hint, "data\n  request: 0190");
}

TEST(ProblemError, CountsSeveralThings) {
  const Error error = ProblemError(400, R"json({
      "detail": "a.yaml:1:1: no kind (and 1 more)", "code": "invalid", "hint": "mend it",
      "errors": [{"source": "a.yaml", "line": 1, "column": 1, "message": "no kind",
                  "hint": "mend it"},
                 {"source": "b.yaml", "line": 2, "column": 2, "message": "no key"}]})json",
                                   "the server");
  EXPECT_EQ(error.message,
            "2 things are wrong\n  a.yaml:1:1: no kind\n    hint: mend it\n  b.yaml:2:2: no key");
  EXPECT_EQ(error.hint, "");
}

TEST(ProblemError, TellsOfWhatIsNoProblemByItsStatus) {
  const Error error = ProblemError(502, "<html>Bad gateway</html>", "the server at x");
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_EQ(error.message, "the server at x answered with status 502");
}

TEST(ProblemError, ShowsNoControlCharacterOfTheOtherSide) {
  const Error error =
      ProblemError(404, R"({"code": "not_found", "detail": "no \u001b[31mthing"})", "the server");
  EXPECT_EQ(error.message.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace weir::cli
