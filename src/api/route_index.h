#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/route.h"

namespace weir::api {

/// Finds the routes of a path. Made once from the table; it must outlive the index.
class RouteIndex {
 public:
  explicit RouteIndex(const std::vector<Route>& routes);

  /// The routes whose template a path fits, one for each method, and what stands in the template's
  /// braces, decoded. A segment that is written out beats one in braces.
  struct Match {
    std::vector<const Route*> routes;
    std::vector<std::pair<std::string, std::string>> captures;
  };

  /// No routes when there is no such path. `path` is percent-encoded.
  Match Find(std::string_view path) const;

 private:
  struct Template {
    std::vector<std::string> segments;  // "{name}" captures
    std::vector<const Route*> routes;
  };

  std::map<std::string, std::vector<const Route*>, std::less<>> literal_;
  std::vector<Template> templates_;
};

/// "a%2Fb" as "a/b"; nullopt for broken escapes and for text that is not UTF-8.
std::optional<std::string> PercentDecode(std::string_view text);

}  // namespace weir::api
