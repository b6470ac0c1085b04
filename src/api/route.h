#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/call.h"
#include "api/problem.h"
#include "api/request.h"
#include "api/response.h"
#include "api/schema.h"

namespace weir::api {

struct Services;

/// Something a request may carry beside its body. A list schema makes a query parameter repeatable.
struct Parameter {
  enum class In { kPath, kQuery, kHeader };
  In in = In::kQuery;
  std::string name;
  schema::Schema schema;
  std::string description;
  bool required = false;
};

struct RequestBody {
  schema::Schema schema;
  std::string description;
  std::size_t limit = 64 * 1024;  ///< bytes, after decoding; more is 413
  /// Not empty: the body is no JSON but a file of one of these types (any, when it does not say),
  /// as large as the door takes. The handler reads it itself, as it comes, from the request.
  std::vector<std::string> file_types = {};

  bool is_file() const { return !file_types.empty(); }
};

/// One way a route answers when all is well. What goes wrong is a problem, and documented once.
struct Answer {
  int status = 200;
  std::string description;
  std::optional<schema::Schema> schema = {};  ///< of the JSON; none: not JSON, or no body at all
  std::vector<std::string> content_types = {"application/json"};  ///< empty: no body
  std::vector<Parameter> headers = {};
};

/// What a handler gives back: an answer, or why not. An Error alone becomes a problem without more.
class Outcome {
 public:
  Outcome(Response response) : response_(std::move(response)) {}          // NOLINT: implicit
  Outcome(Problem problem) : problem_(std::move(problem)) {}              // NOLINT: implicit
  Outcome(Error error) : problem_(Problem{.error = std::move(error)}) {}  // NOLINT: implicit

  bool ok() const { return !problem_.has_value(); }
  Response& response() { return response_; }
  const Problem& problem() const { return *problem_; }

 private:
  Response response_;
  std::optional<Problem> problem_;
};

enum class Access { kCredential, kAnonymous };

/// Everything there is to say of one route, once: the router enforces it, the API document and the
/// reference page show it, and policies name its action.
struct Route {
  Method method = Method::kGet;
  std::string path;            ///< /api/resources/{type}/{name}
  std::string action;          ///< resource:get
  std::string operation = {};  ///< its id in the document, when another route has the same action
  std::string tag;             ///< the chapter of the document it stands in
  std::string summary;
  std::string description = {};
  std::vector<Parameter> parameters = {};
  std::optional<RequestBody> body = {};
  std::vector<Answer> answers;
  std::vector<int> problems = {};  ///< statuses beside those every route of its form may have
  Access access = Access::kCredential;
  bool cheap = false;  ///< never waits: an I/O thread may run it
  std::function<Outcome(const Services&, const Call&)> handler;
};

/// Every status of a problem that `route` may answer with, in order.
std::vector<int> ProblemStatuses(const Route& route);

/// What a problem of that status means here, in a sentence.
std::string_view ProblemMeaning(int status);

/// 200 with `json`.
Response JsonResponse(const boost::json::value& json);

}  // namespace weir::api
