#include "api/request.h"

#include <array>

namespace weir::api {
namespace {

struct Name {
  Method method;
  std::string_view name;
};

constexpr std::array kNames = {
    Name{Method::kGet, "GET"},         Name{Method::kHead, "HEAD"},
    Name{Method::kPost, "POST"},       Name{Method::kPut, "PUT"},
    Name{Method::kPatch, "PATCH"},     Name{Method::kDelete, "DELETE"},
    Name{Method::kOptions, "OPTIONS"}, Name{Method::kTrace, "TRACE"},
    Name{Method::kConnect, "CONNECT"}, Name{Method::kQuery, "QUERY"},
};

}  // namespace

std::string_view NameOf(Method method) { return kNames.at(static_cast<std::size_t>(method)).name; }

std::optional<Method> ParseMethod(std::string_view name) {
  for (const Name& known : kNames) {
    if (known.name == name) return known.method;
  }
  return std::nullopt;
}

std::optional<std::string_view> Request::Query(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace weir::api
