#include "api/route.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace weir::api {

std::vector<int> ProblemStatuses(const Route& route) {
  std::vector<int> statuses = route.problems;
  statuses.push_back(400);  // a parameter it does not know
  if (route.access == Access::kCredential) statuses.push_back(401);
  if (route.body) statuses.insert(statuses.end(), {413, 415});
  if (route.method == Method::kPost) statuses.insert(statuses.end(), {409, 422});
  statuses.insert(statuses.end(), {500, 503, 504});
  std::sort(statuses.begin(), statuses.end());
  statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
  return statuses;
}

std::string_view ProblemMeaning(int status) {
  switch (status) {
    case 400:
      return "The request is wrong, and is wrong again if repeated; `errors` has each thing in its "
             "place.";
    case 401:
      return "No credential, or none of this server's.";
    case 403:
      return "The server may not do that where it was told to.";
    case 404:
      return "What was asked for is not there.";
    case 409:
      return "It clashes with what is there, or with what somebody else did meanwhile.";
    case 412:
      return "It is no longer the version that If-Match names.";
    case 413:
      return "The body is larger than this route takes.";
    case 415:
      return "The body is not of a type that the route takes: application/json, if it says no "
             "more.";
    case 422:
      return "The Idempotency-Key was used for another request, or a manifest is of a kind that is "
             "not "
             "here yet.";
    case 429:
      return "A limit is reached.";
    case 500:
      return "A fault of the server, or stored bytes that are not what they were.";
    case 501:
      return "Understood, and not part of this version.";
    case 503:
      return "The server, or something it needs, cannot answer now.";
    case 507:
      return "The disk is nearly full.";
    case 504:
      return "It took longer than the request allowed.";
    default:
      return "It was not done.";
  }
}

Response JsonResponse(const boost::json::value& json) {
  return {.headers = {{"Content-Type", "application/json"}}, .body = boost::json::serialize(json)};
}

}  // namespace weir::api
